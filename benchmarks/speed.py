"""How fast receipts are read, beside others: `python -m benchmarks.speed` prints one table.

All contenders read the same pictures in turn, round by round, each in a process of its own that is warm when the clock
starts; the table holds medians over rounds. On a busy machine CPU seconds are the figure to look at.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.contenders import SAMPLE, Reading, contenders
from benchmarks.photos import Photo, seen

PHOTOS = Path(__file__).parents[2] / "shared" / "receipts"
MB = 1024 * 1024


@dataclass(frozen=True)
class Round:
    """One contender over all pictures: seconds, MB a process at most, and true values seen in the text, of how many."""

    wall: float
    cpu: float
    first: float
    each: list[float]
    memory: float
    right: int
    of: int


def measure(name: str, folder: Path, files: list[Path]) -> Round:
    """Runs a contender here; first look at the clock once it is warm."""
    stream = contenders()[name](files)
    next(stream)
    began, before = time.perf_counter(), _cpu()
    readings: list[Reading] = []
    first = 0.0
    for reading in stream:
        assert reading is not None
        first = first or time.perf_counter() - began
        if len(readings) % 4 == 0:
            memory = _peak()
        readings.append(reading)
        wall, cpu = time.perf_counter() - began, _cpu() - before
    if readings[0].cpu is not None:
        wall, cpu = sum(r.seconds for r in readings), sum(r.cpu or 0.0 for r in readings)
        first = readings[0].seconds
    right, of = _right(folder, readings)
    return Round(wall, cpu, first, [r.seconds for r in readings], memory, right, of)


def _cpu() -> float:
    """CPU seconds of this process and all below it, living and gone."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() + gone.ru_utime + gone.ru_stime
    for child in psutil.Process().children(recursive=True):
        times = child.cpu_times()
        used += times.user + times.system + getattr(times, "children_user", 0) + getattr(times, "children_system", 0)
    return used


def _peak() -> float:
    """MB that the largest of this process and those below it held at its peak."""
    this = psutil.Process()
    return max(_high_water(process) for process in (this, *this.children(recursive=True)))


def _high_water(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        marks = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(marks[0].split()[1]) / 1024 if marks else 0.0
    return process.memory_info().rss / MB


def _right(folder: Path, readings: list[Reading]) -> tuple[int, int]:
    texts: dict[str, list[str]] = {}
    for reading in readings:
        texts.setdefault(reading.file, []).extend(reading.texts)
    rows = [
        row
        for truth in json.loads((folder / "truth.json").read_text("utf8"))
        if truth["file"] in texts
        for row in seen(Photo(truth["file"], (), tuple(truth.get("receipts", [truth]))), texts[truth["file"]])
    ]
    return sum(sum(row.values()) for row in rows), sum(len(row) for row in rows)


def table(rounds: dict[str, list[Round]], pictures: int) -> str:
    """The medians as Markdown; times are also given as shares of the first contender's."""
    heads = [
        "",
        "receipts/min",
        "×",
        "s each p50",
        "p95",
        "CPU s each",
        "×",
        "first row s",
        "MB a process",
        "values seen",
    ]
    rows = [heads, ["---"] * len(heads)]
    base: tuple[float, float] | None = None
    for name, measured in rounds.items():
        each = sorted(s for r in measured for s in r.each)
        wall, cpu, first, memory = (
            statistics.median(getattr(r, part) for r in measured) for part in ("wall", "cpu", "first", "memory")
        )
        base = base or (wall, cpu)
        rows.append([
            name, f"{60 * pictures / wall:.1f}", f"{wall / base[0]:.2f}", f"{each[len(each) // 2]:.2f}",
            f"{each[int(0.95 * (len(each) - 1))]:.2f}", f"{cpu / pictures:.2f}", f"{cpu / base[1]:.2f}", f"{first:.1f}",
            f"{memory:.0f}", f"{measured[0].right}/{measured[0].of}" if measured[0].right else "",
        ])  # fmt: skip
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def chosen(folder: Path, most: int) -> list[Path]:
    """The pictures of a folder, evenly chosen where they are more than `most` (0: all)."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return [files[i * len(files) // most] for i in range(most)] if 0 < most < len(files) else files


def main() -> None:
    """Every contender in turn, as many rounds as asked for."""
    parser = argparse.ArgumentParser(description="Speed beside others.")
    parser.add_argument("--folder", type=Path, default=PHOTOS if PHOTOS.exists() else SAMPLE)
    parser.add_argument("--pictures", type=int, default=0, help="at most so many, evenly chosen (0: all)")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="names of contenders")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    files = chosen(options.folder, options.pictures)
    if options.one:
        print("\n" + json.dumps(asdict(measure(options.one, options.folder, files))))
        return
    rounds: dict[str, list[Round]] = {}
    for number in range(options.rounds):
        for name in contenders():
            if name not in (options.only or [n for n in contenders() if "dask" not in n]):  # dask only when asked for
                continue
            command = [sys.executable, "-m", "benchmarks.speed", "--one", name, "--folder", str(options.folder)]
            command += ["--pictures", str(options.pictures)]
            said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            rounds.setdefault(name, []).append(Round(**json.loads(said.splitlines()[-1])))
            done = rounds[name][-1]
            print(f"round {number + 1}, {name}: {done.wall:.1f} s, CPU {done.cpu:.1f} s", file=sys.stderr, flush=True)
    print(f"{len(files)} pictures, {options.rounds} rounds, {psutil.cpu_count()} cores\n")
    print(table(rounds, len(files)))


if __name__ == "__main__":
    main()
