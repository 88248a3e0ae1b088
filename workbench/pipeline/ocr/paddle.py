"""PaddleOCR behind the `Engine` seam."""

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from workbench.domain.errors import ModelMissing, SettingsError
from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.engine import BATCH, LONGEST_SIDE, NARROWEST, EngineSpec
from workbench.pipeline.ocr.found_lines import bgr, lines_of
from workbench.pipeline.ocr.model_files import detector_weights, recogniser_folder, recogniser_weights
from workbench.pipeline.ocr.paddle_preparation import lighten

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "korean_PP-OCRv5_mobile_rec"
"""PaddleOCR takes only names it knows; ours reads like its Korean one (48 px high, CTC) and carries that name."""


class PaddleEngine:
    """PaddleOCR; its models run in ONNX Runtime, or in PaddlePaddle where that was asked for."""

    def __init__(self, spec: EngineSpec) -> None:
        if spec.engine == "paddlepaddle" and spec.recogniser != "official":
            raise SettingsError("paddlepaddle 엔진은 WORKBENCH_RECOGNISER=official일 때만 쓸 수 있습니다.")
        # PaddleOCR looks for model hubs at import; with every model local that only costs time.
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        official = spec.recogniser == "official"
        with _without_hub(not official):
            from paddleocr import PaddleOCR

        logging.getLogger("paddlex").setLevel(logging.WARNING)  # it greets with every model's path, in green
        with model_folders(spec) as (detector, recogniser):
            try:
                self._ocr: Any = PaddleOCR(
                    **_models(spec, detector, recogniser),
                    **_runtime(spec),
                    use_doc_orientation_classify=False,
                    use_doc_unwarping=False,
                    use_textline_orientation=False,
                    text_det_limit_type="max",
                    text_det_limit_side_len=LONGEST_SIDE,
                    text_recognition_batch_size=BATCH,
                )
            except Exception as error:
                if not official:
                    raise
                raise ModelMissing(
                    "PaddleOCR의 공식 한국어 모델을 내려받지 못했습니다. 네트워크를 확인하거나 "
                    "WORKBENCH_RECOGNISER=bundled로 바꿔 주세요."
                ) from error
            if not official:
                lighten(self._ocr, NARROWEST)

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        result = self._ocr.predict(bgr(image))[0]
        return lines_of(result["dt_polys"], result["rec_texts"], result["rec_scores"])

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """See `LineReader.read_lines`."""
        recogniser = self._ocr.paddlex_pipeline._pipeline.text_rec_model
        found = recogniser([bgr(strip) for strip in strips])
        return [(str(one["rec_text"]).strip(), float(one["rec_score"])) for one in found]


def _models(spec: EngineSpec, detector: Path, recogniser: Path | None) -> dict[str, str]:
    """Name and folder of both models: without either PaddleOCR tries to download."""
    if spec.engine == "paddlepaddle":
        return {"text_detection_model_name": "PP-OCRv5_mobile_det", "text_recognition_model_name": RECOGNISER}
    names = {
        "text_detection_model_name": DETECTOR,
        "text_detection_model_dir": str(detector),
        "text_recognition_model_name": RECOGNISER,
    }
    return names if recogniser is None else names | {"text_recognition_model_dir": str(recogniser)}


def _runtime(spec: EngineSpec) -> dict[str, Any]:
    """Asked for no device, PaddleOCR imports torch or paddle to look for one. A memory pattern for each shape of input
    would add 400 MB to a worker."""
    if spec.engine == "paddlepaddle":
        return {"engine": "paddle", "cpu_threads": spec.threads or os.cpu_count()}
    settings: dict[str, Any] = {"enable_mem_pattern": False}
    if spec.threads:
        settings["intra_op_num_threads"] = spec.threads
    return {"engine": "onnxruntime", "device": "cpu", "engine_config": settings}


@contextmanager
def _without_hub(unused: bool) -> Iterator[None]:
    """Keeps paddleocr from importing `modelscope` where nothing is downloaded: with torch installed that alone takes
    seconds and 170 MB a worker."""
    if not unused or "modelscope" in sys.modules:
        yield
        return
    names = ("modelscope", "modelscope.hub", "modelscope.hub.errors")
    for name in names:
        sys.modules[name] = ModuleType(name)
    sys.modules["modelscope.hub.errors"].NotExistError = LookupError  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


@contextmanager
def model_folders(spec: EngineSpec) -> Iterator[tuple[Path, Path | None]]:
    """Detector and recogniser as PaddleOCR loads them: `inference.onnx` and `inference.yml` in a folder each."""
    with tempfile.TemporaryDirectory(prefix="workbench-models-") as name:
        detector = model_folder(Path(name) / "detector", detector_weights(), DETECTOR_YML)
        if spec.recogniser == "official":
            yield detector, None
            return
        source = recogniser_folder(spec.recogniser)
        yml = _unpadded((source / "inference.yml").read_text("utf-8"))
        yield detector, model_folder(Path(name) / "recogniser", recogniser_weights(source), yml)


def model_folder(folder: Path, weights: Path, yml: str) -> Path:
    """Makes `folder` one that PaddleOCR loads a model from."""
    folder.mkdir()
    try:
        (folder / "inference.onnx").symlink_to(weights.resolve())
    except OSError:  # Windows without the right to make links
        shutil.copyfile(weights, folder / "inference.onnx")
    (folder / "inference.yml").write_text(yml, "utf-8")
    return folder


def _unpadded(yml: str) -> str:
    """A recogniser's `inference.yml` in which lines are padded to NARROWEST at most."""
    import yaml

    config = yaml.safe_load(yml)
    for step in config["PreProcess"]["transform_ops"]:
        if "RecResizeImg" in step:
            channels, height, _ = step["RecResizeImg"]["image_shape"]
            step["RecResizeImg"]["image_shape"] = [channels, height, NARROWEST]
    return str(yaml.safe_dump(config, allow_unicode=True))


DETECTOR_YML = """\
Global:
  model_name: PP-OCRv6_small_det
PreProcess:
  transform_ops:
  - DecodeImage: {channel_first: false, img_mode: BGR}
  - DetLabelEncode: null
  - DetResizeForTest: {resize_long: 960}
  - NormalizeImage: {mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], order: hwc, scale: 1./255.}
  - ToCHWImage: null
  - KeepKeys: {keep_keys: [image, shape, polys, ignore_tags]}
PostProcess: {name: DBPostProcess, thresh: 0.3, box_thresh: 0.6, max_candidates: 1000, unclip_ratio: 1.5}
"""
