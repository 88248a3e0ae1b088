"""What the journal costs: a correction, and the verification of a large case. `python -m benchmarks.journal`."""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from workbench.case import Case
from workbench.domain.model import Field, Geometry, Reading
from workbench.pipeline.storage import pictures
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.sqlite import Store
from workbench.settings import Settings

FIELDS = tuple(Field(name, "12500", "12,500원", 0.98) for name in ("total", "supply", "vat", "merchant"))


def filled(folder: Path, receipts: int) -> list[str]:
    """A case of so many receipts with an original and a picture each; their ids. Two entries each: added, read."""
    import hashlib

    store, ids = Store(folder), []
    for number in range(receipts):
        data = f"receipt {number}".encode() * 4000  # about 50 kB
        name = hashlib.sha256(data).hexdigest()
        (folder / "files" / f"{name}.jpg").write_bytes(data)
        (first,), _ = store.add_file(name, f"{number}.jpg", ".jpg", len(data), 1)
        ids += store.put_page(first, (Reading(Geometry(), (), fields=FIELDS),), pictures=[data])
        shown = pictures.path_of(folder, first)
        shown.parent.mkdir(exist_ok=True)
        shown.write_bytes(data)
    store.close()
    return ids


def main() -> None:
    """Fills a case and prints both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("receipts", nargs="?", type=int, default=10_000)
    parser.add_argument("--corrections", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "case"
        ids = filled(folder, given.receipts)
        case = Case.open(folder, Settings())
        took, written = [], []
        for number in range(given.corrections):
            name = ids[number * 37 % len(ids)]
            began = time.perf_counter()
            case.append(Word("correct", "kim", name, "total", str(number)))
            took.append(1000 * (time.perf_counter() - began))
            began = time.perf_counter()
            with case.store.writing() as db:  # a write of the same sort without any journal
                db.execute("UPDATE receipts SET error = ? WHERE id = ?", (str(number), name))
                db.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
            written.append(1000 * (time.perf_counter() - began))
        began, cpu = time.perf_counter(), time.process_time()
        found = case.verify()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        entries, _ = case.chain_head()
        case.close()
    print(
        f"a correction: median {statistics.median(took):.1f} ms, 95 % {statistics.quantiles(took, n=20)[-1]:.1f} ms; "
        f"a bare write {statistics.median(written):.1f} ms"
    )
    print(
        f"verify of {given.receipts:,} receipts, {entries:,} entries: {seconds:.1f} s ({cpu:.1f} s of CPU), "
        f"{len(found)} findings"
    )


if __name__ == "__main__":
    main()
