"""A case that people have worked on, and what its verification says."""

import random
from datetime import UTC, datetime

from tests.kit.pile import pile, reading
from workbench.domain.model import TaxRecord
from workbench.pipeline.storage.journal import Word
from workbench.pipeline.storage.sqlite import Store
from workbench.pipeline.storage.verification import verify


def worked_on(folder, seed=0, acts=12):
    """A case with a bit of everything: readings, words, a second reading, an answer of the service, a deletion."""
    chance = random.Random(seed)
    case = pile(folder, 4)
    store = Store(folder)
    store.put_tax({"111-11-11119": TaxRecord("111-11-11119", "계속사업자", "일반", "GENERAL", datetime.now(UTC))})
    for file, amount in (("카드.csv", "11000"), ("은행.csv", "7000")):
        rows = f"이용일시,가맹점명,이용금액,승인번호\n2026-03-05 12:33,가람식당,{amount},12345678\n"
        case.add_statement((file, rows.encode()), by="kim")
    store.put_page(case.receipts()[2].id, (reading(7),))
    for _ in range(acts):
        name = chance.choice([r.id for r in case.receipts()])
        match chance.choice(["correct", "approve", "reopen", "aside", "read", "fail", "extract", "eyes"]):
            case "correct":
                case.correct(name, "total", str(chance.randrange(10_000)), by=chance.choice(["kim", "lee"]))
            case "approve":
                case.append(Word("approve", "kim", name))
            case "reopen":
                case.reopen(name, by="lee")
            case "aside":
                case.restore(case.clear([name], by="kim"), by="lee")
            case "read":
                case.read_again([name], by="kim")
                store.put_page(name, (reading(chance.randrange(9)),))
            case "fail":
                store.put_failure(name, "읽지 못했습니다.")
            case "extract":
                store.put_extraction({name: (store.reading(name), reading(chance.randrange(9)))})
            case "eyes":
                case.set_four_eyes(chance.randrange(3), by="chief")
    if chance.random() < 0.5:
        case.delete([case.receipts()[0].id], by="kim")
    store.close()
    case.close()


def found(folder):
    """As the command does: without opening the case, whose contents may be no records any more."""
    store = Store(folder)
    try:
        return verify(store)
    finally:
        store.close()
