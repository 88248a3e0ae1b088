"""Several cases in one table."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from workbench.case import Case
from workbench.domain.errors import CaseError

Table = Literal["frame", "items", "lines", "corrections", "findings"]


def concat(
    cases: Iterable[Case | str | Path] | Mapping[str, Case | str | Path], table: Table = "frame"
) -> pd.DataFrame:
    """One table of several cases, with a first column `case`: the name of its folder, or the key of a mapping.

    Cases may be given open or as folders. `table` is the name of the method of `Case` to ask. CaseError where two
    cases would have one name: give a mapping then.
    """
    pairs = list(cases.items()) if isinstance(cases, Mapping) else [(None, given) for given in cases]
    frames: dict[str, pd.DataFrame] = {}
    for key, given in pairs:
        folder = given.folder if isinstance(given, Case) else Path(given).expanduser()
        name = folder.resolve().name if key is None else key
        if name in frames:
            raise CaseError(f"이름이 같은 사건이 둘입니다: {name}. {{'이름': 사건}}처럼 이름을 붙여 주세요.")
        frames[name] = _table(given if isinstance(given, Case) else folder, table)
    for name, frame in frames.items():
        frame.insert(0, "case", pd.Series([name] * len(frame), dtype="string", index=frame.index))
    if not frames:
        raise CaseError("사건이 하나도 없습니다.")
    return pd.concat(frames.values(), ignore_index=True)


def _table(given: Case | Path, table: Table) -> pd.DataFrame:
    if isinstance(given, Case):
        return _asked(given, table)
    if not (given / "case.sqlite").is_file():
        raise CaseError(f"사건 폴더가 아닙니다: {given}")
    case = Case.open(given)
    try:
        return _asked(case, table)
    finally:
        case.close()


def _asked(case: Case, table: Table) -> pd.DataFrame:
    frame: pd.DataFrame = getattr(case, table)()
    return frame
