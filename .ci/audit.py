"""Which installed packages an advisory file names: `python .ci/audit.py ADVISORIES`, without any network.

ADVISORIES is JSON of OSV records (one, a list, or a line each) or a ZIP of such files, as osv.dev gives it for PyPI,
carried in from elsewhere. Ends with 1 where a package is concerned.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version


def records(path: Path) -> Iterator[dict[str, Any]]:
    """Every OSV record of the file."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield json.loads(archive.read(name))
        return
    text = path.read_text("utf-8")
    try:
        found = json.loads(text)
        yield from found if isinstance(found, list) else [found]
    except json.JSONDecodeError:
        yield from (json.loads(line) for line in text.splitlines() if line.strip())


def concerned(record: dict[str, Any], installed: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(name, version) of what is installed and affected."""
    if record.get("withdrawn"):
        return
    for affected in record.get("affected", ()):
        package = affected.get("package", {})
        name = plain(package.get("name", ""))
        if package.get("ecosystem") != "PyPI" or name not in installed:
            continue
        version = installed[name]
        if version in affected.get("versions", ()) or any(within(version, r) for r in affected.get("ranges", ())):
            yield name, version


def within(version: str, ranged: dict[str, Any]) -> bool:
    """Whether a version lies in an OSV range: introduced at or before it, not fixed by then."""
    if ranged.get("type") != "ECOSYSTEM":
        return False
    inside = False
    for event in ranged.get("events", ()):
        ((kind, text),) = event.items()
        if kind == "introduced" and (text == "0" or Version(version) >= Version(text)):
            inside = True
        if (kind == "fixed" and Version(version) >= Version(text)) or (
            kind == "last_affected" and Version(version) > Version(text)
        ):
            inside = False
    return inside


def plain(name: str) -> str:
    """A package's name as packages are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Prints a line each; 1 where there is any."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    installed = {plain(found.name): found.version for found in distributions()}
    count, read = 0, 0
    for record in records(Path(sys.argv[1])):
        read += 1
        try:
            for name, version in concerned(record, installed):
                count += 1
                print(f"{name} {version}: {record.get('id')} {record.get('summary', '')}")
        except InvalidVersion as error:
            print(f"{record.get('id')}: {error}", file=sys.stderr)
    print(f"{read:,} advisories, {len(installed):,} packages, {count:,} found")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
