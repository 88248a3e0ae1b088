"""A case at a glance, as HTML for a notebook; pure. Whatever came from paper or disk is escaped."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from workbench.domain.korean import SEVERITY, STATUS
from workbench.domain.model import Receipt, TaxFailure, TaxRecord


def summary_html(name: str, receipts: Sequence[Receipt]) -> str:
    """Counts by status, sum of totals, period, findings, tax look-ups, deduction and corrections, as one table."""
    blank = sum(r.kind == "blank" for r in receipts)
    receipts = [r for r in receipts if r.kind != "blank"]
    rows = [("영수증", f"{len(receipts):,}장 ({_counts(Counter(r.status for r in receipts), STATUS)})")]
    if blank:
        rows.append(("빈 쪽", f"{blank:,}쪽 (영수증 수에서 빠짐)"))
    totals = [int(text) for r in receipts if (text := r.value("total"))]
    if totals:
        rows.append(("합계", f"{sum(totals):,}원 ({len(totals):,}장)"))
    days = sorted(text[:10] for r in receipts if (text := r.value("issued_at")))
    if days:
        rows.append(("기간", days[0] if days[0] == days[-1] else f"{days[0]} ~ {days[-1]}"))
    findings: Counter[str] = Counter(f.severity for r in receipts for f in r.findings)
    if findings:
        rows.append(("검토의견", _counts(findings, SEVERITY)))
    rows.append(("국세청 조회", _counts(Counter(_asked(r) for r in receipts), {})))
    deduction = Counter(r.deduction for r in receipts if r.deduction)
    if deduction:
        rows.append(("공제구분", _counts(deduction, {})))
    rows.append(("사람이 고친 영수증", f"{sum(r.corrected for r in receipts):,}장"))
    body = "".join(
        f"<tr><th style='text-align:left'>{escape(head)}</th><td style='text-align:left'>{escape(text)}</td></tr>"
        for head, text in rows
    )
    return f"<table><caption style='text-align:left'>사건 {escape(name)}</caption>{body}</table>"


def _counts(counted: Counter[str], labels: dict[str, str]) -> str:
    order = [key for key in labels if key in counted] + [key for key in sorted(counted) if key not in labels]
    return ", ".join(f"{labels.get(key, key)} {counted[key]:,}" for key in order) or "없음"


def _asked(receipt: Receipt) -> str:
    if isinstance(receipt.tax, TaxRecord):
        return "받음" if receipt.tax.source == "nts" else "모의"
    if isinstance(receipt.tax, TaxFailure):
        return "실패"
    return "조회 전" if receipt.value("business_number") else "번호 없음"
