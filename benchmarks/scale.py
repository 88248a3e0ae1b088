"""From one machine to many: what a pile of receipts needs, and a simulation that checks it.

`python -m benchmarks.scale --service 1.2 3.4` plays the queue with the measured seconds of readings (drawn from those
given), one parent that stores each reading in turn, and workers that die now and then. It prints what the formula says
beside what the simulation finds.
"""

from __future__ import annotations

import argparse
import heapq
import random
from dataclasses import dataclass

REREAD = 2
"""Receipts lost with a worker: the one in work and the one at the door."""


@dataclass(frozen=True)
class Plan:
    """A pile and the machinery for it; times in seconds."""

    receipts: int
    workers: int
    store: float
    """what the one parent spends on a receipt: the transaction and the picture"""
    deaths: float = 0.0
    """deaths of a worker per hour and worker"""
    restart: float = 20.0


def estimate(plan: Plan, service: list[float]) -> float:
    """Seconds by the formula: workers share the readings, unless the parent is slower than all of them."""
    mean = sum(service) / len(service)
    lost = plan.deaths / 3600 * (plan.restart + REREAD * mean)
    return plan.receipts * max(mean * (1 + lost) / plan.workers, plan.store)


def simulate(plan: Plan, service: list[float], chance: random.Random) -> float:
    """Seconds by playing it: who ends first hands over first; the parent stores one after the other."""

    def ending(began: float) -> float:
        seconds = chance.choice(service)
        while plan.deaths and chance.random() < seconds * plan.deaths / 3600:
            began += chance.random() * seconds + plan.restart
        return began + seconds

    ahead = sum(service) / len(
        service
    )  # one receipt at the door of each worker: so far it need not wait for the parent
    at_work = [ending(0.0) for _ in range(min(plan.workers, plan.receipts))]
    heapq.heapify(at_work)
    left, stored = plan.receipts - len(at_work), 0.0
    while at_work:
        ended = heapq.heappop(at_work)
        stored = max(stored, ended) + plan.store
        if left:
            left -= 1
            heapq.heappush(at_work, ending(max(ended, stored - ahead)))
    return stored


def main() -> None:
    """One row a pile: by the formula, by the simulation, and how far they are apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", type=float, nargs="+", default=[0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 2.9])
    parser.add_argument("--store", type=float, default=0.012, help="seconds of the parent for a receipt")
    parser.add_argument("--deaths", type=float, default=0.1, help="deaths an hour and worker")
    options = parser.parse_args()
    print("| receipts | workers | hours by formula | hours simulated | apart |\n|---|---|---|---|---|")
    for receipts, workers in ((10_000, 2), (10_000, 16), (1_000_000, 64), (1_000_000, 200)):
        plan = Plan(receipts, workers, options.store, options.deaths)
        said, played = estimate(plan, options.service), simulate(plan, options.service, random.Random(1))
        apart = 100 * played / said - 100
        print(f"| {receipts:,} | {workers} | {said / 3600:.2f} | {played / 3600:.2f} | {apart:+.1f} % |")


if __name__ == "__main__":
    main()
