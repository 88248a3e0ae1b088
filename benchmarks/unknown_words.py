"""What is silently wrong where a paper uses a word that no list holds: `python -m benchmarks.unknown_words [SEEDS]`.

Each label and heading of every drawn family is renamed in turn to an invented word. Prints, by field, how many values
are sure, how many of these are wrong, and on which families.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from benchmarks.fields import record_of
from benchmarks.trust import same
from tests.kit import drawn_forms, drawn_kinds, drawn_payments
from tests.kit.drawn_lines import LAYOUTS, Drawn
from tests.kit.unknown_words import with_unknown_words
from workbench.domain.model import Receipt
from workbench.pipeline.extraction import extract
from workbench.pipeline.validation.checks import check

FAMILIES: dict[str, Callable[..., Any]] = {
    **LAYOUTS,
    **{family.__name__: family for family in (*drawn_payments.FAMILIES, *drawn_kinds.FAMILIES, *drawn_forms.FORMS)},
}


def papers(seeds: int) -> Iterator[tuple[str, str, Drawn]]:
    """Family, what was renamed, page."""
    for name, family in FAMILIES.items():
        for seed in range(seeds):
            for what, page in with_unknown_words(family, seed):
                yield name, what, page


def main(seeds: int) -> None:
    """The table."""
    sure, wrong, where, count = Counter[str](), Counter[str](), Counter[str](), 0
    for family, _, page in papers(seeds):
        count += 1
        found = extract(page.lines, page.size, page.again(random.Random(count)))
        receipt = Receipt(
            "", "", "", 1, 1, "read", found.kind, fields=found.fields, items=found.items, read_findings=found.findings
        )
        read = record_of(receipt, check(receipt, date(2027, 1, 1))).fields
        for name, want in page.truth.items():
            if name in read and not read[name].flagged:
                sure[name] += 1
                if not same(name, read[name].value, want):
                    wrong[name] += 1
                    where[f"{name} {family}"] += 1
    print(f"{count} papers; sure {sure.total()}, of these wrong {wrong.total()}")
    for name, n in sure.items():
        print(f"{name:<16}{n:>7} sure{wrong[name]:>5} wrong")
    print(dict(where.most_common(12)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
