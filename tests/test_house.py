"""The measures of the house: how long functions and modules may be, how many parameters; nothing said to nobody."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.kit import ROOT

LONG_FUNCTION, LONG_MODULE, MOST_PARAMETERS = 40, 250, 6
LONG_FUNCTIONS, LONG_MODULES = 3, 5
"""How many may be longer. These numbers only ever go down."""


def modules() -> list[Path]:
    return sorted((ROOT / "workbench").rglob("*.py"))


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, its docstring not counted."""
    told = node.body[0] if ast.get_docstring(node) else None
    return node.end_lineno - node.lineno + 1 - (told.end_lineno - told.lineno + 1 if told else 0)


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """What a caller may give, self left out."""
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len(given) - (bool(given) and given[0].arg in ("self", "cls"))


def test_functions_are_short():
    long = {place: lines_of(node) for place, node in functions() if lines_of(node) > LONG_FUNCTION}
    assert len(long) <= LONG_FUNCTIONS, long


def test_modules_are_short():
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf8").splitlines()) for path in modules()}
    long = {name: size for name, size in sizes.items() if size > LONG_MODULE}
    assert len(long) <= LONG_MODULES, long


def test_no_function_takes_more_than_six_things():
    assert [place for place, node in functions() if parameters(node) > MOST_PARAMETERS] == []


def test_every_text_of_the_screen_is_said_somewhere():
    texts = ROOT / "workbench" / "review" / "texts.py"
    text = texts.read_text("utf8")
    names = re.findall(r"^([A-Z][A-Z_]+)\b", text, re.MULTILINE)
    said = Counter(re.findall(r"\b[A-Z][A-Z_]+\b", "\n".join(path.read_text("utf8") for path in modules())))
    assert [name for name in names if said[name] < 2] == []


def test_no_text_of_the_screen_takes_anothers_name():
    tree = ast.parse((ROOT / "workbench" / "review" / "texts.py").read_text("utf8"))
    names = Counter(
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_helpers_lie_in_the_kit_and_no_test_imports_another():
    tests = sorted((ROOT / "tests").glob("*.py"))
    assert [path.name for path in tests if not path.name.startswith(("test_", "__init__", "conftest"))] == []
    of_tests = re.compile(r"^\s*(?:from|import) (?:tests\.(?:\w+\.)?)?test_\w+", re.MULTILINE)
    everywhere = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    assert [path.name for path in everywhere if of_tests.search(path.read_text("utf8"))] == []
