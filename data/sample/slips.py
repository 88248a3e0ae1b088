"""The sample's receipts as records: invented merchants, sums that hold, numbers that the stand-in tax service knows."""

from dataclasses import dataclass, field

NOTE = "[견본] 실제 거래가 아닙니다"


@dataclass(frozen=True)
class Item:
    """One row of goods; prices in won with VAT, `exempt` for goods without it (rice, vegetables, books)."""

    name: str
    price: int
    quantity: int = 1
    exempt: bool = False

    @property
    def amount(self) -> int:
        """Won."""
        return self.price * self.quantity


@dataclass(frozen=True)
class Slip:
    """A receipt as printed; `kind` chooses the layout: card, pos or cash. `exempt_only` prints no VAT row."""

    kind: str
    merchant: str
    number: str
    issued: str
    items: tuple[Item, ...]
    approval: str
    owner: str = "홍길동"
    address: str = "서울시 견본구 보기로 12"
    phone: str = "02-0000-1234"
    card: str = "비씨카드"
    card_number: str = "9430-12**-****-****"
    purpose: str = ""
    footer: tuple[str, ...] = field(default=("이용해 주셔서 감사합니다",))

    @property
    def total(self) -> int:
        """Won."""
        return sum(item.amount for item in self.items)

    @property
    def exempt(self) -> int:
        """Won of goods without VAT."""
        return sum(item.amount for item in self.items if item.exempt)

    @property
    def supply(self) -> int:
        """Won of taxable goods without their VAT."""
        return round((self.total - self.exempt) / 1.1)

    @property
    def vat(self) -> int:
        """Won."""
        return self.total - self.exempt - self.supply

    def truth(self) -> dict[str, object]:
        """What a perfect reader finds, in the form of the project's truth files; None is not printed."""
        taxable = self.total > self.exempt
        return {
            "merchant": self.merchant,
            "business_number": self.number,
            "datetime": self.issued,
            "total": self.total,
            "supply": self.supply if taxable else None,
            "vat": self.vat if taxable else None,
            "exempt": self.exempt,
            "approval_no": self.approval,
            "card": self.card if self.kind != "cash" else None,
        }


LUNCH = Slip(
    "card", "견본식당 본점", "111-11-11119", "2025-10-13 12:38:27",
    (Item("점심 정식", 11_000, 4), Item("공기밥", 1_000, 2)), "30412877", owner="김견본",
)  # fmt: skip
DINNER = Slip(
    "card", "견본식당 본점", "111-11-11119", "2025-10-24 19:52:03",
    (Item("저녁 모임", 187_000),), "30977120", owner="김견본",
)  # fmt: skip
STATIONER = Slip(
    "pos", "하늘보기마트 중앙점", "777-77-77770", "2025-07-14 10:21:45",
    (Item("복사용지 A4", 23_500, 2), Item("볼펜 검정", 1_200, 10), Item("파일 홀더", 3_300, 3),
     Item("형광펜", 1_500, 4)),
    "51820346", owner="이보기", card="신한카드", card_number="4265-86**-****-****",
)  # fmt: skip
STATIONER_BEFORE = Slip(
    "card", "하늘보기마트 중앙점", "777-77-77770", "2025-06-20 16:05:11",
    (Item("인쇄 용지", 33_000),), "51099471", owner="이보기", card="신한카드", card_number="4265-86**-****-****",
)  # fmt: skip
BAKERY = Slip(
    "pos", "견본제과", "555-55-55553", "2025-09-02 08:44:19",
    (Item("식빵", 4_500, 2), Item("단팥빵", 2_000, 6), Item("커피", 3_000, 3)), "62218804", owner="박시험",
)  # fmt: skip
PARCEL = Slip(
    "card", "보기택배 접수처", "123-45-67891", "2025-09-03 17:30:58",
    (Item("택배비", 8_800),), "40017523", owner="최가상", card="국민카드", card_number="5570-42**-****-****",
)  # fmt: skip
HARDWARE = Slip(
    "pos", "견본철물", "666-66-66661", "2025-08-19 14:12:36",
    (Item("전선 3M", 7_700, 2), Item("멀티탭", 15_400), Item("절연 테이프", 1_100, 5)), "73390215", owner="정예시",
    card="삼성카드", card_number="5365-10**-****-****",
)  # fmt: skip
FUEL = Slip(
    "card", "견본주유소", "333-33-33336", "2025-03-11 07:58:40",
    (Item("휘발유", 66_000),), "80456193", owner="강모형", card="현대카드", card_number="9490-28**-****-****",
)  # fmt: skip
BOOKS = Slip(
    "card", "보기서점", "222-22-22227", "2025-03-12 15:20:09",
    (Item("세법 해설", 38_000, exempt=True),), "80561777", owner="윤예문", card="현대카드",
    card_number="9490-28**-****-****",
)  # fmt: skip
TAXI = Slip(
    "card", "모형운수 개인택시", "135-79-24681", "2025-03-12 23:47:52",
    (Item("승차 요금", 17_600),), "80640938", owner="임가상", card="현대카드", card_number="9490-28**-****-****",
)  # fmt: skip
GREENGROCER = Slip(
    "pos", "견본농산", "222-22-22227", "2025-10-02 09:15:24",
    (Item("쌀 10kg", 34_900, exempt=True), Item("배추", 4_200, 3, exempt=True), Item("대파", 2_900, 2, exempt=True)),
    "24680135", owner="윤예문", card="농협카드", card_number="9445-41**-****-****",
)  # fmt: skip
GROCER = Slip(
    "pos", "하늘보기마트 중앙점", "777-77-77770", "2025-10-28 18:33:47",
    (Item("사과 한 봉지", 9_900, exempt=True), Item("우유 1L", 2_950, 2, exempt=True), Item("세제 리필", 12_900),
     Item("화장지 30롤", 21_900), Item("종량제 봉투", 490, 10, exempt=True)),
    "19283746", owner="이보기", card="롯데카드", card_number="5137-92**-****-****",
)  # fmt: skip
CLEANING = Slip(
    "cash", "견본청소", "888-89-88885", "2025-11-05 11:07:31", (Item("사무실 청소", 55_000),), "148203957",
    owner="서모형", purpose="지출증빙",
)  # fmt: skip
NOODLES = Slip(
    "card", "보기분식", "444-44-44444", "2025-11-11 12:11:05", (Item("김밥", 4_000, 3), Item("라면", 5_000, 2)),
    "67001928", owner="오시늉",
)  # fmt: skip

PAPERS: dict[str, tuple[Slip, ...]] = {
    "card_slip.jpg": (LUNCH,),
    "pos_items.jpg": (STATIONER,),
    "several_pages.pdf": (BAKERY, STATIONER_BEFORE, PARCEL, DINNER),
    "upside_down.jpg": (HARDWARE,),
    "three_on_a_page.jpg": (FUEL, BOOKS, TAXI),
    "tax_exempt.jpg": (GREENGROCER,),
    "mixed_exempt.png": (GROCER,),
    "cash_receipt.jpg": (CLEANING,),
    "simplified_sideways.jpg": (NOODLES,),
    "no_receipt.jpg": (),
}
"""each file of the sample and what is on it"""

UNCLAIMED = (
    ("2025-10-15 20:14:33", "견본호프", "30555012", 43_000),
    ("2025-11-02 13:02:10", "가상편의점 2호점", "88123450", 6_700),
)
"""sales on the card statement for which no receipt was handed in"""
