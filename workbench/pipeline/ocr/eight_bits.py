"""Whether the models in 8 bits may be used on this processor: it says so, and they compute there what they should.

Processors without VNNI clip large sums of bytes, and then digits are misread without a word. So beside the system's own
flags stands a look at what comes out: a fixed line and a fixed page, against what `training.quantise` kept of the same.
"""

import hashlib
import json
import logging
import platform
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import platformdirs

log = logging.getLogger(__name__)

STORED = Path(__file__).parents[2] / "models" / "eight_bits.json"
"""What both models say of the fixed pictures, and of which files that was kept."""

CPUINFO = Path("/proc/cpuinfo")
VNNI = {"avx512_vnni", "avx_vnni"}
"""Linux's names for multiplying bytes without overflow"""

ARM_DOT = "asimddp"
"""Arm's dot product: no overflow; whether ONNX Runtime gains by it is measured."""

_CV_VNNI = 23
"""CV_CPU_AVX_512VNNI in OpenCV's cvdef.h; its Python module has no name for it"""

CLOSE = 0.004
"""How far the page's chances may be from the stored ones, in the mean of a field; single precision is 0.011 away."""

APART = 1
"""Steps of the line, of 80, that may say something else; in single precision two do."""

GAIN = 1.2
"""How much quicker 8 bits must be where no flag tells that they are"""

FIELDS = (10, 14)
"""Rows and columns of fields that the page's map is kept in"""

Session = Any
Pixels = npt.NDArray[np.uint8]


def to_be_used(line_model: Path, page_model: Path, plain_line_model: Path) -> bool:
    """Whether to read with `line_model` and `page_model`, both in 8 bits; looked at once, then kept for this processor.

    `plain_line_model` is the recogniser in single precision, for a measurement where the system cannot tell.
    """
    said = told()
    if said is False:
        return False
    kept = platformdirs.user_cache_path("receipt-workbench") / "eight-bits" / _key(line_model, page_model)
    with suppress(OSError, UnicodeDecodeError):
        if (known := kept.read_text("utf-8")) in ("yes", "no"):
            return known == "yes"
    use = agrees(line_model, page_model)
    if not use:
        log.warning("the 8-bit models do not compute here what they should; reading in single precision")
    elif said is None:
        use = seconds_of(plain_line_model) > GAIN * seconds_of(line_model)
    with suppress(OSError):  # a home that nothing can be written to: looked at again next time
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("yes" if use else "no", "utf-8")
    return use


def told() -> bool | None:
    """Whether this processor multiplies bytes without overflow (VNNI), as the system says; None if it cannot tell."""
    if cv2.checkHardwareSupport(_CV_VNNI):
        return True
    flags = _flags()
    if flags & VNNI:
        return True
    return None if not flags or ARM_DOT in flags else False


def _flags() -> set[str]:
    """The processor's flags as Linux lists them; none elsewhere."""
    with suppress(OSError):
        lines = CPUINFO.read_text("utf-8", "replace").splitlines()
        return {flag for line in lines if line.lower().startswith(("flags", "features")) for flag in line.split()}
    return set()


def agrees(line_model: Path, page_model: Path) -> bool:
    """Whether both models say of the fixed pictures what is stored; true for other files than it was kept of."""
    stored = json.loads(STORED.read_text("utf-8"))
    if stored["made_of"] != made_of(line_model, page_model):
        return True
    path, fields = said(line_model, page_model)
    away = np.abs(np.array(fields) - np.array(stored["page"])).max()
    other = sum(mine != kept for mine, kept in zip(path, stored["line"], strict=True))
    return other <= APART and float(away) <= CLOSE


def said(line_model: Path, page_model: Path) -> tuple[list[int], list[list[float]]]:
    """The line's class at each step, and the mean chance of print in each field of the page."""
    (line,), (page,) = _run(_session(line_model), fixed_line()), _run(_session(page_model), fixed_page())
    rows, columns = FIELDS
    parts = page[0, 0].reshape(rows, page.shape[2] // rows, columns, page.shape[3] // columns)
    return line[0].argmax(-1).tolist(), parts.mean((1, 3)).round(4).tolist()


def made_of(*models: Path) -> list[str]:
    """A short hash of each file."""
    return [hashlib.sha256(model.read_bytes()).hexdigest()[:8] for model in models]


def fixed_line() -> Pixels:
    """A line of print, 48 x 320 x 3: strokes and no font, so that it is the same everywhere."""
    line = np.full((48, 320, 3), 235, np.uint8)
    cv2.putText(line, "TOTAL 12,500 2026-03-05", (6, 33), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (30, 30, 30), 2)
    return line


def fixed_page() -> Pixels:
    """A small page, 320 x 448 x 3, with some such lines on a darker table."""
    page = np.full((320, 448, 3), 90, np.uint8)
    page[16:304, 48:400] = 240
    for place, text in enumerate(("RECEIPT 0417", "111-11-11119", "COFFEE 2 9,000", "VAT 1,136", "TOTAL 12,500")):
        cv2.putText(page, text, (70, 60 + 52 * place), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 40, 40), 2)
    return page


def _session(model: Path) -> Session:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _run(session: Session, picture: Pixels) -> list[npt.NDArray[np.float32]]:
    given = picture.astype(np.float32).transpose(2, 0, 1)[None] / 127.5 - 1
    found: list[npt.NDArray[np.float32]] = session.run(None, {session.get_inputs()[0].name: given})
    return found


def seconds_of(model: Path) -> float:
    """The quickest of five runs over the fixed line."""
    session, line, times = _session(model), fixed_line(), []
    for _ in range(5):
        began = time.perf_counter()
        _run(session, line)
        times.append(time.perf_counter() - began)
    return min(times)


def _key(*models: Path) -> str:
    """A name for these files on this processor under this ONNX Runtime: a home may be shared by many machines."""
    import onnxruntime

    parts = (*made_of(*models), onnxruntime.__version__, platform.machine(), platform.processor(), *sorted(_flags()))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]
