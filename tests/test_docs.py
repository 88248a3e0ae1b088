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


def test_what_docstrings_call_by_module_and_name_is_there():
    modules: dict[str, set[str]] = {}
    for path in (ROOT / "workbench").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf8"))))
        names = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
        names |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        names |= {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
        modules.setdefault(path.stem, set()).update(names)
    files = ("json", "toml", "py", "js", "css", "sqlite", "onnx", "yml", "txt", "xlsx", "csv", "md")
    packages = "|".join({path.parent.name for path in (ROOT / "workbench").rglob("__init__.py")})
    gone = []
    for path in (ROOT / "workbench").rglob("*.py"):
        for module, name in re.findall(rf"`(?:(?:{packages})\.)*(\w+)\.(\w+)`", path.read_text("utf8")):
            if module in modules and name not in (*files, *modules[module], *modules):
                gone.append(f"{path.name}: {module}.{name}")
    assert gone == []
