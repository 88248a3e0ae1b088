"""How a large case behaves in pandas: `python -m benchmarks.frame [RECEIPTS]` prints a table (10,000 by default).

The receipts are drawn records with blank pictures. Wall time and CPU time are told apart, and the limits are held
against CPU time: all of this runs in one thread, and other work on the machine lengthens only the first. `review`
counts until the page's models are made, which is what the browser is sent.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn

from benchmarks.records import fill
from workbench.case import Case
from workbench.settings import Settings

QUERY = "total > 100000 and tax_type.str.contains('간이과세자')"
LIMITS = {"frame()": 1.0, "review(query)": 2.0}
MOST_MEMORY_MB = 1024


def main() -> int:
    """0 when all limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("receipts", nargs="?", type=int, default=10_000)
    count = parser.parse_args().receipts
    with tempfile.TemporaryDirectory() as folder:
        case = Case.open(Path(folder) / "case", Settings())
        _timed("fill", lambda: fill(case, count))
        case.close()
        case, *seconds = _timed("open", lambda: Case.open(Path(folder) / "case", Settings()))
        some = case.receipts()[count // 2].id
        pn.extension("tabulator")
        rows: list[tuple[str, float, float]] = [("open the case", seconds[0], seconds[1])]
        calls: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("frame()", case.frame),
            ("frame() again", case.frame),
            ("correct()", lambda: case.correct(some, "total", "12,500", by="kim")),
            ("frame() after", case.frame),
            ("items()", case.items),
            ("findings()", case.findings),
            ("lines()", case.lines),
            ("choose(query)", lambda: case.choose(QUERY)),
            ("review(query)", lambda: case.review(QUERY).__panel__().get_root()),
            ("review() of all", lambda: case.review().__panel__().get_root()),
        )
        for name, call in calls:
            _, wall, cpu = _timed(name, call)
            rows.append((name, wall, cpu))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        case.close()
    print(f"{count:,} receipts{'':<12}{'wall s':>10}{'CPU s':>10}{'limit':>8}")
    for name, wall, cpu in rows:
        print(f"{name:<24}{wall:>13.2f}{cpu:>10.2f}{LIMITS.get(name, ''):>8}")
    print(f"{'memory, most':<24}{memory:>10.0f} MB{MOST_MEMORY_MB:>15} MB")
    spent = {name: cpu for name, _, cpu in rows}
    return int(memory > MOST_MEMORY_MB or any(spent[name] > limit for name, limit in LIMITS.items()))


def _timed(name: str, call: Callable[[], Any]) -> tuple[Any, float, float]:
    print(f"{name} ...", file=sys.stderr)
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return result, time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    sys.exit(main())
