"""Whether a case is as its journal tells: the chain whole, what is stored as it was bound, each original itself.

The chain shows what was changed afterwards by whoever did not rewrite all that follows; against one who rewrites
everything the head stands that earlier exports printed.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from workbench.pipeline.storage import journal, pictures
from workbench.pipeline.storage.database import Database
from workbench.pipeline.storage.intake import coming_in
from workbench.pipeline.storage.journal import ERASED
from workbench.pipeline.storage.migrations import sha
from workbench.pipeline.storage.moment import Moment, at_one_moment
from workbench.pipeline.storage.replay import Told

A_TASK, A_READ = 64, 1 << 20
"""Files that a thread takes at a time (to hand them over singly takes as long as to read them), bytes read at once."""


def verify(store: Database) -> list[str]:
    """[] or, a sentence each, what was tampered with or lost. Reads every original."""
    told = Told()
    with at_one_moment(store) as moment:  # else what others write meanwhile is in one table and not yet in another
        if not moment.rows("SELECT 1 FROM journal LIMIT 1"):
            return list(_empty(moment))
        found = [*_chain(moment, told), *_tables(moment, told)]
    found += _originals(store)
    found += _pictures(store, told)
    return found


def vouched_since(store: Database) -> journal.Entry | None:
    """The entry from which on the chain vouches: the first, or of an older case the one that took it over."""
    where = "seq = coalesce((SELECT min(seq) FROM journal WHERE action = 'take-over'), (SELECT min(seq) FROM journal))"
    rows = store.rows(f"SELECT {journal.COLUMNS} FROM journal WHERE {where}")  # noqa: S608
    return journal.entry_of(rows[0]) if rows else None


def _empty(store: Moment) -> Iterator[str]:
    files = set(_lying(store.folder / "files")) - coming_in(store.folder)
    if store.told is not None:
        yield f"기록이 비어 있습니다. {store.told[0]:,}건까지 있었습니다. 데이터베이스가 바뀌었거나 사라졌습니다."
    elif files or store.rows("SELECT 1 FROM receipts LIMIT 1") or store.rows("SELECT 1 FROM files LIMIT 1"):
        yield f"기록이 비어 있는데 원본 파일은 {len(files):,}개 있습니다. 데이터베이스가 바뀌었거나 사라졌습니다."


def _chain(store: Moment, told: Told) -> Iterator[str]:
    head, last = "", 0
    end, file = dict(store.rows("SELECT key, value FROM meta WHERE key = 'head'")).get("head"), store.told
    at_file = ""
    gone: list[int] = []
    for row in store.rows(f"SELECT {journal.COLUMNS} FROM journal ORDER BY seq"):  # noqa: S608
        seq, *said, salt, seal, previous = row
        if previous != head:
            what = f"기록 {last}번의 내용이나 순서가 바뀌었거나, 그 뒤의 기록이 지워지거나 끼워졌습니다."
            yield what if last else "첫 기록이 지워졌거나 바뀌었습니다."
        if said[1] == ERASED and seal:
            gone.append(seq)
            if any(said[:1] + said[2:]):
                yield f"지워진 기록 {seq}번에 내용이 적혀 있습니다."
        else:
            try:
                told.hear(journal.entry_of(row))
            except (ValueError, KeyError, TypeError, AttributeError):
                yield f"기록 {seq}번을 읽을 수 없습니다. 내용이 바뀌었습니다."
            seal = journal.seal_of(salt, said)
        head, last = journal.hash_of(previous, seq, seal), seq
        if file is not None and seq == file[0]:
            at_file = head
    if head != (end or ""):
        yield f"마지막 기록({last}번)의 내용이 바뀌었거나, 그 뒤의 기록이 지워졌습니다."
    if file is not None and at_file != file[1]:
        yield f"이 사건에는 기록이 {file[0]:,}건까지 있었는데 그 기록이 없습니다. 사본이라면 끝부분(WAL)이 빠졌습니다."
    if strange := [seq for seq in gone if seq not in told.erased]:
        yield f"지웠다는 기록 없이 내용이 사라진 기록이 있습니다: {_few(strange)}"


def _tables(store: Moment, told: Told) -> Iterator[str]:
    files = {
        file_hash: {"file": file_hash, "name": name, "size": size, "pages": pages}
        for file_hash, name, size, pages in store.rows("SELECT hash, name, size, pages FROM files")
    }
    yield from _held("파일", files, told.files, lambda one: one["name"])
    receipts, sentence = {}, {}
    for name, file, place, status, hidden, reading, lines in store.rows(
        "SELECT id, name, substr(hash, 1, 16) || '-' || page || '-' || region, status, hidden, reading, lines"
        " FROM receipts JOIN files USING (hash)"
    ):
        receipts[name] = {
            "place": place, "status": status, "hidden": hidden, "reading": sha(reading), "lines": sha(lines)
        }  # fmt: skip
        sentence[name] = f"{file} ({name})"
    asked = {name: {"place": name, "reading": None, "lines": None} | state for name, state in told.receipts.items()}
    yield from _held("영수증", receipts, asked, lambda one: "", sentence)
    gone = set(told.replaced)
    for name, seq, *row in store.rows("SELECT receipt, replaced_by, reading, lines FROM earlier_readings"):
        gone.discard((name, seq))
        if tuple(map(sha, row)) not in told.readings.get(name, set()):
            yield f"이전 판독이 바뀌었습니다: {sentence.get(name, name)}"
    yield from (f"이전 판독이 사라졌습니다: {sentence.get(name, name)}" for name in dict(sorted(gone)))
    yield from _held("목록", _lists(store), told.lists, lambda one: one["name"])
    tax = {n: sha(record) for n, record in store.rows("SELECT number, record FROM tax WHERE record IS NOT NULL")}
    yield from (f"국세청의 답이 기록과 다릅니다: {n}" for n in {**tax, **told.tax} if tax.get(n) != told.tax.get(n))
    settings = {
        key.removeprefix("setting:"): value
        for key, value in store.rows("SELECT key, value FROM meta WHERE key LIKE 'setting:%'")
    }
    names = {**settings, **told.settings}
    yield from (f"사건의 설정이 기록과 다릅니다: {n}" for n in names if settings.get(n) != told.settings.get(n))


def _lists(store: Moment) -> dict[str, dict[str, Any]]:
    """The auditor's other lists as the table holds them."""
    found = {}
    for name, kind, title, sheets, columns in store.rows("SELECT id, kind, name, sheets, columns FROM lists"):
        try:
            cells, chosen = sha(zlib.decompress(sheets)), json.loads(columns)
        except (zlib.error, ValueError, TypeError):
            cells, chosen = None, None
        found[name] = {"kind": kind, "name": title, "cells": cells, "columns": chosen}
    return found


def _held(
    what: str, held: dict[str, Any], told: dict[str, Any], name_of: Any, names: dict[str, str] | None = None
) -> Iterator[str]:
    for key in {**told, **held}:
        label = (names or {}).get(key) or (name_of(held.get(key) or told.get(key)) or key)
        if key not in told:
            yield f"기록에 없는 {what}이(가) 들어 있습니다: {label}"
        elif key not in held:
            yield f"기록에 있는 {what}이(가) 사라졌습니다: {label}"
        elif held[key] != told[key]:
            yield f"{what}의 내용이 기록과 다릅니다: {label}"


def _originals(store: Database) -> Iterator[str]:
    folder = store.folder / "files"
    # In the order of a file that comes in: it lies there, is marked as coming no more, and has a row before that.
    lying, coming = _lying(folder), coming_in(store.folder)
    names = {h: (name, suffix) for h, name, suffix in store.rows("SELECT hash, name, suffix FROM files")}
    gone = {name.partition("-")[0] for (name,) in store.rows("SELECT id FROM erased")}  # killed before its file went
    hashes = _hashes(folder, [f"{one}{suffix}" for one, (_, suffix) in names.items()])
    for (file_hash, (name, suffix)), found in zip(names.items(), hashes, strict=True):
        if found is None:
            if store.rows("SELECT 1 FROM files WHERE hash = ?", file_hash):  # else it was deleted meanwhile
                yield f"원본 파일이 없습니다: {name} ({f'{file_hash}{suffix}'[:16]}…)"
        elif not found:
            yield f"원본 파일을 읽을 수 없습니다: {name} ({f'{file_hash}{suffix}'[:16]}…)"
        elif found != file_hash:
            yield f"원본 파일이 바뀌었습니다: {name} ({f'{file_hash}{suffix}'[:16]}…)"
    expected = {f"{file_hash}{suffix}" for file_hash, (_, suffix) in names.items()}
    for name in lying:
        if name not in expected | coming and name[:16] not in gone:
            yield f"이 사건에 넣은 적이 없는 파일이 원본 사이에 있습니다: {name[:40]}"


def _pictures(store: Database, told: Told) -> Iterator[str]:
    """What people look at. A picture may be missing, and one of an earlier program is bound by nothing."""
    folder = store.folder / pictures.FOLDER
    names = dict(store.rows("SELECT receipts.id, name FROM receipts JOIN files USING (hash)"))
    gone = {name for (name,) in store.rows("SELECT id FROM erased")}  # killed before its picture went
    lying = _lying(folder) if folder.is_dir() else []
    for picture, found in zip(lying, _hashes(folder, lying), strict=True):
        stem, suffix = os.path.splitext(picture)
        if suffix != ".jpg" or stem not in names:
            if stem not in gone:
                yield f"이 사건에서 그린 적이 없는 그림이 있습니다: {picture[:40]}"
        elif stem in told.pictures and found not in told.pictures[stem]:
            yield f"화면에 보이는 그림이 원본에서 그린 것과 다릅니다: {names[stem]} ({stem})"


def _lying(folder: Path) -> list[str]:
    """The names of what lies there, hidden files left out."""
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def _hashes(folder: Path, names: list[str]) -> Iterator[str | None]:
    """SHA-256 of each, None for no file, "" for what cannot be read; on several cores, for it is most of the time."""
    parts = [
        [os.path.join(folder, name) for name in names[start : start + A_TASK]] for start in range(0, len(names), A_TASK)
    ]
    with ThreadPoolExecutor() as pool:
        for hashes in pool.map(_hashes_of, parts):
            yield from hashes


def _hashes_of(paths: list[str]) -> list[str | None]:
    return list(map(_hash, paths))


def _hash(path: str) -> str | None:
    sum_ = hashlib.sha256()
    try:
        with open(path, "rb", buffering=0) as stream:
            while data := stream.read(A_READ):
                sum_.update(data)
    except (FileNotFoundError, IsADirectoryError):
        return None
    except OSError:
        return ""  # the others are to be looked at all the same
    return sum_.hexdigest()


def _few(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return f"{shown} …" if len(numbers) > 5 else shown
