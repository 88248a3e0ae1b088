"""PaddleOCR behind the `Engine` seam."""

import copy
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.domain.errors import ModelMissing, SettingsError
from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.engine import BATCH, LONGEST_SIDE, NARROWEST, EngineSpec
from workbench.pipeline.ocr.found_lines import bgr, lines_of
from workbench.pipeline.ocr.model_files import (
    characters_of,
    detector_weights,
    plain_detector,
    recogniser_folder,
    recogniser_weights,
    settings_of,
)
from workbench.pipeline.ocr.paddle_files import paddle_files
from workbench.pipeline.ocr.paddle_preparation import lighten
from workbench.pipeline.ocr.unused_modules import left_out, set_apart

DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "korean_PP-OCRv5_mobile_rec"
"""PaddleOCR takes only names it knows; ours reads like its Korean one (48 px high, CTC) and carries that name."""

DETECTOR_SIDES, LINE_SIDES = (320, 448), (48, 232)
"""px, height and width of a picture that each network takes."""


HUBS = ("modelscope", "huggingface_hub", "aistudio_sdk", "requests")
"""What asks model hubs: with torch installed one of them alone takes seconds and 170 MB a worker."""
NOT_ASKED = ("chardet", "filelock", "pypdfium2", "ruamel", "shapely")
"""For files, downloads and curved lines: it is given pixels and local models, and lines are cut out by our own code."""
TABLES = ("pandas", "paddlex.inference.utils.io.tablepyxl")
"""What reads time series and writes tables to Excel."""

_MODELS, _PIPELINES = "paddlex.inference.models", "paddlex.inference.pipelines"
OTHERS = (
    _MODELS, _PIPELINES, "paddlex.modules", "paddlex.model", "paddlex.repo_apis", "paddlex.repo_manager",
    "paddleocr._models", "paddleocr._pipelines", "paddleocr._api_client",
)  # fmt: skip
"""Everything that PaddleX can do, and the clients of its services: two thirds of what importing PaddleOCR takes."""
NEEDED = (
    *(f"{_MODELS}.{part}" for part in ("bindings", "common.genai", "common.vision", "engines", "hpi", "predictors",
                                       "runners", "text_detection", "text_recognition", "utils")),
    *(f"{_PIPELINES}.{part}" for part in ("_parallel", "base", "components.common", "components.utils", "ocr")),
    "paddlex.modules.text_detection.model_list", "paddlex.modules.text_recognition.model_list",
    "paddleocr._pipelines.ocr", "paddleocr._pipelines.base", "paddleocr._pipelines.utils",
)  # fmt: skip
"""What of it detects and recognises text."""


class PaddleEngine:
    """PaddleOCR; its models run in ONNX Runtime, or in PaddlePaddle where that was asked for."""

    def __init__(self, spec: EngineSpec) -> None:
        check_device(spec)
        official = spec.recogniser == "official"
        with paddle_ocr(official) as PaddleOCR, model_folders(spec) as (detector, recogniser):  # a class
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
                lighten(self._ocr, NARROWEST, characters_of(recogniser_folder(spec.recogniser)))

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        try:
            result = self._ocr.predict(bgr(image))[0]
        except NotImplementedError as error:  # PaddlePaddle 3.3 with oneDNN (Paddle #77340)
            raise SettingsError(
                "설치된 PaddlePaddle 버전으로는 읽을 수 없습니다. `pip install paddlepaddle==3.2.2`로 바꿔 주세요."
            ) from error
        return lines_of(result["dt_polys"], result["rec_texts"], result["rec_scores"])

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """See `LineReader.read_lines`."""
        recogniser = self._ocr.paddlex_pipeline._pipeline.text_rec_model
        found = recogniser([bgr(strip) for strip in strips])
        return [(str(one["rec_text"]).strip(), float(one["rec_score"])) for one in found]


@contextmanager
def paddle_ocr(official: bool) -> Iterator[Any]:
    """The class PaddleOCR out of a package of our own: a notebook that this runs in may import the whole one."""
    check = "PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"
    before = os.environ.get(check)
    # PaddleOCR looks for model hubs at import; with every model local that only costs time.
    os.environ[check] = before or "True"
    try:
        with set_apart("official" if official else "local", "paddleocr", "paddlex"):
            with left_out(*OTHERS, *TABLES, *(() if official else (*HUBS, *NOT_ASKED)), needed=NEEDED):
                from paddleocr import PaddleOCR

            logging.getLogger("paddlex").setLevel(logging.WARNING)  # it greets with every model's path, in green
            yield PaddleOCR
    finally:
        if before is None:
            del os.environ[check]


def check_device(spec: EngineSpec) -> None:
    """SettingsError where a graphics card was asked for that cannot be had."""
    if spec.device == "cpu":
        return
    if spec.engine != "paddlepaddle":
        raise SettingsError("WORKBENCH_DEVICE=gpu는 WORKBENCH_ENGINE=paddlepaddle일 때만 쓸 수 있습니다.")
    try:
        import paddle
    except ImportError:
        return  # told with the models
    if not paddle.is_compiled_with_cuda() or paddle.device.cuda.device_count() == 0:
        raise SettingsError(
            "그래픽카드를 쓸 수 있는 PaddlePaddle이 아니거나 그래픽카드가 없습니다. paddlepaddle-gpu를 설치하거나 "
            "WORKBENCH_DEVICE를 지워 주세요."
        )


def _models(spec: EngineSpec, detector: Path, recogniser: Path | None) -> dict[str, str]:
    """Name and folder of both models: without either PaddleOCR tries to download."""
    if spec.engine == "paddlepaddle" and recogniser is None:
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
        return {
            "engine": "paddle",
            "device": spec.device,
            "cpu_threads": spec.threads or os.cpu_count(),
        }
    settings: dict[str, Any] = {"enable_mem_pattern": False}
    if spec.threads:
        settings["intra_op_num_threads"] = spec.threads
    return {"engine": "onnxruntime", "device": "cpu", "engine_config": settings}


@contextmanager
def model_folders(spec: EngineSpec) -> Iterator[tuple[Path, Path | None]]:
    """Detector and recogniser as PaddleOCR loads them: `inference.onnx` and `inference.yml` in a folder each."""
    with tempfile.TemporaryDirectory(prefix="workbench-models-") as name:
        official, paddle = spec.recogniser == "official", spec.engine == "paddlepaddle"
        found = _paddle_parts(plain_detector(), DETECTOR_SIDES) if paddle and not official else [detector_weights()]
        detector = model_folder(Path(name) / "detector", found, DETECTOR_YML)
        if official:
            yield detector, None
            return
        source = recogniser_folder(spec.recogniser)
        yml = _slim(settings_of(source))
        found = _paddle_parts(source / "inference.onnx", LINE_SIDES) if paddle else [recogniser_weights(source)]
        yield detector, model_folder(Path(name) / "recogniser", found, yml)


def _paddle_parts(weights: Path, sides: tuple[int, int]) -> list[Path]:
    folder = paddle_files(weights, sides)
    return [folder / "inference.json", folder / "inference.pdiparams"]


def model_folder(folder: Path, weights: Sequence[Path], yml: str) -> Path:
    """Makes `folder` one that PaddleOCR loads a model from; `weights` are one ONNX file or both of Paddle's own."""
    folder.mkdir()
    for file in weights:
        place = folder / f"inference{file.suffix}"
        try:
            place.symlink_to(file.resolve())
        except OSError:  # Windows without the right to make links
            shutil.copyfile(file, place)
    (folder / "inference.yml").write_text(yml, "utf-8")
    return folder


def _slim(config: dict[str, Any]) -> str:
    """A recogniser's `inference.yml` in which lines are padded to NARROWEST at most, without its characters.

    PaddleX reads it twice, a fifth of a second each for thousands of characters; `lighten` is told them.
    """
    import yaml

    config = copy.deepcopy(config)
    for step in config["PreProcess"]["transform_ops"]:
        if "RecResizeImg" in step:
            channels, height, _ = step["RecResizeImg"]["image_shape"]
            step["RecResizeImg"]["image_shape"] = [channels, height, NARROWEST]
    config["PostProcess"]["character_dict"] = ["?"]
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
