"""Changes cases behind the program's back and counts what `verify` finds: `python -m tests.reliability.tampering`.

Each tampering is one of: a bit of a value anywhere in the tables, an entry removed, two swapped, an original or a
picture on screen changed.
"""

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.kit.worked_case import found, worked_on

TABLES = {
    "journal": ("receipt", "action", "field", "value", "before", "detail", "by", "at", "previous"),
    "receipts": ("status", "hidden", "reading", "lines"),
    "files": ("name", "size", "pages"),
    "tax": ("record",),
}


def tamper(folder: Path, chance: random.Random) -> str:
    """One change; what it was."""
    kind = chance.choice(("bit", "bit", "bit", "removed", "swapped", "original", "picture"))
    if kind in ("original", "picture"):
        path = chance.choice(sorted((folder / {"original": "files", "picture": "pictures"}[kind]).iterdir()))
        data = bytearray(path.read_bytes())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        return kind
    db = sqlite3.connect(folder / "case.sqlite")
    seqs = [row[0] for row in db.execute("SELECT seq FROM journal ORDER BY seq")]
    if kind == "removed":
        db.execute("DELETE FROM journal WHERE seq = ?", (chance.choice(seqs),))
    elif kind == "swapped":
        a, b = chance.sample(seqs, 2)
        for was, now in ((a, -1), (b, a), (-1, b)):
            db.execute("UPDATE journal SET seq = ? WHERE seq = ?", (now, was))
    else:
        kind = flip(db, chance)
    db.commit()
    db.close()
    return kind


def flip(db: sqlite3.Connection, chance: random.Random) -> str:
    """One bit of one value."""
    while True:
        table = chance.choice(list(TABLES))
        column = chance.choice(TABLES[table])
        rows = db.execute(
            f"SELECT rowid, {column} FROM {table}" if table != "tax" else "SELECT number, record FROM tax"
        )
        key, value = chance.choice(rows.fetchall() or [(0, None)])
        if not isinstance(value, int) and not value:
            continue
        if isinstance(value, int):
            changed: object = value ^ 1
        else:
            raw = bytearray(value.encode() if isinstance(value, str) else value)
            raw[chance.randrange(len(raw))] ^= 1  # the lowest bit: text stays text
            changed = raw.decode("utf-8", "replace") if isinstance(value, str) else bytes(raw)
        if changed != value:
            where = "number" if table == "tax" else "rowid"
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {where} = ?", (changed, key))
            return f"bit of {table}.{column}"


def trial(honest: int, tampered: int, seed: int = 1) -> Counter[str]:
    """AssertionError on the first tampering that is not found, or the first honest case that is accused."""
    chance, counts = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as home:
        for number in range(max(honest, (tampered + 9) // 10)):
            folder = Path(home) / str(number)
            worked_on(folder, seed + number, acts=20)
            if number < honest:
                assert found(folder) == [], f"honest case {number} is accused: {found(folder)}"
                counts["honest"] += 1
            for again in range(max(0, min(10, tampered - 10 * number))):
                copy = Path(home) / f"{number}-{again}"
                shutil.copytree(folder, copy)
                what = tamper(copy, chance)
                assert found(copy), f"not found: {what} (case {number}, {again})"
                counts[what.split()[0]] += 1
                shutil.rmtree(copy)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--honest", type=int, default=50)
    parser.add_argument("--tampered", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    counts = trial(given.honest, given.tampered, given.seed)
    print(f"{dict(counts)}: all found, nobody accused ({time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
