"""What each rule of extraction earns: `python -m benchmarks.ablate [MODULE ...] [--case CASE --truth TRUTH.json]`.

Each condition, each piece of evidence, each regular expression and each of its alternatives is switched off in turn,
each hand-set number moved by 20 % both ways; then every paper is extracted again. MODULE: `merchant`,
`amounts.choice` ... (default: all). Papers: drawn ones of all families (`--drawn`, a third rough, a third with a word
that no list holds), and the readings of CASE with their truth, whose groups (papers of one shop or batch) are told
apart. Only what depends on the changed module is reckoned again.

A row: how many right values, sure and wrong ones, and right but flagged ones there would be more or fewer without it,
drawn / open; and on how many layouts / groups it helps. What helps nowhere, or on one group alone, earns nothing.
"""

import argparse
import ast
import multiprocessing
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from inspect import getsource
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from benchmarks.fields import ROOT, groups_of, paired, record_of, truths_of
from benchmarks.trust import FIELDS, Truth, same
from benchmarks.unknown_words import FAMILIES
from tests.kit.drawn_lines import draw
from tests.kit.drawn_rough import roughened
from tests.kit.unknown_words import with_unknown_words
from workbench.domain.model import Box, Line, Receipt
from workbench.pipeline import extraction
from workbench.pipeline.validation.checks import check

PACKAGE = "workbench.pipeline.extraction"
MODULES = sorted(
    ".".join(path.relative_to(ROOT / PACKAGE.replace(".", "/")).with_suffix("").parts)
    for path in (ROOT / PACKAGE.replace(".", "/")).rglob("*.py")
    if path.stem != "__init__"
)
STAGES = ("rows_of", "amounts_of", "find_number", "find_date", "find_card_number", "find_approval", "find_merchant",
          "find_issuer", "_won", "kind_of")  # fmt: skip
"""What `extract` calls: each answer is kept a paper, and asked for anew where it hangs on the changed module."""

NEVER = "(?!)"


@dataclass(frozen=True)
class Paper:
    """The lines of one receipt, what it says, and the layout or group it is of."""

    family: str
    lines: tuple[Line, ...]
    size: tuple[int, int]
    again: dict[Box, str]
    truth: Truth


@dataclass(frozen=True)
class Switch:
    """One thing to switch off or to move: where it stands, what it is, and how to change the module's tree."""

    module: str
    line: int
    what: str
    place: int
    change: str


Score = Counter[str]
"""right, silent, flagged of one paper"""


def switches(module: str) -> Iterator[Switch]:
    """Everything in a module that can be switched off."""
    for place, node in enumerate(ast.walk(ast.parse(getsource(import_module(f"{PACKAGE}.{module}"))))):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value:
            yield from (Switch(module, line, f"{node.value} x{by}", place, by) for by in ("0.8", "1.2"))
        elif isinstance(node, ast.If | ast.IfExp):
            yield Switch(module, line, f"if {ast.unparse(node.test)}", place, "off")
        elif isinstance(node, ast.BoolOp):
            for index, value in enumerate(node.values):
                yield Switch(module, line, f"{ast.unparse(value)} (of a condition)", place, str(index))
        elif pattern := _pattern(node):
            yield Switch(module, line, f"pattern {pattern[:60]}", place, "off")
            words = pattern.split("|")
            if len(words) > 2 and not re.search(r"[()\[\]]", pattern):  # a list of words
                yield from (Switch(module, line, f"word {w}", place, str(i)) for i, w in enumerate(words))


def _pattern(node: ast.AST) -> str:
    """The regular expression that a call compiles, "" for any other node."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile" and isinstance(node.args[0], ast.Constant):
        return str(node.args[0].value)
    return ""


def changed(switch: Switch) -> ast.Module:
    """The module's tree with that one thing switched off."""
    tree = ast.parse(getsource(import_module(f"{PACKAGE}.{switch.module}")))
    node: Any = list(ast.walk(tree))[switch.place]
    if isinstance(node, ast.Constant):
        node.value = float(str(node.value)) * float(switch.change)
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.Constant(False)
    elif isinstance(node, ast.BoolOp):
        node.values[int(switch.change)] = ast.Constant(isinstance(node.op, ast.And))
    elif switch.change == "off":
        node.args[0].value = NEVER
    else:
        words = _pattern(node).split("|")
        node.args[0].value = "|".join(words[: int(switch.change)] + words[int(switch.change) + 1 :])
    return ast.fix_missing_locations(tree)


def put_in(switch: Switch) -> None:
    """Makes this process run the changed module: its functions' code and its constants, wherever they are imported."""
    name = f"{PACKAGE}.{switch.module}"
    module = sys.modules[name]
    fresh: dict[str, Any] = {"__name__": name, "__package__": module.__package__}
    exec(compile(changed(switch), str(module.__file__), "exec"), fresh)  # our own module, one rule less
    for key, old in list(vars(module).items()):
        if key.startswith("__") or key not in fresh or _imported(old, name):
            continue
        if hasattr(old, "cache_clear"):
            old.cache_clear()
        if isinstance(old, type):
            for attribute, method in vars(old).items():
                _recode(method, vars(fresh[key]).get(attribute))
        elif not _recode(old, fresh[key]):
            for other in [m for n, m in sys.modules.items() if n.startswith(PACKAGE)]:
                if vars(other).get(key) is old:
                    setattr(other, key, fresh[key])


def _imported(old: Any, name: str) -> bool:
    """Whether a function, class or module of another module: their own module is changed, not this binding."""
    return isinstance(old, ModuleType) or (hasattr(old, "__qualname__") and old.__module__ != name)


def _recode(old: Any, new: Any) -> bool:
    old, new = (getattr(f, "fget", None) or getattr(f, "__wrapped__", None) or f for f in (old, new))
    if isinstance(old, FunctionType) and isinstance(new, FunctionType) and not old.__code__.co_freevars:
        old.__code__, old.__defaults__ = new.__code__, new.__defaults__
        return True
    return isinstance(old, FunctionType)


def hanging_on(module: str) -> set[str]:
    """The modules that import `module`, straight or by way of others, and itself."""
    found = {f"{PACKAGE}.{module}"}
    while True:
        more = {
            name
            for name, other in sys.modules.items()
            if name.startswith(f"{PACKAGE}.") and name not in found and any(_imports(other, f) for f in found)
        }
        if not more:
            return found
        found |= more


def _imports(other: ModuleType, name: str) -> bool:
    return bool(re.search(rf"(from|import) {re.escape(name)}\b", getsource(other)))


class Bench:
    """The papers, and every stage's answers to them."""

    def __init__(self, papers: list[Paper]) -> None:
        self.papers = papers
        self._kept: dict[tuple[int, str], Any] = {}
        self._now, self._anew = 0, set(STAGES)
        for name in STAGES:
            setattr(extraction, name, self._watched(name, getattr(extraction, name)))
        self.base = self.scores(set(STAGES))

    def _watched(self, name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*given: Any) -> Any:
            key = self._now, name
            if name in self._anew or key not in self._kept:
                told = stage(*given)
                if name in self._anew and len(self._anew) < len(STAGES):
                    return told
                self._kept[key] = told
            return self._kept[key]

        answer.__module__ = stage.__module__
        return answer

    def scores(self, anew: set[str]) -> list[Score]:
        """What is right, sure and wrong, right but flagged on each paper."""
        self._anew = anew
        return [self._score(number, paper) for number, paper in enumerate(self.papers)]

    def _score(self, number: int, paper: Paper) -> Score:
        self._now = number
        again = (lambda box: paper.again.get(box, "")) if paper.again else None
        found = extraction.extract(paper.lines, paper.size, again)
        receipt = Receipt("", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items,
                          read_findings=found.findings)  # fmt: skip
        record = record_of(receipt, check(receipt, date(2027, 1, 1))).fields
        score: Score = Counter()
        for name in FIELDS:
            want, read = paper.truth.get(name), record.get(name)
            if want is None or read is None:
                score["invented"] += read is not None and not read.flagged and read.value != "0"
                continue
            right = same(name, read.value, want)
            score["right"] += right
            score["silent"] += not right and not read.flagged
            score["flagged"] += right and read.flagged
        return score

    def without(self, switch: Switch) -> list[Score]:
        """The same with one thing switched off; changes this process for good."""
        hanging = hanging_on(switch.module)
        put_in(switch)
        anew = {name for name in STAGES if getattr(extraction, name).__module__ in hanging}
        if "find_number" in anew:
            anew |= {"find_approval", "find_merchant"}
        if anew & {"amounts_of"}:
            anew |= {"_won", "find_approval"}
        # `_won` and `kind_of` hang on modules that the package imports.
        if any("amounts" in name or name.endswith(("items", "document_type")) for name in hanging):
            anew |= {"_won", "kind_of"}
        return self.scores(anew)


_bench: Bench


def _try(switch: Switch) -> tuple[Switch, dict[str, Counter[str]] | str]:
    """What changes without it, by family; in a process of its own."""
    try:
        now = _bench.without(switch)
    except Exception as error:  # noqa: BLE001  # a rule that the code cannot do without
        return switch, type(error).__name__
    changes: dict[str, Counter[str]] = {}
    for paper, before, after in zip(_bench.papers, _bench.base, now, strict=True):
        if before != after:
            change = changes.setdefault(paper.family, Counter())
            for name in {*before, *after}:
                change[name] += after[name] - before[name]
    return switch, changes


def drawn(count: int) -> Iterator[Paper]:
    """Drawn papers of all families in turn: as printed, roughened and misread, with one word that no list holds."""
    for seed in range(count):
        name, turn = sorted(FAMILIES)[seed % len(FAMILIES)], seed // len(FAMILIES) % 3
        page = draw(seed, FAMILIES[name], mistakes=0.03 * (turn == 1))
        if turn == 1:
            page = roughened(page, random.Random(seed), 0.1)
        elif turn == 2:
            _, page = random.Random(seed).choice([*with_unknown_words(FAMILIES[name], seed), ("", page)])
        read = page.again(random.Random(seed), 0.003)
        second = {line.box: read(line.box) for line in page.lines}
        yield Paper(f"drawn {name}", page.lines, page.size, second, page.truth)


def of_case(folder: Path, truth_path: Path) -> Iterator[Paper]:
    """The papers of a case that was read, with the truth that agrees best with what was read."""
    from workbench.case import Case

    groups = groups_of(truth_path)
    truths = truths_of(truth_path)
    case = Case.open(folder)
    by_file: dict[str, list[Receipt]] = {}
    for receipt in case.receipts():
        by_file.setdefault(Path(receipt.file).name, []).append(receipt)
    for name, wants in truths.items():
        found = by_file.get(name, [])
        records = [record_of(receipt, ()) for receipt in found]
        for record, truth in paired(records, wants):
            shown = next((r for r, one in zip(found, records, strict=True) if one is record), None)
            reading = case.store.reading(shown.id) if shown else None
            if reading:
                again = {line.box: line.text for line in reading.second}
                yield Paper(f"open {groups[name]}", reading.lines, reading.geometry.size, again, truth)
    case.close()


def row_of(switch: Switch, changes: dict[str, Counter[str]]) -> tuple[bool, str]:
    """Whether it earns anything on two layouts or groups, and the printed row."""
    sides = []
    helps = Counter[str]()
    for side in ("drawn", "open"):
        total: Counter[str] = Counter()
        for family, change in changes.items():
            if family.startswith(side):
                total.update(change)
                helps[side] += change["right"] < 0 or change["silent"] + change["invented"] > 0
        sides.append(f"{total['right']:+4}{total['silent'] + total['invented']:+4}{total['flagged']:+4}")
    where, on = f"{switch.module:<18}{switch.line:>4}", f"{helps['drawn']:>3}{helps['open']:>3}"
    return helps["drawn"] + helps["open"] > 1, f"{where}  {' | '.join(sides)} |{on}  {switch.what[:90]}"


def main() -> None:
    """The command line."""
    global _bench
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--drawn", type=int, default=294, help="so many drawn papers")
    parser.add_argument("--case", type=Path, help="a case that was read")
    parser.add_argument("--truth", type=Path, help="what its files say")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    papers = [*drawn(given.drawn), *(of_case(given.case, given.truth) if given.case else ())]
    _bench = Bench(papers)
    print(f"{len(papers)} papers, {sum((s for s in _bench.base), Counter())}", flush=True)
    everything = [switch for module in given.modules for switch in switches(module)]
    print("module            line  drawn: right, silent, flagged | open | helps layouts, groups   (without it)")
    idle: list[Switch] = []
    with multiprocessing.get_context("fork").Pool(given.jobs, maxtasksperchild=1) as pool:
        for switch, changes in pool.imap(_try, everything, chunksize=1):
            earns, text = (
                (True, f"{switch.module:<18}{switch.line:>4}  {changes}: needed  {switch.what[:90]}")
                if isinstance(changes, str)
                else row_of(switch, changes)
            )
            idle += [] if earns else [switch]
            print(text, flush=True)
    print(f"{len(idle)} of {len(everything)} earn nothing, or on one layout or group alone")


if __name__ == "__main__":
    main()
