"""Where the models lie: the bundled recogniser, the detector in the rapidocr wheel, both in 8 bits, or a folder.

Nothing is downloaded unless `official` is asked for.
"""

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.domain.errors import ModelMissing

BUNDLED = Path(__file__).parents[2] / "models" / "korean_receipt_rec"
DETECTOR_INT8 = Path(__file__).parents[2] / "models" / "receipt_det_int8" / "inference.onnx"
"""The detector in 8 bits, as `training.quantise` makes it."""


@lru_cache(maxsize=4)
def weights_mark(recogniser: str) -> str:
    """What a reading says of the weights that made it: " " and a short hash, "" for the official ones."""
    return "" if recogniser == "official" else f" {mark(recogniser_folder(recogniser) / 'inference.onnx')}"


def mark(weights: Path) -> str:
    """A short hash of a file of weights."""
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
    return folder / f"int8-{mark(folder / 'inference.onnx')}.onnx"


def recogniser_weights(folder: Path) -> Path:
    """The ONNX file to read with: in 8 bits where they are of use and were made of this `inference.onnx`, else that."""
    quick = int8_file(folder)
    return quick if int8_is_quick() and quick.is_file() else folder / "inference.onnx"


def detector_weights() -> Path:
    """The ONNX file to detect with."""
    return DETECTOR_INT8 if int8_is_quick() else plain_detector()


@lru_cache(maxsize=1)
def int8_is_quick() -> bool:
    """Whether this processor multiplies bytes without overflow (VNNI), which is 1.8 times as fast as single precision,
    and was seen to compute what it should."""
    from workbench.pipeline.ocr.eight_bits import to_be_used  # OpenCV: asked only where something is read

    return to_be_used(int8_file(BUNDLED), DETECTOR_INT8, BUNDLED / "inference.onnx")


def plain_detector() -> Path:
    """The detector in single precision, inside the rapidocr wheel."""
    return _in_wheel("PP-OCRv6_det_small.onnx", "글자 검출 모델")


def plain_recogniser() -> Path:
    """The recogniser of the rapidocr wheel, which knows no Hangul: the second reader's, and where training starts."""
    return _in_wheel("PP-OCRv6_rec_small.onnx", "두 번째 인식 모델")


def _in_wheel(name: str, what: str) -> Path:
    spec = find_spec("rapidocr")
    weights = Path(spec.origin).parent / "models" / name if spec and spec.origin else None
    if weights is None or not weights.is_file():
        raise ModelMissing(f"{what}이 없습니다. rapidocr==3.10.0 패키지를 다시 설치해 주세요.")
    return weights


@lru_cache(maxsize=1)
def settings_of(folder: Path) -> dict[str, Any]:
    """What a folder's `inference.yml` says, not to be changed."""
    import yaml

    # libyaml's, where PyYAML was built with it, is ten times as fast
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load((folder / "inference.yml").read_text("utf-8"), loader)  # noqa: S506  # both are safe
    return found


def characters_of(folder: Path) -> list[str]:
    """The characters that a folder's recogniser knows, in the order of its classes after the blank."""
    return [str(character) for character in settings_of(folder)["PostProcess"]["character_dict"]]
