"""The bundled networks in PaddlePaddle's own form: made once from the ONNX files, kept in the user's cache folder."""

import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import platformdirs

from workbench.domain.errors import ModelMissing
from workbench.pipeline.ocr.model_files import mark

FORM = 2
"""Counts up when `onnx_to_paddle` writes something else for the same weights."""

CLOSE = 1e-3
"""How far apart outputs of both forms may be; they were 3e-6 apart (logits and chances, single precision)."""


def paddle_files(weights: Path, sides: tuple[int, int]) -> Path:
    """The folder with `inference.json` and `inference.pdiparams` of the ONNX file `weights`, made if need be.

    `sides` are height and width of a picture that the network takes, for a look whether both say the same; a height
    of 48 px is the only one a recogniser takes. Raises ModelMissing where PaddlePaddle is not installed.
    """
    folder = platformdirs.user_cache_path("receipt-workbench") / "paddle" / f"{mark(weights)}-{FORM}"
    if not (folder / "inference.json").is_file():
        try:
            from workbench.pipeline.ocr.onnx_to_paddle import convert
        except ImportError as error:
            raise ModelMissing(
                "PaddlePaddle이 설치되어 있지 않습니다. `pip install receipt-workbench[paddle]`로 설치하거나 "
                "WORKBENCH_ENGINE=paddle로 바꿔 주세요."
            ) from error
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as name:  # several workers may begin at once
            made = Path(name) / folder.name
            convert(weights, made, 48 if sides[0] == 48 else None)
            _compare(weights, made, sides)
            with suppress(OSError):  # another worker was quicker
                made.replace(folder)
    return folder


def _compare(weights: Path, folder: Path, sides: tuple[int, int]) -> None:
    """Both forms on one picture of noise; ModelMissing where they differ."""
    import onnxruntime
    import paddle

    picture = np.random.default_rng(0).standard_normal((1, 3, *sides), dtype=np.float32)
    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    (wanted,) = session.run(None, {session.get_inputs()[0].name: picture})
    with paddle.no_grad():
        found = paddle.jit.load(str(folder / "inference"))(paddle.to_tensor(picture)).numpy()
    if found.shape != wanted.shape or float(np.abs(found - wanted).max()) > CLOSE:
        raise ModelMissing("인식 모델을 PaddlePaddle용으로 바꾸지 못했습니다. WORKBENCH_ENGINE=paddle로 바꿔 주세요.")
