"""What an HTTP answer of the service or of its gateway means: rows, or an error and whether to ask again."""

import json

from workbench.domain.errors import BadAnswer, QuotaUsedUp, ServiceDown, TaxError, WrongKey

WRONG_KEY = "국세청 서비스가 인증키를 받아들이지 않았습니다. 인증키와 공공데이터포털의 활용신청 승인을 확인해 주세요."
QUOTA = "오늘 쓸 수 있는 조회 횟수를 다 썼습니다. 내일 다시 조회하거나 다른 인증키를 넣어 주세요."
DOWN = "국세청 서비스에 장애가 있습니다. 잠시 뒤 다시 조회해 주세요."
ENDED = "국세청 조회 서비스가 종료되었다고 합니다. 공공데이터포털의 공지를 확인해 주세요."
REFUSED = "국세청 서비스가 요청을 받아들이지 않았습니다. 다시 조회해도 같으면 관리자에게 알려 주세요."
NONSENSE = "국세청 서비스의 답을 알아볼 수 없습니다. 조회 주소를 확인하고 다시 조회해 주세요."


def read_answer(status: int, body: bytes) -> tuple[list[object] | None, TaxError, bool]:
    """What an HTTP answer means, by its body before its status: the rows, or the error and whether to try again.

    The gateway says {"code": -4, "msg": ...}, the service {"status_code": NAME}; either may come with any HTTP status.
    """
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return None, ServiceDown(DOWN), True
    try:
        answer = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        if "code" in answer:
            return None, *_gateway_error(str(answer["code"]))
        name = answer.get("status_code")
        if name == "INTERNAL_ERROR":
            return None, ServiceDown(DOWN), True
        if name == "OK" and isinstance(answer.get("data"), list) and 200 <= status < 300:
            return answer["data"], BadAnswer(NONSENSE), False
        if isinstance(name, str) and name != "OK" and status < 500:
            return None, BadAnswer(REFUSED), False
    if status in (401, 403):
        return None, WrongKey(WRONG_KEY), False
    if status == 429:
        return None, QuotaUsedUp(QUOTA), False
    if status >= 500:
        return None, ServiceDown(DOWN), True
    return None, BadAnswer(NONSENSE), False


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON; ValueError where a name comes twice, for which of the two holds is anybody's guess."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


def _gateway_error(code: str) -> tuple[TaxError, bool]:
    if code in ("-3", "-4", "-401"):
        return WrongKey(WRONG_KEY), False
    if code == "-10":
        return QuotaUsedUp(QUOTA), False
    if code in ("-1", "-5"):
        return ServiceDown(DOWN), True
    if code == "-9":
        return ServiceDown(ENDED), False
    return BadAnswer(REFUSED), False
