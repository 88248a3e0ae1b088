# ruff: noqa: E501, SIM905  (rows of print and lists of words read best as they stand)
"""Receipts drawn as the engine's lines: many layouts, known truth, invented shops; with a reader's mistakes if wanted.

`draw(seed)` gives the lines of one receipt. Rows are written as cells cut by "|": the first stands left, the last
right, those between in columns. "^" centres a row, "#" prints it twice as tall.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import cos, radians, sin

from tests.kit.drawn_papers import PAPERS, Printed
from tests.kit.drawn_parties import PARTIES
from workbench.domain.check_digit import WEIGHTS
from workbench.domain.model import Box, Line

UNIT, ROW, WIDE = 12, 40, 46
"""px of a Latin letter, px of a row, letters a row."""

SHOPS = "가온 누리 다솜 라온 마루 바른 새봄 아람 자람 차오름 하늘 한결 도담 미리내 은가람 초롱 온새미 푸르메".split()
TRADES = "식당 분식 카페 김밥 국수 떡볶이 상회 마트 문구 치킨 베이커리 반점 횟집 다방".split()
BRANCHES = "보기점 시험점 가상점 견본역점 예시대점 모의동점 연습로점".split()
GOODS = "보기정식 된장찌개 비빔밥 아메리카노 카페라떼 우유200ml 생수500ml 공책 볼펜 삼각김밥 김치찌개 만두 라면 돈까스".split()
CARDS = "신한카드 삼성카드 현대카드 롯데카드 KB국민카드 하나카드 우리카드 BC카드 NH농협카드 케이뱅크체크 IBK비씨체크".split()
ROADS = "서울특별시 가상구 보기로 {n}|경기도 견본시 연습로 {n}번길 3|부산 시험구 모의대로 {n} 1층".split("|")


@dataclass(frozen=True)
class Drawn:
    """Lines on a page of `size` px; `truth` holds canonical values (a missing name is not printed)."""

    layout: str
    lines: tuple[Line, ...]
    size: tuple[int, int]
    truth: dict[str, str]
    kinds: tuple[str, ...]
    printed: dict[Box, str] = field(default_factory=dict)

    def again(self, rng: random.Random, wrong: float = 0.0) -> Callable[[Box], str]:
        """A second reader as ours is: digits and signs only, each digit misread with the chance `wrong`."""

        def read(box: Box) -> str:
            text = "".join(c for c in self.printed.get(box, "") if c.isascii() and c != " ")
            return "".join(_other_digit(rng, c) if c.isdigit() and rng.random() < wrong else c for c in text)

        return read


def business_number(rng: random.Random) -> str:
    """An invented number whose check digit holds."""
    digits = [
        int(c)
        for c in f"{rng.randrange(101, 999)}{rng.choice('01 12 35 81 86 87 90'.split())}{rng.randrange(1, 9999):04}"
    ]
    total = sum(w * d for w, d in zip(WEIGHTS, digits, strict=True)) + 5 * digits[8] // 10
    text = "".join(map(str, [*digits, (10 - total % 10) % 10]))
    return f"{text[:3]}-{text[3:5]}-{text[5:]}"


@dataclass
class _Sale:
    """The facts of one sale, from which layouts print."""

    rng: random.Random

    def __post_init__(self) -> None:
        r = self.rng
        self.name = f"{r.choice(SHOPS)}{r.choice(TRADES)} {r.choice(BRANCHES)}"
        self.number = business_number(r)
        y, m, d = r.randrange(2022, 2027), r.randrange(1, 13), r.randrange(1, 29)
        self.hour, self.minute, self.second = r.randrange(6, 24), r.randrange(60), r.randrange(60)
        sep = r.choice("-/.")
        self.day = f"{y}{sep}{m:02}{sep}{d:02}"
        self.iso = f"{y}-{m:02}-{d:02}"
        self.time = f"{self.hour:02}:{self.minute:02}"
        self.seconds = f"{self.time}:{self.second:02}"
        self.items = [(r.choice(GOODS), r.randrange(1, 4), r.randrange(5, 200) * 100) for _ in range(r.randrange(1, 5))]
        self.total = sum(q * p for _, q, p in self.items)
        self.supply = round(self.total / 1.1)
        self.vat = self.total - self.supply
        self.approval = f"{r.randrange(10**7, 10**8)}"
        self.card = r.choice(CARDS)
        head = f"{r.randrange(3000, 9999)}"
        self.mask = r.choice(
            [
                f"{head}-{r.randrange(10, 99)}**-****-{r.randrange(1000, 9999)}",
                f"{head}{r.randrange(1000, 9999)}****{r.randrange(100, 999)}*",
                f"{head}-86**-****-****",
            ]
        )
        self.tel = f"0{r.choice(['2', '31', '51'])}-{r.randrange(200, 999)}-{r.randrange(1000, 9999)}"
        self.address = r.choice(ROADS).format(n=r.randrange(1, 300))
        self.owner = r.choice("홍길동 김보기 이견본 박시험".split())
        self.other = business_number(r)

    def won(self, value: int) -> str:
        return f"{value:,}"

    def goods(self) -> list[str]:
        rows = ["상 품 명|단가|수량|금 액"]
        return rows + [f"{n}|{p:,}|{q}|{q * p:,}" for n, q, p in self.items]

    def truth(self, *without: str, **changed: object) -> dict[str, str]:
        known = {
            "merchant": self.name, "business_number": self.number, "issued_at": f"{self.iso} {self.seconds}",
            "total": self.total, "supply": self.supply, "vat": self.vat, "approval_number": self.approval,
        } | changed  # fmt: skip
        return {name: str(value) for name, value in known.items() if name not in without}


def _van(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    net, tax, total = s.rng.choice(
        [("판매금액", "부가세", "합 계"), ("공급가액", "부가가치세", "합계금액"), ("금 액", "세 금", "합 계")]
    )
    rows = [
        "#^신용카드 매출전표", f"가맹점명|{s.name}", f"사업자번호|{s.number}", f"대표자|{s.owner}", f"주 소 {s.address}",
        f"TEL|{s.tel}", f"가맹점번호|{s.rng.randrange(10**8, 10**9)}", f"단말기번호|{s.rng.randrange(10**7, 10**8)}",
        f"카드종류|{s.card}", f"카드번호|{s.mask}", "유효기간|**/**", f"거래일시|{s.day} {s.seconds}", "할부|일시불",
        f"승인번호|{s.approval}", f"{net}|{s.supply:,}원", f"{tax}|{s.vat:,}원", "봉사료|0원", f"{total}|{s.total:,}원",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip",)


def _mart(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        f"#^{s.name}",
        f"{s.number} 대표:{s.owner}",
        s.address,
        f"T.{s.tel}",
        f"[등 록] {s.day} {s.time} POS No:{s.rng.randrange(1, 99):04}",
    ]
    rows.append("상품명|단가|수량|금 액")
    for index, (name, q, p) in enumerate(s.items):
        rows += [f"{index + 1:02} {name}", f"{s.rng.randrange(8 * 10**12, 9 * 10**12)}|{p:,}|{q}|{q * p:,}"]
    cut = s.rng.choice([0, 0, 500, 1000]) if s.total > 3000 else 0
    paid = s.total - cut
    supply = round(paid / 1.1)
    if cut:
        rows += [f"총 합 계|{s.total:,}", f"할인금액|-{cut:,}"]
    rows += [f"부가세 과세 물품가액|{supply:,}", f"부 가 세|{paid - supply:,}", f"합 계|{paid:,}", f"받을금액|{paid:,}"]
    if s.rng.random() < 0.5:
        rows += [f"{s.card}|{paid:,}", f"카드번호|{s.mask}", f"승인번호|{s.approval}"]
        without: tuple[str, ...] = ()
    else:
        cash = -(-paid // 10000) * 10000
        rows += [f"받은금액|{cash:,}", f"거스름돈|{cash - paid:,}"]
        without = ("approval_number",)
    rows += ["적립포인트|12점", "누적포인트|2,345점", "교환/환불은 30일 이내 영수증 지참"]
    return (
        rows,
        s.truth(*without, total=paid, supply=supply, vat=paid - supply, issued_at=f"{s.iso} {s.time}"),
        ("pos_receipt", "card_slip"),
    )


def _cafe(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        "[주문번호] 101", "#^영 수 증", s.name, f"{s.number} TEL:{s.tel} {s.owner}", s.address, f"{s.day} {s.time}(화) POS:02 BILL:000123",
        *s.goods(), f"부가세 과세 물품가액:|{s.supply:,}", f"부 가 세:|{s.vat:,}", f"합 계:|{s.total:,}", f"받을금액:|{s.total:,}",
        f"받은금액:|{s.total:,}", "결제수단별 결제내역", f"1.카드결제:|{s.total:,}", "신용카드 매출전표[고 객 용]", f"[{s.card}] {s.mask}",
        f"[금액] {s.total:,} 원(일시불)[부가세] {s.vat:,} 원", f"[{s.approval}] EDC 매출표", "[적립스탬프]|1개",
    ]  # fmt: skip
    return rows, s.truth(issued_at=f"{s.iso} {s.time}"), ("card_slip", "pos_receipt")


def _store(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        f"{s.name}|{s.tel}", f"주식회사{s.rng.choice(SHOPS)}|{s.number.replace('-', '')}", s.address, f"{s.day} {s.owner[0]}*{s.owner[2]}|NO:{s.rng.randrange(10000, 99999)}",
        *[f"{n}|{q}|{q * p:,}" for n, q, p in s.items], f"합계수량/금액|{len(s.items)}|{s.total:,}", f"과세 매출|{s.supply:,}", f"부 가 세|{s.vat:,}",
        f"#합 계|{s.total:,}", f"신용카드|{s.total:,}", "신용카드 전표(고객용)", f"카드번호 {s.mask}", f"사용금액 {s.total:,}원", f"승인번호 {s.approval}",
        f"{s.day[2:]} {s.seconds}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt")


def _parking(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    name = f"{s.rng.choice(SHOPS)}제{s.rng.randrange(1, 5)}공영주차장"
    rows = [
        "^매출전표", f"주차장 명칭:{name}", f"주차장 주소:{s.address}", f"등록번호: {s.number}", "차량번호:12가3456", f"입차일시:{s.day} 05:01",
        f"정산일시:{s.day} {s.time}", "주차시간:001:10", f"주차요금:{s.total:,}원", f"합계금액:{s.total:,}원", f"카드번호:{s.mask}",
        f"승인번호:{s.approval}", f"카드사명:{s.card}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name, issued_at=f"{s.iso} {s.time}"), ("parking",)


def _taxi(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        "^영 수 증(보관용)", "상 호 : 개인택시", f"사업자번호 : {s.number.replace('-', '')}", f"대 표 자 : {s.owner}", "차량 번호 : 서울00가0000",
        f"거래 일시 : {s.day} {s.time}", "승하차시간 : 05:12 - 05:42 / 12.34 Km", f"결제요금 :|{s.total:,}원", f"카드 번호 : {s.mask}", f"승인 번호 : {s.approval} / {s.card}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant="개인택시", issued_at=f"{s.iso} {s.time}"), ("taxi",)


def _hospital(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    name = f"{s.rng.choice(SHOPS)}{s.rng.choice(['의원', '내과의원', '약국', '치과의원'])}"
    whole = s.total + s.rng.randrange(20, 300) * 100
    rows = [
        "#^진료비 계산서·영수증", f"요양기관명 {name}", f"사업자등록번호 {s.number}", f"진료일자 {s.day}", f"진료비총액|{whole:,}", f"공단부담금|{whole - s.total:,}",
        f"본인부담금|{s.total:,}", f"납부한 금액 카드|{s.total:,}", f"승인번호 {s.approval}", f"카드번호 {s.mask}", f"대표자 {s.owner}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name, issued_at=s.iso), ("medical",)


def _delivery(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        "^매출전표", f"승인번호|{s.approval}", f"카드종류|{s.card}", f"카드번호|{s.mask}", "할부|일시불", f"결제일자|{s.day} {s.seconds}", "취소일자", "주문번호|A0BC12DE34",
        "가맹점 정보", "가맹점|(주)보기배달", "대표자명|김대행", f"사업자등록번호|{business_number(s.rng).replace('-', '')}", "가맹점 전화번호|1600-0000",
        "판매자 정보", f"판매자 상호|{s.name}", f"대표자명|{s.owner}", f"사업자등록번호|{s.number.replace('-', '')}", f"판매자 전화번호|{s.tel.replace('-', '')}",
        "총 결제금액", f"금액|{s.supply:,}원", f"부가세|{s.vat:,}원", f"합계|{s.total:,}원",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip",)


def _toll(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    name = f"{s.rng.choice(SHOPS)}영업소"
    rows = ["^통행료 영수증", f"영업소명: {name}", f"사업자번호: {s.number}", f"통행일시: {s.day} {s.seconds}", "차종: 1종", f"통행요금: {s.total:,}원", f"카드번호: {s.mask}", f"승인번호: {s.approval}"]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name), ("toll",)


def _fuel(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    name = f"{s.rng.choice(SHOPS)}주유소"
    rows = [
        f"#^{name}", f"사업자등록번호 : {s.number}", f"주소 : {s.address}", f"판매일시 : {s.day} {s.seconds}", "유종|단가|수량|금액", f"휘발유|1,689|{s.total / 1689:.2f}L|{s.total:,}",
        f"공 급 가 액|{s.supply:,}", f"부 가 세|{s.vat:,}", f"합 계|{s.total:,}", f"{s.card} {s.mask}", f"승인번호 : {s.approval}", "보너스포인트|120P",
    ]  # fmt: skip
    return rows, s.truth(merchant=name), ("card_slip", "pos_receipt")


def _hotel(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    supply = s.rng.randrange(500, 3000) * 100
    service, vat = supply // 10, supply // 10
    total = supply + service + vat
    name = f"{s.rng.choice(SHOPS)}호텔"
    rows = [f"#^{name}", f"사업자번호 {s.number} TEL {s.tel}", f"거래일시 {s.day} {s.time}", f"공급가액|{supply:,}", f"봉사료|{service:,}", f"부가세|{vat:,}", f"TOTAL|{total:,}", f"{s.card}|{total:,}", f"카드번호 {s.mask}", f"승인번호 {s.approval}"]  # fmt: skip
    return (
        rows,
        s.truth(
            merchant=name, total=total, supply=supply, vat=vat, service_charge=service, issued_at=f"{s.iso} {s.time}"
        ),
        ("card_slip", "pos_receipt"),
    )


def _farm(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    name = f"{s.rng.choice(SHOPS)}농장"
    rows = [
        f"[매장명] {name}", f"[사업자] {s.number}", f"[주 소] {s.address}", f"[매출일] {s.day} {s.seconds}", "[영수증] " + s.iso.replace("-", "") + "-01-0099", *s.goods(),
        f"합계 금액|{s.total:,}", f"부가세 면세물품가액|{s.total:,}", "부가세 과세물품가액|0", "부 가 세|0", f"받을금액|{s.total:,}", f"받은금액|{s.total:,}",
    ]  # fmt: skip
    return rows, s.truth("approval_number", merchant=name, supply=0, vat=0, exempt=s.total), ("pos_receipt", "receipt")


def _mixed(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    exempt = s.rng.randrange(10, 300) * 10
    total = s.total + exempt
    rows = [
        s.name, f"사업자번호 {s.number}", f"전화 {s.tel}", f"판매일: {s.day} {s.seconds}", *s.goods(), f"*흰우유|{exempt:,}|1|{exempt:,}",
        f"과세물품가액|{s.supply:,}", f"부가세|{s.vat:,}", f"면세물품가액|{exempt:,}", f"합 계|{total:,}", f"결제금액|{total:,}", f"{s.card} {s.mask} 일시불", f"승인번호:{s.approval}",
    ]  # fmt: skip
    return rows, s.truth(total=total, exempt=exempt), ("pos_receipt", "card_slip")


def _columns(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        f"{s.name} {s.number}", s.address, f"대표 {s.owner} TEL {s.tel}", f"거래일:{s.day}(월) {s.seconds}|POS:30", *s.goods(),
        f"총합계|{s.total:,}|할 인|0", f"과세금액|{s.supply:,}|부가세액|{s.vat:,}", f"면세금액|0|청구액|{s.total:,}", f"받은돈|{s.total:,}",
        "보기마일 적립승인번호|40000001", f"{s.card}|{s.mask}", f"결제금액:{s.total:,}|승인번호:{s.approval}", f"할부개월:일시불|가맹점번호:{s.rng.randrange(10**8, 10**9)}",
    ]  # fmt: skip
    return rows, s.truth(exempt=0), ("pos_receipt", "card_slip")


def _cash(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    use, kind = s.rng.choice([("지출증빙", "cash_receipt_business"), ("소득공제", "cash_receipt_personal")])
    approval = f"{s.rng.randrange(10**8, 10**9)}"
    rows = [
        f"#^현금영수증({use})", f"상호 : {s.name}", f"사업자번호 : {s.number}", f"거래일시 : {s.day} {s.seconds}", "식별번호 : 010-****-1234", f"용도 : {use}용",
        f"공급가액|{s.supply:,}", f"부가세|{s.vat:,}", f"합계|{s.total:,}", f"승인번호 : {approval}", "문의 국세상담센터 126",
    ]  # fmt: skip
    return rows, s.truth(approval_number=approval), (kind,)


def _invoice(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        "#^전자세금계산서", f"공급자 등록번호 {s.number}", f"상호 {s.name}", f"성명 {s.owner}", "공급받는자", f"등록번호 {business_number(s.rng)}", "상호 (주)구매보기",
        f"작성일자 {s.day}", f"공급가액|{s.supply:,}", f"세액|{s.vat:,}", f"합계금액|{s.total:,}",
    ]  # fmt: skip
    return rows, s.truth("approval_number", issued_at=s.iso), ("tax_invoice",)


def _cancelled(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows, truth, _ = _van(s)
    rows = [row if not row.endswith("원") or "|0원" in row else row.replace("|", "|-") for row in rows]
    rows[0] = "#^신용카드 승인취소 전표"
    signed = {name: f"-{truth[name]}" for name in ("total", "supply", "vat")}
    return rows, truth | signed, ("cancelled",)


def _department(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        f"#^{s.name}", s.tel, s.number, "직원: 112233 매장: 4455667 영수증번호: 1234", f"날짜: {s.day} POS번호: 0007 시간: {'오후' if s.hour >= 12 else '오전'} {(s.hour - 1) % 12 + 1}:{s.minute:02}",
        *[f"{n}|{q * p:,}" for n, q, p in s.items], f"합계|₩{s.total:,}", f"{s.card}|₩{s.total:,}", f"승인 번호: {s.approval}", "부가세율|부가세|정가|합계", f"10%|{s.vat:,}|{s.supply:,}|{s.total:,}",
        "반품 기한: 2027-10-05", "교환 및 환불은 구매 시 결제 수단",
    ]  # fmt: skip
    return rows, s.truth(issued_at=f"{s.iso} {s.time}"), ("pos_receipt", "receipt", "card_slip")


def _tax_included(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        f"[판매영수증] {s.name}", f"결제일시:{s.day} {s.seconds} [POS12-34567]", f"매장주소:{s.address}", f"사업자번호:{s.number} 대표:{s.owner}", f"* 매장 : {s.tel}",
        *[f"*{n}|{q * p:,}" for n, q, p in s.items], f"#결제금액|{s.total:,}", f"(부가세포함)|({s.vat:,})", f"[신용카드-직승인]|{s.total:,}", f"[매입사명]|{s.card}[일시불]",
        f"[카드번호]|{s.mask}", f"[승인번호]|{s.approval}", f"[결제금액]|{s.total:,}", "▶쿠폰유효기간 : 2027-10-06 ~ 2027-10-20",
    ]  # fmt: skip
    return rows, s.truth("supply"), ("card_slip", "pos_receipt")


def _train(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        "#^승 차 권", "가상역 → 모의역", f"승차일자 {s.day}", "KTX 보기 101  5호차 3A석", f"운임 요금|{s.total:,}원", f"영수금액|{s.total:,}원",
        "상호 한국보기철도", f"사업자등록번호 {s.number}", f"결제일시 {s.day} {s.seconds}", f"{s.card} {s.mask}", f"승인번호 {s.approval}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant="한국보기철도"), ("transport",)


def _simple(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    rows = [
        "#^영 수 증 (공급받는자용)", f"사업자등록번호 {s.number}", f"상 호 {s.name}|성명 {s.owner}", f"소재지 {s.address}", "업태 소매|종목 잡화",
        f"작성년월일 {s.day}", f"공급대가총액|{s.total:,}", "위 금액을 정히 영수함",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", "approval_number", issued_at=s.iso), ("simple_receipt",)


def _beneath(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    """Labels alone on their rows, values on the rows below."""
    rows = [
        "[카드결제 영수증]", "가맹점명", s.name, "사업자등록번호", s.number, "거래일시", f"{s.day} {s.seconds}", "카드번호", s.mask, "승인번호", s.approval,
        "공급가액", f"{s.supply:,}원", "부가세", f"{s.vat:,}원", "합계", f"{s.total:,}원",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip",)


def _points(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    """Part of the price is paid with points: the sale is the whole."""
    points = s.total // 1000 * 100
    rows = [
        s.name, f"사업자번호: {s.number}", s.address, f"거래일시: {s.day} {s.seconds}", *s.goods(), f"과세물품가액|{s.supply:,}", f"부가세|{s.vat:,}",
        f"합 계|{s.total:,}", f"포인트사용|{points:,}", f"신용카드|{s.total - points:,}", f"{s.card} {s.mask}", f"승인번호 {s.approval}", "잔여포인트|3,210",
    ]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _platform(s: _Sale) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    """A mall's slip: the payment agent first, the seller below."""
    rows = [
        "^신용카드 매출전표", f"카드종류|{s.card}", f"카드번호|{s.mask}", f"거래일시|{s.day} {s.seconds}", f"승인번호|{s.approval}", "할부개월|일시불",
        f"공급가액|{s.supply:,}원", f"부가세|{s.vat:,}원", "봉사료|0원", f"합계금액|{s.total:,}원", "판매자 상호|" + s.name, f"사업자등록번호|{s.number}", f"대표자명|{s.owner}",
        "결제대행사 정보", "상호|(주)보기페이", f"사업자등록번호|{business_number(s.rng)}",
    ]  # fmt: skip
    return rows, s.truth(service_charge=0), ("card_slip",)


LAYOUTS = {
    layout.__name__[1:]: layout
    for layout in (
        _van, _mart, _cafe, _store, _parking, _taxi, _hospital, _delivery, _toll, _fuel, _hotel, _farm, _mixed, _columns,
        _cash, _invoice, _cancelled, _department, _tax_included, _train, _simple,
        _beneath, _points, _platform,
    )
} | PAPERS | PARTIES  # fmt: skip


def draw(seed: int, layout: str | Callable[[_Sale], Printed] | None = None, mistakes: float = 0.0) -> Drawn:
    """The receipt of that seed. `mistakes`: the chance that the reader misses a letter (a digit: a quarter of it)."""
    rng = random.Random(seed)
    name = layout or rng.choice(sorted(LAYOUTS))
    paper, name = (LAYOUTS[name], name) if isinstance(name, str) else (name, name.__name__)
    rows, truth, kinds = paper(_Sale(rng))
    lines: list[Line] = []
    printed: dict[Box, str] = {}
    y = 30.0
    for row in rows:
        scale = 1.6 if row.startswith("#") else 1.0
        for text, left in _placed(rng, row.lstrip("#^"), row.startswith(("^", "#^"))):
            width = UNIT * scale * sum(2 if ord(c) > 0x1100 else 1 for c in text)
            box = Box(round(left, 1), y, round(left + width, 1), y + 26 * scale)
            seen = _misread(rng, text, mistakes)
            confidence = rng.uniform(0.95, 1.0) if seen == text else rng.uniform(0.55, 0.98)
            lines.append(Line(seen, round(confidence, 3), box))
            printed[box] = text
        y += ROW * scale
    return Drawn(name, tuple(lines), (int(UNIT * WIDE * 1.6), int(y) + 30), truth, kinds, printed)


def tilted(drawn: Drawn, degrees: float) -> Drawn:
    """The same receipt on a page turned by so many degrees, boxes upright around the slanted print."""
    turn, centre = radians(degrees), (drawn.size[0] / 2, drawn.size[1] / 2)
    lines, printed = [], {}
    for line in drawn.lines:
        x, y = line.box.centre[0] - centre[0], line.box.centre[1] - centre[1]
        w, h = line.box.width, line.box.height
        cx, cy = x * cos(turn) - y * sin(turn) + centre[0], x * sin(turn) + y * cos(turn) + centre[1]
        wide, high = w * cos(turn) + h * abs(sin(turn)), h * cos(turn) + w * abs(sin(turn))
        box = Box(cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2)
        lines.append(replace(line, box=box, angle=degrees))
        printed[box] = drawn.printed[line.box]
    return replace(drawn, lines=tuple(lines), printed=printed)


def _placed(rng: random.Random, row: str, centred: bool) -> list[tuple[str, float]]:
    """Cells with their left edges, as the detector cuts them: wide gaps part, a spaced label may fall apart."""
    cells = row.split("|")
    width = [sum(2 if ord(c) > 0x1100 else 1 for c in cell) for cell in cells]
    placed = []
    for index, cell in enumerate(cells):
        if len(cells) == 1:
            left = (WIDE - width[0]) / 2 if centred else 1.0
        elif index == 0:
            left = 1.0
        else:
            left = 1 + (WIDE - 1) * (index + 1) / len(cells) - width[index]
        pieces = cell.split(" ")
        if len(pieces) > 1 and all(len(p.strip(":")) == 1 for p in pieces) and rng.random() < 0.5:
            for piece in pieces:
                placed.append((piece, UNIT * left))
                left += 6
        else:
            placed.append((cell, UNIT * left))
    return placed


_BENT = dict(zip("계세승인총합금액품번호점주면일시부가", "게셰슴안층함글앥풀변효첨추변힐지보카", strict=True))
_DIGITS = {"0": "8", "1": "7", "2": "7", "3": "8", "4": "9", "5": "6", "6": "8", "7": "2", "8": "3", "9": "8"}


def _misread(rng: random.Random, text: str, mistakes: float) -> str:
    if not mistakes:
        return text
    out = []
    for c in text:
        if c.isdigit():
            c = _other_digit(rng, c) if rng.random() < mistakes / 4 else c
        elif c == "," and rng.random() < mistakes:
            c = "."
        elif rng.random() < mistakes:
            c = _BENT.get(c, c)
        out.append(c)
    return "".join(out)


def _other_digit(rng: random.Random, digit: str) -> str:
    return _DIGITS[digit] if rng.random() < 0.8 else rng.choice("0123456789")
