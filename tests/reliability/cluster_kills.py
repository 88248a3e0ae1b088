"""Kills workers of a dask cluster and counts what is lost: `python -m tests.reliability.cluster_kills --kills 20`.

Three workers in folders of their own, which see nothing of the case's. A worker is killed at random, another takes its
place. In the end every receipt is held against what its picture says, and readings are counted: one a receipt, and one
more for each that was in a killed worker's hands.
"""

import argparse
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.kit import ROOT
from tests.kit.cluster import Cluster, ended
from tests.kit.scripted import picture
from workbench.case import Case
from workbench.settings import Settings

WORKERS = 3
IN_HAND = 2
"""Tasks that a worker has: the one in work and the one at its access."""


@dataclass
class Trial:
    """What came of it."""

    kills: int
    receipts: int
    stored: int
    set_aside: int
    begun: int
    seconds: float


def trial(folder: Path, kills: int = 20, receipts: int = 90, seed: int = 1, real: bool = False) -> Trial:
    """Reads `receipts` drawn pictures while workers are killed; `real`: copies of the samples, with the real engine."""
    rng, began = random.Random(seed), time.monotonic()
    cluster = Cluster(folder / "cluster")
    counted = folder / "begun"
    counted.mkdir()
    engine = "paddle" if real else "tests.kit.fakes:CountingEngine"
    workers = [cluster.add(f"worker-{i}", BEGUN=str(counted)) for i in range(WORKERS)]
    case = Case.open(folder / "case", Settings(jobs=WORKERS, engine=engine, backend="dask", scheduler=cluster.address))
    try:
        samples = [path.read_bytes() for path in sorted((ROOT / "data" / "sample").glob("*.jpg"))]
        copies = ((f"{i}.jpg", samples[i % len(samples)] + i.to_bytes(2)) for i in range(receipts))
        case.add(*(copies if real else ((f"{i}.png", picture(shade=i)) for i in range(receipts))))
        receipts = len(case.receipts())
        run = case.read()
        done = 0
        while done < kills and run.running:
            already = run.done
            while run.running and run.done == already:  # else whoever is killed is but starting
                time.sleep(0.05)
            time.sleep(rng.uniform(0.0, 3.0))
            place = rng.randrange(WORKERS)
            ended(workers[place])
            done += 1
            workers[place] = cluster.add(f"worker-{WORKERS + done}", BEGUN=str(counted))
        run.wait(progress=False)
        statuses = [receipt.status for receipt in case.receipts()]
        read = [receipt for receipt in case.receipts() if receipt.status == "read"]
        said = {(int(Path(r.file).stem) % len(samples), r.region, r.value("total")) for r in read}
        assert real or len(statuses) == receipts, "receipts are gone or there twice"
        assert len({r.file for r in case.receipts()}) == receipts, "files are gone"
        assert set(statuses) <= {"read", "failed"}, "some were never told of"
        assert real or {total for *_, total in said} == {"11000"}, "a reading is not what the picture says"
        assert not real or len(said) == len({one[:2] for one in said}), "copies of one picture were read differently"
        assert len(statuses) == len({receipt.id for receipt in case.receipts()}), "one was read twice"
        assert case.verify() == []
        begun = len(list(counted.iterdir()))
        assert real or receipts <= begun <= receipts + IN_HAND * done, "more was read again than was in hand"
        return Trial(done, receipts, statuses.count("read"), statuses.count("failed"), begun, time.monotonic() - began)
    finally:
        case.close()
        cluster.close()


def main() -> None:
    """One trial, told in a line."""
    parser = argparse.ArgumentParser(description="Kill workers of a dask cluster and count what is lost.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--receipts", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="with the real engine instead of one that knows by heart")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(trial(Path(folder), options.kills, options.receipts, options.seed, options.real))


if __name__ == "__main__":
    main()
