"""What the documents for developers point at is there."""

import ast
import re

import pytest

from tests.kit import ROOT

DOCUMENTS = ("docs/architecture.md", "docs/glossary.md", "CONTRIBUTING.md")
PLACES = ("", "workbench/", "workbench/pipeline/")


def found(path: str) -> list:
    return [place for place in PLACES if (ROOT / place / path).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_is_named_exists(document):
    text = (ROOT / document).read_text("utf8")
    whole = re.findall(r"`((?:\w+|\.ci)/[\w./-]+)`", text)
    assert whole
    assert [path for path in whole if not found(path)] == []
    names = re.findall(r"`(\w+\.(?:py|toml))`", text)  # beside one that was named in full
    assert [name for name in names if not list((ROOT / "workbench").rglob(name))] == []


def test_every_function_in_the_table_is_in_its_file():
    rows = re.findall(r"\| `(workbench/[\w/]+\.py)` \(`(\w+)`\)", (ROOT / "docs" / "architecture.md").read_text("utf8"))
    assert len(rows) >= 8
    for path, name in rows:
        tree = ast.parse((ROOT / path).read_text("utf8"))
        defined = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        defined |= {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        assert name in defined, f"{path}: {name}"


def test_the_life_of_a_photo_is_told_in_ten_lines():
    told = (ROOT / "docs" / "architecture.md").read_text("utf8").split("## Where is")[0]
    assert re.findall(r"^(\d+)\. ", told, re.MULTILINE) == [str(n) for n in range(1, 11)]
