"""An image becomes lines of text: the Engine seam, its two adapters, and one engine a process.

Weights come from `workbench/models` or a folder: nothing is downloaded unless `official` is asked for.
"""

import ctypes
import hashlib
import importlib.metadata
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from math import atan2, degrees
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

import numpy as np

from workbench.domain.errors import ModelMissing, SettingsError
from workbench.domain.model import Box, Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.paddle_preparation import lighten, pieces, rapid_decoder
from workbench.version import VERSION

BUNDLED = Path(__file__).parents[2] / "models" / "korean_receipt_rec"
DETECTOR_INT8 = Path(__file__).parents[2] / "models" / "receipt_det_int8" / "inference.onnx"
"""The detector in 8 bits, as `training.quantise` makes it."""
DETECTOR = "PP-OCRv6_small_det"
RECOGNISER = "korean_PP-OCRv5_mobile_rec"
"""PaddleOCR takes only names it knows; ours reads like its Korean one (48 px high, CTC) and carries that name."""

LONGEST_SIDE = 1600
"""px, input of the detector; smaller loses small print, larger costs time (see benchmarks/README.md)."""

_VNNI = 23
"""CV_CPU_AVX_512VNNI in OpenCV's cvdef.h; its Python module has no name for it"""

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""as in glibc's malloc.h"""

BATCH = 2
"""lines in one run of the recogniser: more save no time a line and pay for padding to the widest (measured: 8 lines
0.93 ms, 2 lines 0.76 ms, 1 line 0.80 ms each on one core)."""

NARROWEST = 32
"""px, lines narrower than that are padded; PaddleOCR pads to 320, which makes recognition twice as dear."""


class Engine(Protocol):
    """Reads text. One instance serves one process, one image at a time."""

    def read(self, image: Image) -> tuple[Line, ...]:
        """The lines on `image` (uint8, height x width x 3, RGB), top to bottom; () for a blank page."""


@runtime_checkable
class LineReader(Protocol):
    """What an engine may do beside: read lines that are cut out already, without looking for them."""

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """Text and confidence of each strip (uint8, height x width x 3, RGB), one line each; "" for none."""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """Which engine to make; small enough to send to a worker. `threads` per worker, 0 leaves it to the runtime.

    `expected` is what the sender is made of: elsewhere another version or other weights are refused, "" takes any.
    """

    engine: str = "paddle"
    recogniser: str = "bundled"
    threads: int = 0
    expected: str = ""

    def label(self) -> str:
        """Engine, its version and a mark of its weights: what a reading says it was made by."""
        package = "rapidocr" if self.engine == "rapid" else "paddleocr"
        return f"{self.engine} {_version(package)} / {self.recogniser}{_weights_mark(self.recogniser)}"

    def made_of(self) -> str:
        """Engine, weights and version of this program, here."""
        return f"{self.label()}, workbench {VERSION}"

    def expected_everywhere(self) -> "EngineSpec":
        """The same for workers on other machines, which must be made of what this one is."""
        return replace(self, expected=self.made_of())


@lru_cache(maxsize=2)
def _version(package: str) -> str:
    return importlib.metadata.version(package)


@lru_cache(maxsize=4)
def _weights_mark(recogniser: str) -> str:
    return "" if recogniser == "official" else f" {_mark(recogniser_folder(recogniser) / 'inference.onnx')}"


def _mark(weights: Path) -> str:
    return hashlib.sha256(weights.read_bytes()).hexdigest()[:8]


def recogniser_folder(recogniser: str) -> Path:
    """The folder of `bundled` or of a given path; ModelMissing says which file is not there."""
    folder = BUNDLED if recogniser == "bundled" else Path(recogniser).expanduser()
    for name in ("inference.onnx", "inference.yml"):
        if not (folder / name).is_file():
            raise ModelMissing(
                f"인식 모델을 찾을 수 없습니다: {folder / name}. WORKBENCH_RECOGNISER 설정을 확인해 주세요."
            )
    return folder


def int8_file(folder: Path) -> Path:
    """Where a recogniser folder has its weights in 8 bits; the name tells of which `inference.onnx` they were made."""
    return folder / f"int8-{_mark(folder / 'inference.onnx')}.onnx"


def recogniser_weights(folder: Path) -> Path:
    """The ONNX file to read with: in 8 bits where they are of use and were made of this `inference.onnx`, else that."""
    quick = int8_file(folder)
    return quick if int8_is_quick() and quick.is_file() else folder / "inference.onnx"


def detector_weights() -> Path:
    """The ONNX file to detect with."""
    return DETECTOR_INT8 if int8_is_quick() else plain_detector()


def int8_is_quick() -> bool:
    """Whether this processor multiplies bytes without overflow (VNNI): 1.8 times as fast as single precision.

    Elsewhere nothing was measured, and older processors clip large sums.
    """
    import cv2

    return bool(cv2.checkHardwareSupport(_VNNI))


def plain_detector() -> Path:
    """The detector in single precision, inside the rapidocr wheel."""
    spec = find_spec("rapidocr")
    weights = Path(spec.origin).parent / "models" / "PP-OCRv6_det_small.onnx" if spec and spec.origin else None
    if weights is None or not weights.is_file():
        raise ModelMissing("글자 검출 모델이 없습니다. rapidocr==3.10.0 패키지를 다시 설치해 주세요.")
    return weights


@lru_cache(maxsize=1)
def engine(spec: EngineSpec) -> Engine:
    """The engine of this process, made at the first call (2-8 s) and kept."""
    engines: dict[str, Callable[[EngineSpec], Engine]] = {
        "paddle": PaddleEngine,
        "paddlepaddle": PaddleEngine,
        "rapid": RapidEngine,
    }
    _keep_memory()
    if spec.expected and spec.expected != (here := spec.made_of()):
        raise SettingsError(f"작업기의 엔진이나 모델이 다릅니다. 요청: {spec.expected}; 작업기: {here}.")
    if ":" in spec.engine:  # "package.module:Engine", an engine of one's own
        module, _, name = spec.engine.partition(":")
        made: Engine = getattr(import_module(module), name)(spec)
        return made
    if spec.engine not in engines:
        raise SettingsError(f"WORKBENCH_ENGINE은 {', '.join(engines)} 중 하나여야 합니다: {spec.engine!r}")
    return engines[spec.engine](spec)


def _keep_memory() -> None:
    """Lets this process keep freed memory for the next picture where its environment has the C library return it.

    dask's workers are told so, which costs them a sixth of their time: every buffer of a picture comes in new pages.
    """
    if "MALLOC_TRIM_THRESHOLD_" in os.environ:
        with suppress(OSError, AttributeError):  # a C library other than glibc
            set_option = ctypes.CDLL(None).mallopt
            set_option(_M_MMAP_THRESHOLD, 32 * 2**20)
            set_option(_M_TRIM_THRESHOLD, 64 * 2**20)


class PaddleEngine:
    """PaddleOCR; its models run in ONNX Runtime, or in PaddlePaddle where that was asked for."""

    def __init__(self, spec: EngineSpec) -> None:
        # PaddleOCR looks for model hubs at import; with every model local that only costs time.
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        with _without_hub(spec.recogniser != "official"):
            from paddleocr import PaddleOCR

        logging.getLogger("paddlex").setLevel(logging.WARNING)  # it greets with every model's path, in green
        # Asked for no device, PaddleOCR imports torch or paddle to look for one. A memory pattern for each shape of
        # input would add 400 MB to a worker.
        runtime: dict[str, Any] = {
            "engine": "onnxruntime", "device": "cpu", "engine_config": {"enable_mem_pattern": False},
        }  # fmt: skip
        if spec.threads:
            runtime["engine_config"]["intra_op_num_threads"] = spec.threads
        with _model_folders(spec) as (detector, recogniser):
            names = dict(
                text_detection_model_name=DETECTOR,
                text_detection_model_dir=str(detector),
                text_recognition_model_name=RECOGNISER,
            )
            if spec.recogniser != "official":
                names["text_recognition_model_dir"] = str(recogniser)
            elif spec.engine == "paddlepaddle":
                names = dict(text_detection_model_name="PP-OCRv5_mobile_det", text_recognition_model_name=RECOGNISER)
                runtime = {"engine": "paddle", "cpu_threads": spec.threads or os.cpu_count()}
            if spec.engine == "paddlepaddle" and spec.recogniser != "official":
                raise SettingsError("paddlepaddle 엔진은 WORKBENCH_RECOGNISER=official일 때만 쓸 수 있습니다.")
            try:
                self._ocr: Any = PaddleOCR(
                    **names,
                    **runtime,
                    use_doc_orientation_classify=False,
                    use_doc_unwarping=False,
                    use_textline_orientation=False,
                    text_det_limit_type="max",
                    text_det_limit_side_len=LONGEST_SIDE,
                    text_recognition_batch_size=BATCH,
                )
                if spec.recogniser != "official":
                    lighten(self._ocr, NARROWEST)
            except Exception as error:
                if spec.recogniser != "official":
                    raise
                raise ModelMissing(
                    "PaddleOCR의 공식 한국어 모델을 내려받지 못했습니다. 네트워크를 확인하거나 "
                    "WORKBENCH_RECOGNISER=bundled로 바꿔 주세요."
                ) from error

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        result = self._ocr.predict(_bgr(image))[0]
        return lines_of(result["dt_polys"], result["rec_texts"], result["rec_scores"])

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """See `LineReader.read_lines`."""
        recogniser = self._ocr.paddlex_pipeline._pipeline.text_rec_model
        found = recogniser([_bgr(strip) for strip in strips])
        return [(str(one["rec_text"]).strip(), float(one["rec_score"])) for one in found]


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


class RapidEngine:
    """RapidOCR with the same weights."""

    def __init__(self, spec: EngineSpec) -> None:
        from rapidocr import RapidOCR

        if spec.recogniser == "official":
            raise SettingsError("official 인식 모델은 paddle 엔진에서만 쓸 수 있습니다.")
        folder = recogniser_folder(spec.recogniser)
        self._ocr: Any = RapidOCR(
            params={
                "Global.use_cls": False,  # it turns Korean lines upside down
                "Global.log_level": "error",
                "Global.max_side_len": 4000,
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_SIDE,
                "Det.model_path": str(detector_weights()),
                "Rec.model_path": str(recogniser_weights(folder)),
                "Rec.rec_keys_path": str(_keys_file(folder)),
                "EngineConfig.onnxruntime.intra_op_num_threads": spec.threads or -1,
            }
        )
        self._ocr.crop_text_regions = partial(pieces, self._ocr.crop_text_regions)  # type: ignore[method-assign,arg-type]
        recogniser: Any = self._ocr._load_rec_model()  # type: ignore[no-untyped-call]  # else at the first picture
        recogniser.postprocess_op = rapid_decoder(recogniser.postprocess_op.character)

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        result = self._ocr(_bgr(image))
        if result.boxes is None:
            return ()
        return lines_of(result.boxes, result.txts, result.scores)

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """See `LineReader.read_lines`."""
        from rapidocr.ch_ppocr_rec import TextRecInput

        found = self._ocr.text_rec(TextRecInput(img=[_bgr(strip) for strip in strips]))
        return [(text.strip(), float(score)) for text, score in zip(found.txts or (), found.scores or (), strict=True)]


def _bgr(image: Image) -> Image:
    """As both engines take it; twenty times as fast as turning the last axis round."""
    import cv2

    return np.asarray(cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2BGR), np.uint8)


def lines_of(polygons: Sequence[Any], texts: Sequence[str], scores: Sequence[float]) -> tuple[Line, ...]:
    """Lines from an engine's parallel lists; polygons are four (x, y) points, clockwise from top-left. Blanks go."""
    found = (
        Line(text.strip(), float(score), box_of(polygon), angle_of(polygon))
        for polygon, text, score in zip(polygons, texts, scores, strict=True)
        if text.strip()
    )
    return tuple(sorted(found, key=lambda line: (line.box.top, line.box.left)))


def box_of(polygon: Any) -> Box:
    """The upright box around a polygon of (x, y) points."""
    points = np.asarray(polygon, dtype=float)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def angle_of(polygon: Any) -> float:
    """Degrees by which the top edge falls to the right."""
    (x0, y0), (x1, y1) = np.asarray(polygon, dtype=float)[:2]
    return round(degrees(atan2(y1 - y0, x1 - x0)), 2)


@contextmanager
def _model_folders(spec: EngineSpec) -> Iterator[tuple[Path, Path | None]]:
    """Detector and recogniser as PaddleOCR loads them: `inference.onnx` and `inference.yml` in a folder each."""
    with tempfile.TemporaryDirectory(prefix="workbench-models-") as name:
        detector = _model_folder(Path(name) / "detector", detector_weights(), _DETECTOR_YML)
        if spec.recogniser == "official":
            yield detector, None
            return
        source = recogniser_folder(spec.recogniser)
        yml = _unpadded((source / "inference.yml").read_text("utf-8"))
        yield detector, _model_folder(Path(name) / "recogniser", recogniser_weights(source), yml)


def _model_folder(folder: Path, weights: Path, yml: str) -> Path:
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


def _keys_file(folder: Path) -> Path:
    """The recogniser's characters, one a line, as rapidocr wants them; written once beside nothing of the user's."""
    import yaml

    characters = yaml.safe_load((folder / "inference.yml").read_text("utf-8"))["PostProcess"]["character_dict"]
    handle, name = tempfile.mkstemp(prefix="workbench-keys-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(str(c) for c in characters))
    return Path(name)


_DETECTOR_YML = """\
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
