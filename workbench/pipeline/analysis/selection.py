"""Which receipts a person means: a query, a DataFrame, a mask, ids; pure."""

from collections.abc import Iterable
from types import FrameType
from typing import Any

import numpy as np
import pandas as pd

from workbench.domain.errors import CaseError
from workbench.domain.model import Receipt

Choice = str | pd.DataFrame | pd.Series | Iterable[str] | Iterable[bool] | Iterable[Receipt] | None
"""None is all; a text is one id, else a query as in `DataFrame.query`; a frame or series counts by its receipt_id."""


def chosen(frame: pd.DataFrame, which: Choice, names: dict[str, Any] | None = None) -> list[str]:
    """The ids among those of `frame` (as `Case.frame` makes it), in the order asked for, each once.

    `names` are what a query's @names stand for. CaseError says in words what was not understood or is not there.
    """
    if which is None:
        return list(frame["receipt_id"])
    if isinstance(which, str):
        return [which] if which in set(frame["receipt_id"]) else _queried(frame, which, names or {})
    if isinstance(which, pd.DataFrame):
        return _known(frame, which.get("receipt_id", which.index))
    if isinstance(which, pd.Series) and pd.api.types.is_bool_dtype(which.dtype):
        return _masked(frame, which)
    listed = list(which)
    if listed and all(_is_flag(one) for one in listed):
        return _masked(frame, pd.Series(pd.array(listed, dtype="boolean")))
    return _known(frame, (one.id if isinstance(one, Receipt) else one for one in listed))


def names_for(which: Choice, caller: FrameType) -> dict[str, Any]:
    """What the @names of a query stand for, where `caller` is the function or notebook cell that asked."""
    return {**caller.f_globals, **caller.f_locals} if isinstance(which, str) and "@" in which else {}


def _queried(frame: pd.DataFrame, query: str, names: dict[str, Any]) -> list[str]:
    try:
        mask = frame.eval(query, local_dict=names, engine="python")
    except Exception as error:  # pandas raises whatever Python, its parser or a dtype says
        raise CaseError(
            f"조건을 이해하지 못했습니다: {query!r} ({error}). 예: \"total > 100000 and status == 'read'\"."
            f" 열: {', '.join(frame.columns)}"
        ) from error
    if not isinstance(mask, pd.Series) or not pd.api.types.is_bool_dtype(mask.dtype):
        raise CaseError(f'조건이 참·거짓으로 끝나지 않습니다: {query!r}. 예: "total > 100000"')
    return _masked(frame, mask)


def _masked(frame: pd.DataFrame, mask: pd.Series) -> list[str]:
    if len(mask) != len(frame):
        raise CaseError(
            f"마스크는 {len(mask):,}줄인데 사건에는 영수증이 {len(frame):,}장입니다."
            " case.frame()을 다시 부르거나, 걸러 낸 DataFrame을 넘겨 주세요."
        )
    labels = next((own for own in (frame.index, pd.Index(frame["receipt_id"])) if set(own) == set(mask.index)), None)
    if labels is not None:
        mask = mask.reindex(labels)  # by label: the mask of a sorted frame means the same receipts
    # What is unknown (<NA>) is not chosen.
    return list(frame["receipt_id"][mask.astype("boolean").fillna(False).to_numpy(dtype=bool)])


def _known(frame: pd.DataFrame, ids: Iterable[Any]) -> list[str]:
    wanted = list(dict.fromkeys(str(i) for i in ids))
    there = set(frame["receipt_id"])
    strangers = [i for i in wanted if i not in there]
    if strangers:
        more = f" 외 {len(strangers) - 3:,}건" if len(strangers) > 3 else ""
        raise CaseError(f"이 사건에 없는 영수증입니다: {', '.join(strangers[:3])}{more}")
    return wanted


def _is_flag(one: object) -> bool:
    return isinstance(one, bool | np.bool_) or one is pd.NA
