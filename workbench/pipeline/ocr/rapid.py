"""RapidOCR behind the `Engine` seam."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.domain.errors import SettingsError
from workbench.domain.model import Line
from workbench.pipeline.imaging.pixels import Image
from workbench.pipeline.ocr.engine import LONGEST_SIDE, EngineSpec
from workbench.pipeline.ocr.found_lines import bgr, lines_of
from workbench.pipeline.ocr.model_files import characters_of, detector_weights, recogniser_folder, recogniser_weights
from workbench.pipeline.ocr.paddle_preparation import pieces, rapid_decoder


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
                "Rec.rec_keys_path": str(keys_file(folder)),
                "EngineConfig.onnxruntime.intra_op_num_threads": spec.threads or -1,
            }
        )
        self._ocr.crop_text_regions = pieces  # type: ignore[method-assign,assignment]
        recogniser: Any = self._ocr._load_rec_model()  # type: ignore[no-untyped-call]  # else at the first picture
        recogniser.postprocess_op = rapid_decoder(recogniser.postprocess_op.character)

    def read(self, image: Image) -> tuple[Line, ...]:
        """See `Engine.read`."""
        result = self._ocr(bgr(image))
        if result.boxes is None:
            return ()
        return lines_of(result.boxes, result.txts, result.scores)

    def read_lines(self, strips: Sequence[Image]) -> list[tuple[str, float]]:
        """See `LineReader.read_lines`."""
        from rapidocr.ch_ppocr_rec import TextRecInput

        found = self._ocr.text_rec(TextRecInput(img=[bgr(strip) for strip in strips]))
        return [(text.strip(), float(score)) for text, score in zip(found.txts or (), found.scores or (), strict=True)]


def keys_file(folder: Path) -> Path:
    """The recogniser's characters, one a line, as rapidocr wants them; written once beside nothing of the user's."""
    handle, name = tempfile.mkstemp(prefix="workbench-keys-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(characters_of(folder)))
    return Path(name)
