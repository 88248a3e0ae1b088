# ruff: noqa: E501, SIM905  (rows of print and lists of words read best as they stand)
"""More papers for `drawn_lines.draw`, as different tills, terminals and web pages print them; every shop is invented."""

import random
from collections.abc import Callable
from typing import Any

Printed = tuple[list[str], dict[str, str], tuple[str, ...]]
"""Rows (see `drawn_lines`), what they say, and the kinds of paper that it may be called."""

LOGOS = "HANULMART,Saebom Coffee,NURI,ON&ON,maru bread,DASOM BURGER,Garam Books".split(",")


def spaced(rng: random.Random, label: str) -> str:
    """A label as tills set it: as it is, with blanks between its letters, or a double one in the middle."""
    return rng.choice([label, label, " ".join(label), label[:2] + "  " + label[2:] if len(label) > 3 else label])


def _one(rng: random.Random, words: str) -> str:
    return rng.choice(words.split())


def _terminal(s: Any) -> Printed:
    """A terminal's slip with the card first and the shop at its foot."""
    r = s.rng
    rows = [
        "매출전표|[고객용]", f"{s.card}|IC카드신용승인", f"거래일시|{s.day[2:]} {s.seconds}", f"카드번호|{s.mask}(C)", "유효기간(년/월):**/**|일시불",
        f"가맹점번호|{r.randrange(10**10, 10**11)}", f"승인번호|{s.approval}", f"매입사:{s.card}(무서명거래)",
        f"판 매 금 액|{s.supply:,}원", f"부가가치세|{s.vat:,}원", "봉 사 료|0원", f"합    계|{s.total:,}원",
        f"가맹점명|{s.name}", f"사업자번호|{s.number}", f"대표자명 : {s.owner}|TEL : {s.tel}", f"주소:{s.address}", f"CAT ID:{r.randrange(10**7, 10**8)}|전표No : {r.randrange(10**9, 10**10)}", "서명/SIGNATURE",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip",)


def _terminal_head(s: Any) -> Printed:
    """A terminal's slip with the shop at its head, its labels cut short."""
    r = s.rng
    rows = [
        "^[IC신용승인](고객용)", f"단말기 : 2N{r.randrange(10**7, 10**8)}|전표번호 : {r.randrange(10**5, 10**6):06}", f"가맹점 : {s.name}", f"주  소 : {s.address}", f"대표자 : {s.owner}",
        f"사업자 : {s.number}|TEL : {s.tel}", f"금액|{s.supply:,}", f"부가세|{s.vat:,}", f"합계|{s.total:,}", s.card, f"카드번호 : {s.mask}(S)|일시불",
        f"거래일시 : {s.day} {s.seconds}", f"승인번호 : {s.approval}", f"거래번호 : {r.randrange(10**11, 10**12)}", f"매입 : 보기카드사|가맹 : {r.randrange(10**8, 10**9)}", "알림 : EDC 매출표", "문의 : TEL)1544-0000", "^* 감사합니다 *",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip",)


def _hyper(s: Any) -> Printed:
    """A hypermarket's till: exempt goods, a card whose approval number stands behind a stroke."""
    r = s.rng
    exempt = r.randrange(5, 300) * 100
    whole = s.total + exempt
    staff = r.choice([0, 0, 490]) if whole > 9000 else 0  # taken off what the taxes were reckoned on
    total = whole - staff
    rows = [
        f"#^{r.choice(LOGOS)}", f"{s.name}|({s.tel.partition('-')[0]}){s.tel.partition('-')[2]}", f"{s.number} {s.owner}", s.address, "영수증 미지참시 교환/환불 불가", "정상상품에 한함, 30일 이내(신선 7일)", "교환/환불 구매점에서 가능(결제카드 지참)",
        f"[구 매]{s.day} {s.time}|POS:{r.randrange(1000, 9999)}-{r.randrange(1000, 9999)}", "상 품 명|단 가|수량|금 액", *[f"{i + 1:02} {n}|{p:,}|{q}|{q * p:,}" for i, (n, q, p) in enumerate(s.items)],
        f"{len(s.items) + 1:02}* 흙당근|{exempt:,}|1|{exempt:,}", f"총 품목 수량|{len(s.items) + 1}", f"(*)면 세  물 품|{exempt:,}", f"과 세  물 품|{s.supply:,}", f"부   가   세|{s.vat:,}", f"합        계|{whole:,}", *([f"직원할인|-{staff:,}"] if staff else []),
        f"결 제 대 상 금 액|{total:,}", f"0012 {s.card}|{s.mask[:7]}**1234/{s.approval}", f"카드결제(IC)|일시불 / {total:,}", "[보기포인트 적립]", "가*온 고객님의 포인트 현황입니다.",
        f"금회발생포인트|9000**1234  {total // 1000}", "누계(가용)포인트|4,321(  4,300)", "*보기포인트 유효기간은 2년입니다.", f"캐셔:{r.randrange(10**5, 10**6)} 양OO|{r.randrange(1000, 9999)}",
    ]  # fmt: skip
    return rows, s.truth(total=total, exempt=exempt, issued_at=f"{s.iso} {s.time}"), ("pos_receipt", "card_slip")


def _discount_mart(s: Any) -> Printed:
    """A supermarket: discount before the sum to pay, sums in another order, points after them."""
    r = s.rng
    cut = r.randrange(1, 9) * 100 if s.total > 3000 else 0
    paid = s.total - cut
    supply = round(paid / 1.1)
    rows = [
        f"#^{r.choice(LOGOS)}", s.name, f"{s.number} {s.owner}", f"Tel){s.tel}", s.address, f"{s.day} {s.time}[수]|TM:000104 NO:{r.randrange(1, 9999):04}", "상품명|단가|수량|금액",
        *[f"{i + 1:02} {n}|{p:,}|{q}|{q * p:,}" for i, (n, q, p) in enumerate(s.items)], f"총 합 계|{s.total:,}", *([f"할인(에누리)|-{cut:,}"] if cut else []), f"구매금액|{paid:,}",
        f"{s.card}|{s.mask}", f"카드결제|{paid:,}", f"할부개월 :일시불|승인번호:{s.approval}", f"과 세 물 품|{supply:,}", f"부   가   세|{paid - supply:,}", "면 세 물 품|0",
        "*표시 상품은 부가세 면세품목입니다.", "적립/누적/가용|12/ 1,234/ 1,234", "문의:1599-0000",
    ]  # fmt: skip
    return rows, s.truth(total=paid, supply=supply, vat=paid - supply, issued_at=f"{s.iso} {s.time}", exempt=0), ("pos_receipt", "card_slip")  # fmt: skip


def _department_till(s: Any) -> Printed:
    """A department store: a Latin logo, the firm with its branch and telephone, the payment without a heading."""
    r = s.rng
    name = f"(주) {s.name}"
    rows = [
        f"#^{r.choice(LOGOS)}", f"{name} T.{s.tel}", s.address, f"{s.number} {s.owner}", f"구매 {s.day} {s.time}|거래번호:{r.randrange(1000, 9999):04}-{r.randrange(1000, 9999)}", "상품명|수량|금액",
        *[f"{p:,}원 / {n}|{q}|{q * p:,}" for n, q, p in s.items], f"소      계|{s.total:,}", f"과 세 물 품 가 액|{s.supply:,}", f"부     가     세|{s.vat:,}", f"#합       계|{s.total:,}", f"카 드 결 제 액|{s.total:,}",
        f"{s.card[:2]}|{s.mask}", f"승인번호|{s.approval}  일시불", "캐셔No:409**2 가온", f"주문번호 : {r.randrange(100, 999)}", "교환, 환불, 결제변경은 7일내 결제카드", "지참하시고, 환불 시 증정사은품은", "반납하셔야 합니다. (일부 브랜드 제외)",
    ]  # fmt: skip
    return rows, s.truth(issued_at=f"{s.iso} {s.time}"), ("pos_receipt", "card_slip")


def _sundries(s: Any) -> Printed:
    """A chain of sundries: head office and branch, the number behind the owner, the till in brackets."""
    r = s.rng
    rows = [
        f"#^{r.choice(LOGOS)}", f"(주){s.name.replace(' ', '_')}", "본사:서울 가상구 보기대로 400 (견본동)", f"대표:{s.owner} {s.number}", f"매장:{s.address}", f"전화:{s.tel}", "교환/환불 14일(10월21일)이내, 가능",
        f"[POS {r.randrange(10**6, 10**7)}]|{s.day} {s.seconds}", *[f"{n}|{p:,} {q}|{q * p:,}" for n, q, p in s.items], f"과세합계|{s.supply:,}", f"부가세|{s.vat:,}", f"판매합계|{s.total:,}", f"신용카드|{s.total:,}",
        f"{s.card}|{s.mask}", f"승인번호 {s.approval}(0)|승인금액 {s.total:,}", f"{s.iso.replace('-', '')}{s.seconds.replace(':', '')} {r.randrange(10**6, 10**7)}",
    ]  # fmt: skip
    return rows, s.truth(merchant=f"(주){s.name}"), ("pos_receipt", "card_slip")


def _corner(s: Any) -> Printed:
    """A convenience store: labels in brackets, the weekday between date and time."""
    r = s.rng
    rows = [
        f"#^{r.choice(LOGOS)}", s.name, f"[사업자번호]{s.number}|{s.owner}", f"[주소]{s.address}", f"[전화]{s.tel}", f"{s.day} ({_one(r, '월 화 수 목 금 토 일')}) {s.time}|POS-{r.randrange(1, 9):02}",
        *[f"{n}|{q}|{q * p:,}" for n, q, p in s.items], f"총 구 매 액|{sum(q for _, q, _ in s.items)}|{s.total:,}", f"과세물품가액|{s.supply:,}", f"부 가 세|{s.vat:,}", f"#결 제 금 액|{s.total:,}", f"신용카드|{s.total:,}",
        "***신용카드 승인정보***", f"[카드번호] {s.mask}", f"[카드사명] {s.card}", f"[승인금액] {s.total:,}원", f"[승인번호] {s.approval}", f"[승인일시] {s.day} {s.seconds}", "[할부개월] 일시불", "교환/환불시 영수증과 카드를 지참해 주세요",
    ]  # fmt: skip
    return rows, s.truth(), ("pos_receipt", "card_slip")


def _grid(s: Any) -> Printed:
    """A payment page: labels above their values, two columns, the shop below the sums."""
    r = s.rng
    rows = [
        "^신용카드 매출전표", "카드종류|거래종류", f"{s.card}|신용거래", "카드번호|할부개월", f"{s.mask}|일시불", "거래일시|승인번호", f"{s.day} {s.seconds}|{s.approval}", "상품명", s.items[0][0],
        f"공급가액|{s.supply:,}원", f"부가가치세|{s.vat:,}원", "봉사료|0원", f"합계|{s.total:,}원", "이용상점정보", "판매자상호|대표자명", f"{s.name}|{s.owner}", "사업자등록번호|전화번호", f"{s.number}|{s.tel}", "사업장주소", s.address,
        f"주문번호 ORD{r.randrange(10**9, 10**10)}",
    ]  # fmt: skip
    return rows, s.truth(service_charge=0), ("card_slip",)


def _agent(s: Any) -> Printed:
    """A payment agent's page: its own name and number stand under the seller's."""
    r = s.rng
    rows = [
        "^신용카드 매출전표", "결제정보", f"카드종류|{s.card}", f"카드번호|{s.mask}", f"거래일자|{s.day} {s.seconds}", "거래유형|승인", "할부|일시불", f"승인번호|{s.approval}", "구매정보", f"주문번호|{r.randrange(10**15, 10**16)}", f"상품명|{s.items[0][0]}",
        "구매자명|가온*", "금액정보", f"과세금액|{s.supply:,}", "비과세금액|0", f"부가세|{s.vat:,}", f"합계|{s.total:,}", "판매자 정보", f"상호|{s.name}", f"사업자등록번호|{s.number}", f"대표자명|{s.owner}", f"사업장주소|{s.address}",
        "서비스제공업체 정보(결제대행사)", "상호|견본페이먼츠 주식회사", f"사업자등록번호|{s.other}", "대표자명|모의대표", "주소|서울 가상구 모의로 131",
    ]  # fmt: skip
    return rows, s.truth(exempt=0), ("card_slip",)


def _meter(s: Any) -> Printed:
    """A taxi's printer: no tax, ride times beside the time of payment."""
    name = f"{s.name.split()[0][:2]}운수"
    rows = [
        "^택시 요금 영수증", f"상호 : {name}(주)", f"사업자번호 : {s.number}", f"전화번호 : {s.tel}", "차량번호 : 서울33바0000", f"승차시간 : {s.iso} 05:01", f"하차시간 : {s.iso} {s.time}", "주행거리 : 12.3km", f"승차요금 : {s.total:,}원", "기타요금 : 0원",
        f"합계금액 : {s.total:,}원", f"카드종류 : {s.card}", f"카드번호 : {s.mask}", f"승인번호 : {s.approval}", f"거래일시 : {s.day} {s.time}", "분실물 문의 1644-0000",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=f"{name}(주)", issued_at=f"{s.iso} {s.time}"), ("taxi",)


def _pump(s: Any) -> Printed:
    """A petrol station: price a litre, an amount with litres, tax in one row."""
    r = s.rng
    name = f"(주)한빛에너지 {s.name.split()[0][:2]}주유소"
    rows = [
        f"#^{name}", f"{s.number}|{s.owner}", s.address, f"TEL:{s.tel}", f"{s.day} {s.seconds}|{r.randrange(1000, 9999)}", "유종 : 무연휘발유", f"단가 : 1,639원|수량 : {s.total / 1639:.3f}L", f"금액 : {s.total:,}원",
        f"과세:{s.supply:,}|세액:{s.vat:,}", f"합계 : {s.total:,}원", "신용카드(고객용)", f"카드명 : {s.card}", f"카드번호 : {s.mask}", f"승인번호 : {s.approval}", f"가맹점NO : {r.randrange(10**8, 10**9)}", "포인트카드 : 8999-12**-****-3456", "금회포인트 : 120P 누적 : 3,210P",
    ]  # fmt: skip
    return rows, s.truth(merchant=name), ("card_slip", "pos_receipt", "receipt")


def _barrier(s: Any) -> Printed:
    """A car park's machine: arrival and departure, a discount, tax."""
    r = s.rng
    name = f"{s.name.split()[0][:2]}빌딩 주차장"
    free = r.choice([0, 1000, 2000])
    rows = [
        "#^주차요금 영수증", name, f"사업자번호 {s.number} 대표 {s.owner}", s.address, f"전화 {s.tel}", "차량번호|123가4567", f"입차시각|{s.iso} 05:01:22", f"출차시각|{s.iso} {s.seconds}", "주차시간|2시간 10분",
        f"주차요금|{s.total + free:,}원", f"할인요금|{free:,}원", f"결제금액|{s.total:,}원", f"공급가액|{s.supply:,}원", f"부 가 세|{s.vat:,}원", f"{s.card}|{s.mask}", f"승인번호|{s.approval}", f"결제일시|{s.day} {s.seconds}", "안녕히 가십시오",
    ]  # fmt: skip
    return rows, s.truth(merchant=name), ("parking",)


def _pharmacy(s: Any) -> Printed:
    """A pharmacy's bill: the whole, the patient's part and the insurer's."""
    r = s.rng
    name = f"{s.name.split()[0][:2]}온누리보기약국"
    whole = s.total + r.randrange(50, 300) * 100
    rows = [
        "#^약제비 계산서·영수증", "환자성명|가*온", f"조제일자|{s.day}", f"약제비총액(1+2+3)|{whole:,} 원", f"본인부담금(1)|{s.total:,} 원", f"보험자부담금(2)|{whole - s.total:,} 원", "비급여(3)|0 원", f"총수납금액|{s.total:,} 원", f"카드|{s.total:,} 원", "현금영수증|0 원",
        f"사업자등록번호|{s.number}", f"상 호|{name}", f"성 명|{s.owner}", f"사업장소재지|{s.address}", f"발행일 {s.day}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", "approval_number", merchant=name, issued_at=s.iso), ("medical",)


def _cash_till(s: Any) -> Printed:
    """A till's receipt with a cash receipt: more money received than due, a nine-digit approval."""
    r = s.rng
    cash = -(-s.total // 10000) * 10000
    approval = f"{r.randrange(10**8, 10**9)}"
    rows = [
        "^[ 영 수 증 ]", f"{s.name} / {s.number} / {s.owner}", s.address, f"{s.tel} / {s.iso.replace('-', '')}-01-{r.randrange(1, 9999):04}", f"{s.day} {s.seconds}", *s.goods(), f"합 계  금 액|{s.total:,}", f"부가세 과세물품가액|{s.supply:,}", f"부   가   세|{s.vat:,}",
        f"받 을 금 액|{s.total:,}", f"받 은 금 액|{cash:,}", f"거 스 름 돈|{cash - s.total:,}", "*** 현금영수증(지출증빙) ***", "식별번호 : 120-**-*****", f"승인번호 : {approval}", f"승인금액 : {s.total:,}", "국세청문의 : 126 http://현금영수증.kr",
    ]  # fmt: skip
    return rows, s.truth(approval_number=approval), ("cash_receipt_business", "pos_receipt")


def _bracketed(s: Any) -> Printed:
    """A till that sets every label in brackets, and the card in a row of its own."""
    r = s.rng
    rows = [
        "^[영수증]", f"[매장명] {s.name}", f"[사업자] {s.number}", f"[주소] {s.address}", f"[대표자] {s.owner}|[TEL] {s.tel}", f"[매출일] {s.day} {s.seconds}|01-{s.owner}", f"[영수증] {s.iso.replace('-', '')}-01-{r.randrange(1, 9999):04}", *s.goods(),
        f"합계금액|{s.total:,}", f"부가세 과세물품가액|{s.supply:,}", f"부     가     세|{s.vat:,}", f"받을금액|{s.total:,}", f"받은금액|{s.total:,}", f"신용카드|{s.total:,}", "*** 신용승인정보(고객용)[1] ***", f"카드종류:|{s.card}", f"카드번호:|{s.mask}", "할부개월: 일시불",
        f"판매금액:|{s.supply:,}", f"부 가 세:|{s.vat:,}", f"승인금액:|{s.total:,}", f"승인번호:|{s.approval}", f"승인일시:|{s.day} {s.seconds}", f"가맹점번호:|{r.randrange(10**8, 10**9)}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt")


def _logo(s: Any) -> Printed:
    """A coffee chain: a Latin logo, the branch alone below it, number and owner at the right edge."""
    r = s.rng
    logo = r.choice(["STARLIGHT", "MOONBEANS", "COFFEE ONE", "Cafe Noon"])
    branch = f"{s.name.split()[0][:2]}{s.name.split()[1]}"
    rows = [
        "전자영수증", f"#^{logo}", "^사이렌주문", f"{branch}|T:{s.tel}", s.address, f"대표 : {s.owner}|{s.number}", f"[매장#{r.randrange(1000, 9999)}, POS 02]|{s.day} {s.seconds}", f"#^가온 (B-{r.randrange(10, 99)})", *[f"{n}|{p:,}|{q}|{q * p:,}" for n, q, p in s.items],
        f"합계|->|{s.total:,}", f"결제금액|{s.total:,}", f"(부가세 포함)|({s.vat:,})", f"신용카드|{s.total:,}", f"카드번호|{s.mask}", f"승인번호|{s.approval}",
    ]  # fmt: skip
    return rows, s.truth("supply", merchant=f"{logo} {branch}"), ("e_receipt", "card_slip", "pos_receipt")


def _two_lines(s: Any) -> Printed:
    """The name in two large rows, the second of them the branch; the telephone's first digits like a date."""
    brand, branch = s.name.split()
    rows = [
        f"#^{brand}", f"#^{branch}", f"{s.number} 대표자 : {s.owner}", s.address, f"[일시] {s.day} {s.time}|POS: 03-0040", *[f"{n}|{p:,}|{q}|{q * p:,}" for n, q, p in s.items], f"제품합계 수량|{len(s.items)}개", f"과세금액|{s.supply:,}", f"부가세|{s.vat:,}",
        f"총     액|{s.total:,}", "할인금액|0", f"합     계|{s.total:,}", f"받은돈|{s.total:,}", f"카드결제|{s.total:,}", "신용카드 매출전표", f"[카드번호] {s.mask}", "[할부개월] 일시불", f"[발 급 사 명] {s.card}", f"[승 인 번 호] {s.approval}",
        f"[가 맹 번 호] {s.rng.randrange(10**8, 10**9)}", f"[결 제 금 액] {s.total:,}", f"^***** {s.iso.replace('-', '')}-03-0040 *****",
    ]  # fmt: skip
    return rows, s.truth(issued_at=f"{s.iso} {s.time}"), ("card_slip", "pos_receipt")


def _cinema(s: Any) -> Printed:
    """A cinema's ticket: the hours of the film beside the time of sale."""
    r = s.rng
    name = f"{s.name.split()[0][:2]}시네마 {s.name.split()[1]}"
    rows = [
        "^영화입장권(영수증 겸용)", name, "보기영화(디지털)", f"{s.iso} (토) 2회", "10:05 ~ 12:21", "3관 5층 F열 11번", f"일반 2명|{s.total:,}원", f"총인원 2명|총금액 {s.total:,}원", f"공급가액 {s.supply:,}|부가세 {s.vat:,}", f"{s.card} {s.mask}", f"승인번호 {s.approval}",
        f"사업자번호 {s.number}", f"대표 {s.owner}", f"발권일시 {s.day} {s.seconds}|{r.randrange(1000, 9999)}-{r.randrange(10, 99)}",
    ]  # fmt: skip
    return rows, s.truth("issued_at", merchant=name), ("card_slip", "pos_receipt", "receipt", "transport")


def _post(s: Any) -> Printed:
    """A post office: exempt of tax, the receipt's number with the date in it."""
    name = f"{s.name.split()[0][:2]}{s.name.split()[1][:2]}우체국"
    rows = [
        "^영 수 증", f"{name}|TEL {s.tel}", f"사업자등록번호 : {s.number}", s.address, f"발행일시 : {s.day} {s.seconds}", "등기통상|1통|2,100", f"수납요금|{s.total:,}원", f"총 요 금|{s.total:,}원", f"신용카드결제|{s.total:,}원", f"카드번호 : {s.mask}", f"승인번호 : {s.approval}", "우편요금은 부가세 면세입니다.",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", merchant=name), ("card_slip", "receipt", "pos_receipt")


def _handwritten(s: Any) -> Printed:
    """A receipt from a pad: the amount in a box, the date by hand."""
    y, m, d = s.iso.split("-")
    rows = [
        "#^영 수 증", "No. 12|가나회사 귀하", f"공 급 자|사업자등록번호 {s.number}", f"상  호  {s.name}|성 명  {s.owner}", f"사업장소재지|{s.address}", "업 태  소매|종 목  문구", "작성년월일|공급대가총액|비고", f"{y}. {int(m)}. {int(d)}.|{s.total:,}", "위 금액을 영수(청구)함", "월/일 품목 수량 단가 금액",
        *[f"{int(m)}/{int(d)} {n}|{q}|{p:,}|{q * p:,}" for n, q, p in s.items], f"합 계|₩{s.total:,}",
    ]  # fmt: skip
    return rows, s.truth("supply", "vat", "approval_number", issued_at=s.iso), ("simple_receipt",)


def _tablet(s: Any) -> Printed:
    """A tablet till: the name alone at the top, the payment before the goods, the seller at the foot."""
    rows = [
        f"#^{s.name}", f"^{s.total:,}원", f"결제방법|신용카드({s.card})", f"매입사명|{s.card}", f"카드번호|{s.mask}", "할부기간|일시불", f"부가세액|{s.vat:,}", f"공급가액|{s.supply:,}", f"승인번호|{s.approval}", f"승인일시|{s.day} {s.seconds}", f"가맹점번호|{s.rng.randrange(10**8, 10**9)}",
        "메뉴명|단가|수량|금액", *[f"{n}|{p:,}|{q}|{q * p:,}" for n, q, p in s.items], f"결제금액|{s.total:,}", f"상호|{s.name}", f"대표|{s.owner}", f"사업자등록번호|{s.number}", f"대표번호|{s.tel}", f"주소|{s.address}",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt")


def _order(s: Any) -> Printed:
    """A delivery app's order: goods, delivery, a discount, no number of any seller."""
    r = s.rng
    fee, cut = r.choice([0, 2000, 3300]), r.choice([0, 1000, 2300])
    paid = s.total + fee - cut
    rows = [
        "#^배달주문", f"거래일시: {s.day} {s.seconds}", "주문번호: T1AB0000", "메뉴|수량|금액", *[f"{n}|{q}|{q * p:,}" for n, q, p in s.items], f"주문금액|{s.total:,}", f"배달비|{fee:,}", *([f"할인금액|-{cut:,}"] if cut else []), f"총결제금액|{paid:,}", f"주문매장: {s.name}", "결제방식: 선결제 완료", "가게요청사항: 문 앞에 두세요",
    ]  # fmt: skip
    return rows, s.truth("business_number", "supply", "vat", "approval_number", total=paid), ("order_slip",)


def _wallet(s: Any) -> Printed:
    """A convenience store's receipt paid by a phone wallet: a bar code masked like a card, a long approval number."""
    r = s.rng
    rows = [
        f"{s.name}|{s.tel}", f"주식회사{s.name.split()[0][:2]}|{s.number.replace('-', '')}", s.address, f"{s.day} {s.owner[0]}*{s.owner[2]}|NO:{r.randrange(10000, 99999)}", "*정부방침에 의해 교환/환불은", "반드시 영수증을 지참하셔야 하며,", "카드결제는 30일(10월21일)이내",
        *[f"{n}|{q}|{q * p:,}" for n, q, p in s.items], f"합계수량/금액|{sum(q for _, q, _ in s.items)}|{s.total:,}", f"과세 매출|{s.supply:,}", f"부가세|{s.vat:,}", f"#합 계|{s.total:,}", f"보기페이|{s.total:,}", "보기페이 결제내역", f"바코드|3KP{r.randrange(100, 999)}***********YTFj",
        f"승인번호|{r.randrange(10**9, 10**10)}", f"결제금액|{s.total:,}원", f"{s.day[2:]} {s.seconds}",
    ]  # fmt: skip
    truth = s.truth(approval_number=rows[-3].partition("|")[2])
    return rows, truth, ("card_slip", "pos_receipt", "receipt")


def _bag(s: Any) -> Printed:
    """A convenience store: a deposit for the bag, no part of the VAT; the branch numbered, its logo above."""
    r = s.rng
    shop = f"{s.name.split()[0][:2]}{s.name.split()[1]}"
    total = s.total + 20
    rows = [
        "#^누리열두시", f"{shop}#{r.randrange(10000, 99999)}", f"({s.tel})|{s.owner}|{s.number.replace('-', '')}", s.address, f"[판매] {s.day} ({_one(r, '월 화 수')}) {s.seconds}", "상품명|수량|금액", *[f"{n}|{q}|{q * p:,}" for n, q, p in s.items], "비닐봉투 보증금 20원|1|20",
        f"합계|{len(s.items) + 1}|₩{total:,}", f"과세물품가액|{s.supply:,}", f"부가세|{s.vat:,}", "봉투보증금액|20", f"신용카드|₩{total:,}", f"{s.card} {s.mask}", f"승인번호 {s.approval}",
    ]  # fmt: skip
    return rows, s.truth(merchant=shop, total=total, exempt=20), ("card_slip", "pos_receipt")


def _table(s: Any) -> Printed:
    """A restaurant's till: everything labelled, twice; the table's number and the waiter's between."""
    r = s.rng
    rows = [
        "^[ 카드판매 영수증 ]", "^[고객용]", f"{s.name.replace(' ', '(')})", f"사업자번호 : {s.number}", f"대표자: {s.owner}|TEL: {s.tel}", s.address, "테이블명: 2", f"판매시간: {s.iso.replace('-', '')} {s.seconds}|(POS100)", f"판매사원: 가온|영수번호:: {r.randrange(1, 99)}", "상품|단가|수량|금액",
        *[f"{n}|{p:,}|{q}|{q * p:,}" for n, q, p in s.items], f"합    계::|{s.total:,}", f"카    드::|{s.total:,}", f"공 급 가::|{s.supply:,}", f"부 가 세::|{s.vat:,}", f"[카드종류] {s.card}|[할부개월] 일시불", f"[카 드 번 호]|{s.mask}", f"[승 인 일 시]|{s.iso}", f"[승 인 번 호]|KIS|{s.approval}",
        f"[카 드 매 출]|{s.total:,}", f"공 급 가|{s.supply:,}", f"부 가 세|{s.vat:,}", "^-신용 카드 전표-", f"{s.iso.replace('-', '')}00010000030",
    ]  # fmt: skip
    return rows, s.truth(), ("card_slip", "pos_receipt")


PAPERS: dict[str, Callable[[Any], Printed]] = {
    paper.__name__[1:]: paper
    for paper in (
        _terminal, _terminal_head, _hyper, _discount_mart, _department_till, _sundries, _corner, _grid, _agent, _meter, _pump,
        _barrier, _pharmacy, _cash_till, _bracketed, _logo, _two_lines, _cinema, _post, _handwritten, _tablet, _order,
        _wallet, _table, _bag,
    )
}  # fmt: skip
