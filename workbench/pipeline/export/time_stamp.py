"""What a time stamp (RFC 3161) says: of which bytes, when."""

from datetime import datetime
from pathlib import Path

from asn1crypto import cms, tsp

from workbench.domain.errors import WorkbenchError


class NoTimeStamp(WorkbenchError):
    """The file is no time stamp, or one that a service refused."""


def read_time_stamp(path: Path) -> tuple[datetime, bytes]:
    """The moment and the SHA-256 that it binds; of the answer of a service, or of the bare token; NoTimeStamp."""
    data = path.read_bytes()
    try:
        token = tsp.TimeStampResp.load(data)["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
    except (ValueError, TypeError, KeyError):
        try:
            info = cms.ContentInfo.load(data)["content"]["encap_content_info"]["content"].parsed
        except (ValueError, TypeError, KeyError) as error:
            raise NoTimeStamp(f"{path.name}은(는) 시각 도장(RFC 3161)이 아닙니다 ({error}).") from None
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise NoTimeStamp(f"{path.name}: SHA-256으로 받은 시각 도장이어야 합니다.")
    return info["gen_time"].native, imprint["hashed_message"].native
