"""The benchmark counts what a reviewer would be told, and why a value was missed."""

from benchmarks.trust import Read, Record, report


def test_sure_silent_flagged_and_the_reasons_of_misses() -> None:
    truth = {"total": "11000", "approval_number": "31415926"}
    pairs = [
        ("a", Record({"total": Read("11000", 0.99, False), "approval_number": Read("31415926", 0.9, False)}), truth),
        ("b", Record({"total": Read("11800", 0.99, False)}, "합계 11,800 11,000", loud=True), truth),
    ]
    told = report(pairs)
    total = next(row for row in told.splitlines() if row.startswith("total")).split()
    assert total[1:6] == ["1/2", "50%", "0%", "2", "1"]  # right, its share, the least, sure, silent
    assert "silent 1 of 2 sure values" in told
    assert "receipts 2: wholly right 1, no touch 1 (0 of them not wholly right)" in told
    why = [row.split() for row in told.splitlines() if row.startswith(("total ", "approval_number "))]
    assert ["total", "0", "0", "1"] in why  # not read, misread, not chosen
    assert ["approval_number", "1", "0", "0"] in why
