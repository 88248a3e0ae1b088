"""Greedy CTC: the surest class of each step, repeats and blanks dropped. Class 0 is the blank."""

import numpy as np
import numpy.typing as npt

Path = npt.NDArray[np.integer]


def beginnings(path: Path) -> Path:
    """The steps (of `path`, one class a step) at which another class begins, the blank's too."""
    begins = np.ones(len(path), bool)
    np.not_equal(path[1:], path[:-1], out=begins[1:])
    return np.flatnonzero(begins)


def greedy(path: Path) -> list[int]:
    """The classes that a path spells."""
    spelt = path[beginnings(path)]
    return [int(k) for k in spelt[spelt > 0]]
