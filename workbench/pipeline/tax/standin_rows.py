"""What the stand-in says of a number: all of it invented, in the shape of the real service."""

from workbench.domain.check_digit import passes

STATUSES = {"01": "계속사업자", "02": "휴업자", "03": "폐업자"}
TYPES = {
    "01": "부가가치세 일반과세자",
    "02": "부가가치세 간이과세자",
    "03": "부가가치세 과세특례자",
    "04": "부가가치세 면세사업자",
    "05": "수익사업을 영위하지 않는 비영리법인이거나 고유번호가 부여된 단체,국가기관 등",
    "06": "고유번호가 부여된 단체",
    "07": "부가가치세 간이과세자(세금계산서 발급사업자)",
    "99": "해당없음",
}
NOT_REGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."


def row(number: str, status: str = "01", type_: str = "01", **others: str) -> dict[str, str]:
    """A row of the answer, keys in the real order; `others` by the service's own keys, dates YYYYMMDD."""
    return {
        "b_no": number,
        "b_stt": STATUSES[status],
        "b_stt_cd": status,
        "tax_type": TYPES[type_],
        "tax_type_cd": type_,
        "end_dt": "",
        "utcc_yn": "N",
        "tax_type_change_dt": "",
        "invoice_apply_dt": "",
        "rbf_tax_type": TYPES["99"],
        "rbf_tax_type_cd": "99",
    } | others


GOLDEN = {
    one["b_no"]: one
    for one in (
        row("1111111119", "01", "01"),
        row("4444444444", "01", "02"),
        row("5555555553", "01", "07", invoice_apply_dt="20240701"),
        row("2222222227", "01", "04"),
        row("3333333336", "03", "01", end_dt="20250101"),
        row("6666666661", "02", "01"),
        row("7777777770", "01", "01", tax_type_change_dt="20250701", rbf_tax_type=TYPES["02"], rbf_tax_type_cd="02"),
        row("8888388883", "01", "05"),
        row("8888988885", "01", "06"),
        row("8888588887", "03", "01", end_dt="20240630", utcc_yn="Y"),
    )
}
"""Checksum-valid pattern numbers, one for each thing a receipt can meet."""


def not_registered(number: str) -> dict[str, str]:
    """The row for a number that the service does not know."""
    return dict.fromkeys(GOLDEN["1111111119"], "") | {"b_no": number, "tax_type": NOT_REGISTERED}


def lively(number: str) -> dict[str, str]:
    """An invented row for any number whose check digit holds, the same every time, plausible for its digits 4 and 5."""
    if number in GOLDEN or not passes(number):
        return GOLDEN.get(number) or not_registered(number)
    middle, serial = int(number[3:5]), int(number[5:9]) % 10
    if middle >= 90:
        return row(number, "01", "04")
    if middle in (82, 83, 89):
        return row(number, "01", "06" if middle == 89 else "05")
    if serial == 0:
        return row(number, "03", "01", end_dt="20241231")
    if serial == 1:
        return row(number, "02", "01")
    if middle < 80 and serial in (2, 3):
        return row(number, "01", "02")
    if middle < 80 and serial == 4:
        return row(number, "01", "07", invoice_apply_dt="20230701")
    return row(number, "01", "01")
