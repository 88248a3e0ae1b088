"""The recogniser that a user's own corrections taught: which one this machine's user has taken, below the home folder.

Weights lie in `<home>/learned/<name>/model`; `<home>/learned/taken` names the one that is asked beside the bundled.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.pipeline.storage.atomic import whole

BUNDLED = "bundled"


@dataclass(frozen=True, slots=True)
class Learnt:
    """How far learning is (`share` 0..1) and what came out, as it stands in `state.json`.

    `own` and `elsewhere` are errors a character before and with what was learnt beside: on corrected lines that were
    kept back, and on drawn ones. `trouble` is "few" or "failed" where nothing came out.
    """

    share: float = 0.0
    done: bool = False
    lines: int = 0
    kept_back: int = 0
    own: tuple[float, float] = (0.0, 0.0)
    elsewhere: tuple[float, float] = (0.0, 0.0)
    trouble: str = ""

    def write(self, folder: Path) -> None:
        """Into FOLDER/state.json, in one move."""
        with whole(folder / "state.json") as draft:
            draft.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Learnt | None":
        """Out of FOLDER/state.json; None where nothing was said yet."""
        try:
            return cls(**json.loads((folder / "state.json").read_text("utf-8")))
        except OSError:
            return None


def learned(home: Path) -> Path:
    """The folder of all that was learnt on this machine."""
    return home / "learned"


def taken(home: Path) -> str:
    """What `EngineSpec.opinion` is: a whole folder that was taken, "" for none."""
    try:
        name = (learned(home) / "taken").read_text("utf-8").strip()
    except OSError:
        return ""
    folder = learned(home) / Path(name).name / "model"
    there = name and all((folder / file).is_file() for file in ("inference.onnx", "inference.yml"))
    return str(folder) if there else ""


def take(home: Path, name: str) -> None:
    """From now on ask what was learnt under that name as well."""
    with whole(learned(home) / "taken") as draft:
        draft.write_text(name, "utf-8")


def give_back(home: Path) -> None:
    """From now on read with the bundled weights alone again."""
    (learned(home) / "taken").unlink(missing_ok=True)
