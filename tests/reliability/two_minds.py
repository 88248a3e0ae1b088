"""Two processes speak of the same five receipts at once, and are killed in the middle of it:
`python -m tests.reliability.two_minds --acts 500 --kills 30`.

Afterwards nothing is approved that its approver did not see, the journal explains every value that holds, every word
that was accepted is there, and the chain is whole.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.kit.pile import pile, reading
from tests.kit.processes import environment
from workbench.case import Case
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

NAMES = ("kim", "lee")


def speak(folder: Path, acts: int, seed: int, kill_after: float | None = None) -> list[str]:
    """What both told; with `kill_after` seconds both are killed then."""
    told = [folder.parent / f"told-{name}" for name in NAMES]
    minds = []
    for name, facts in zip(NAMES, told, strict=True):
        with facts.open("wb") as stream:
            command = [sys.executable, "-m", "tests.kit.two_minds", str(folder), name, str(acts), str(seed)]
            minds.append(subprocess.Popen(command, stdout=stream, env=environment()))
    end = time.monotonic() + 240
    while not all(facts.read_bytes().startswith(b"ready") for facts in told):
        assert time.monotonic() < end, "they never began"
        time.sleep(0.02)
    reread(folder, seed)
    if kill_after is not None:
        time.sleep(kill_after)
        for mind in minds:
            mind.kill()
    for mind in minds:
        assert mind.wait(240) in (0, -9)
    return [line for facts in told for line in facts.read_text().split("\n")[:-1]]


def reread(folder: Path, seed: int) -> None:
    """Another reading of the first receipt finds another total, while both speak of it."""
    store = Store(folder)
    first = store.receipts()[0][2].id
    for number in range(3):
        store.put_page(first, (reading(0, total=str(1_000 + 7 * number + seed)),))
        time.sleep(0.05)
    store.close()


def check(folder: Path, told: list[str]) -> Counter[str]:
    """AssertionError on the first thing that is not as it must be; how often what happened."""
    case = Case.open(folder, Settings())
    assert case.verify() == []
    entries = {entry.seq: entry for entry in case.entries()}
    counts = Counter(line.split()[0] for line in told)
    for line in told:
        verb, *rest = line.split(" ", 2)
        if verb != "did":
            continue
        seq, said = int(rest[0]), json.loads(rest[1])
        assert seq in entries, f"an accepted word is lost: {line}"
        if said["act"] == "approve":
            assert entries[seq].detail["values"] == said["saw"], f"approved what was not seen: {line}"
    words: dict[tuple[str, str], str | None] = {}
    read: dict[tuple[str, str], str | None] = {}
    for entry in entries.values():
        if entry.action == "correct":
            words[entry.receipt, str(entry.field)] = entry.value
            held = entry.before
            assert held is None or held.isdecimal()
        elif entry.action == "read":
            read |= {(entry.receipt, field): value for field, value in json.loads(entry.value or "{}").items()}
    for receipt in case.receipts():
        for field in ("total", "vat"):
            key = receipt.id, field
            explained = words.get(key) if words.get(key) is not None else read[key]
            assert receipt.value(field) == explained, f"{key}: {receipt.value(field)} is not what was said last"
        if receipt.status in ("approved", "confirmed"):
            assert all(dict(given.values) == receipt.values for given in receipt.approvals)
            counts["standing approvals"] += 1
        counts["changed since"] += receipt.status == "changed"
    counts["entries"] = len(entries)
    case.close()
    return counts


def trial(acts: int, kills: int, seed: int = 1) -> Counter[str]:
    """Both speak to the end once, then are killed and begin again `kills` times."""
    chance, total = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "case"
        pile(folder, 5).close()
        total += check(folder, speak(folder, acts, seed))
        for number in range(kills):
            found = check(folder, speak(folder, 10_000, seed + 1 + number, chance.uniform(0.05, 1.5)))
            total += Counter({name: found[name] for name in ("did", "changed")})
            total["entries"] = found["entries"]
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--acts", type=int, default=500)
    parser.add_argument("--kills", type=int, default=30)
    given = parser.parse_args()
    began = time.monotonic()
    print(
        dict(trial(given.acts, given.kills)), f"{time.monotonic() - began:.0f} s; nothing lost, nothing unseen approved"
    )


if __name__ == "__main__":
    main()
