"""The programs whose speed is compared: each a generator that first yields None when it is warm, then its readings."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.pipeline.ocr import model_files, paddle
from workbench.pipeline.ocr.engine import EngineSpec, engine
from workbench.pipeline.ocr.rapid import keys_file

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
WARMING = [SAMPLE / name for name in ("card_slip.jpg", "pos_items.jpg", "tax_exempt.jpg", "cash_receipt.jpg")]


@dataclass(frozen=True)
class Reading:
    """One receipt read: its file, the text lines found, seconds it took; `cpu` seconds where only they count."""

    file: str
    texts: list[str]
    seconds: float
    cpu: float | None = None


Contender = Callable[[list[Path]], Iterator[Reading | None]]


def ours(jobs: int, backend: str = "loky", scheduler: str = "") -> Contender:
    """This project from the folder to stored rows: fields, checks, preview pictures and the case's database too."""

    def read(files: list[Path]) -> Iterator[Reading | None]:
        if jobs == 1:  # one worker is one core: else it would use both
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
        from workbench.case import Case
        from workbench.settings import Settings

        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(home=Path(folder), jobs=jobs, backend=backend, scheduler=scheduler)
            warming = Case.open(Path(folder) / "warming" / "case", settings)
            warming.add(*WARMING)
            warming.read().wait(progress=False)
            case = Case.open(Path(folder) / "measured" / "case", settings)
            case.add(*files)
            yield None
            for receipt in case.read():
                yield Reading(receipt.file, [line.text for line in case.lines_of(receipt.id)], receipt.seconds)
            case.close()
            warming.close()

    return read


def on_dask(files: list[Path]) -> Iterator[Reading | None]:
    """This project with two dask workers on this machine."""
    import dask
    from distributed import LocalCluster

    plain = {"distributed.worker.profile.enabled": False}  # as docs/scale.md has workers started
    with (
        dask.config.set(plain),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
    ):
        yield from ours(2, "dask", cluster.scheduler_address)(files)


def seed(files: list[Path]) -> Iterator[Reading | None]:
    """A ProcessPoolExecutor with one PaddleOCR a process, as its documentation starts it, with our local models."""
    with ProcessPoolExecutor(2, initializer=_make_paddle) as pool:
        list(pool.map(_read_paddle, map(str, WARMING)))
        yield None
        for done in as_completed([pool.submit(_read_paddle, str(file)) for file in files]):
            yield done.result()


_PADDLE: list[Any] = []


def _make_paddle() -> None:
    import logging

    from paddleocr import PaddleOCR

    logging.getLogger("paddlex").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        detector = paddle.model_folder(Path(name) / "detector", [model_files.plain_detector()], paddle.DETECTOR_YML)
        _PADDLE.append(
            PaddleOCR(
                text_detection_model_name=paddle.DETECTOR,
                text_detection_model_dir=str(detector),
                text_recognition_model_name=paddle.RECOGNISER,
                text_recognition_model_dir=str(model_files.BUNDLED),
                engine="onnxruntime",
                use_doc_orientation_classify=False,  # on by default, but their models are not to be had offline
                use_doc_unwarping=False,
                use_textline_orientation=False,
            )
        )


def _read_paddle(file: str) -> Reading:
    began = time.perf_counter()
    texts = list(_PADDLE[0].predict(file)[0]["rec_texts"])
    return Reading(Path(file).name, texts, time.perf_counter() - began)


def rapid(files: list[Path], **ours: str) -> Iterator[Reading | None]:
    """RapidOCR as its README runs it, with this project's recogniser; `ours` are more settings."""
    from rapidocr import RapidOCR

    keys = str(keys_file(model_files.BUNDLED))
    settings = {"Rec.model_path": str(model_files.BUNDLED / "inference.onnx"), "Global.log_level": "error"}
    engine: Any = RapidOCR(params={**settings, **ours, "Rec.rec_keys_path": keys})
    engine(str(WARMING[0]))
    yield None
    for file in files:
        began = time.perf_counter()
        texts = list(engine(str(file)).txts or ())
        yield Reading(file.name, texts, time.perf_counter() - began)
    os.unlink(keys)


def rapid_int8(files: list[Path]) -> Iterator[Reading | None]:
    """The same with our models in 8 bits."""
    models = {
        "Det.model_path": str(model_files.detector_weights()),
        "Rec.model_path": str(model_files.recogniser_weights(model_files.BUNDLED)),
    }
    return rapid(files, **models)


def tesseract(files: list[Path]) -> Iterator[Reading | None]:
    """Tesseract 5 with `kor`, two at a time, one thread each."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_read_tesseract, WARMING[:2]))
        yield None
        for done in as_completed([pool.submit(_read_tesseract, file) for file in files]):
            yield done.result()


def _read_tesseract(file: Path) -> Reading:
    began = time.perf_counter()
    command = ["tesseract", str(file), "-", "-l", "kor", "--psm", "4"]
    found = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    return Reading(file.name, found.stdout.decode("utf8", "replace").splitlines(), time.perf_counter() - began)


def floor(files: list[Path]) -> Iterator[Reading | None]:
    """Only the runs of detector and recogniser in ONNX Runtime, on all cores, over what our engine feeds them.

    Both in single precision, as they come: what our 8-bit forms of them save is no overhead of anybody's.
    """
    return _alone(files, model_files.plain_detector(), model_files.BUNDLED / "inference.onnx")


def floor_int8(files: list[Path]) -> Iterator[Reading | None]:
    """The same with the models that our engine runs."""
    return _alone(files, model_files.detector_weights(), model_files.recogniser_weights(model_files.BUNDLED))


def _alone(files: list[Path], detector: Path, recogniser: Path) -> Iterator[Reading | None]:
    import onnxruntime

    from workbench.pipeline.imaging import pages
    from workbench.pipeline.imaging.file_type import Limits

    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.enable_mem_pattern = 3, False
    sessions = [
        onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        for weights in (detector, recogniser)
    ]
    fed: list[Any] = []
    run = onnxruntime.InferenceSession.run

    def noting(session: Any, names: Any, inputs: dict[str, Any], *more: Any) -> Any:
        fed.extend(inputs.values())
        return run(session, names, inputs, *more)

    reader = engine(EngineSpec(threads=0))
    for turn, file in enumerate([WARMING[0], *files]):
        fed.clear()
        onnxruntime.InferenceSession.run = noting
        reader.read(pages.load(file, 1, Limits()))
        onnxruntime.InferenceSession.run = run
        began, cpu = time.perf_counter(), time.process_time()
        for given in fed:
            run(sessions[given.shape[2] == 48], None, {"x": given})  # lines are 48 px high, pages never
        yield Reading(file.name, [], time.perf_counter() - began, time.process_time() - cpu) if turn else None


def contenders() -> dict[str, Contender]:
    """Those that can run on this machine, by name."""
    found: dict[str, Contender] = {
        "workbench, 2 workers": ours(2),
        "workbench, 1 worker": ours(1),
        "seed's design": seed,
        "RapidOCR": rapid,
        "RapidOCR, our 8 bits": rapid_int8,
        "models alone": floor,
        "models alone, our 8 bits": floor_int8,
    }
    if find_spec("distributed"):
        found["workbench, 2 dask workers"] = on_dask
    if shutil.which("tesseract"):
        languages = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=True).stdout
        if "kor" in languages.split():
            found["Tesseract kor"] = tesseract
    return found
