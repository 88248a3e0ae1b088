"""Passwords as the file of WORKBENCH_BASIC_AUTH keeps them: as scrypt's hash (RFC 7914), written as PHC strings are.

A password in clear is known, too; `is_clear` tells of it.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
import unicodedata
from pathlib import Path

from workbench.domain.errors import SettingsError
from workbench.pipeline.storage.atomic import whole

LOG_COST, BLOCK, PARALLEL = 15, 8, 3
"""32 MB and about a quarter of a second for each password, as OWASP asks for."""
MOST_MEMORY = 160 << 20
"""Bytes that a hash in the file may ask for."""
SHAPE = re.compile(r"\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]{8,64})\$([\w+/-]{16,128})")
START = "$scrypt$"


def hashed(password: str) -> str:
    """What the file keeps of a password; another text each time."""
    salt = secrets.token_bytes(16)
    made = _scrypt(password, salt, LOG_COST, BLOCK, PARALLEL, 32)
    return f"{START}ln={LOG_COST},r={BLOCK},p={PARALLEL}${_text(salt)}${_text(made)}"


def is_clear(kept: str) -> bool:
    """Whether that is a password itself."""
    return not kept.startswith(START)


def matches(kept: str, password: str) -> bool:
    """Whether that is the password; takes the time and memory that the hash asks for. A hash that is none fits none."""
    found = SHAPE.fullmatch(kept)
    try:
        if is_clear(kept):
            return hmac.compare_digest(_given(kept), _given(password))
        if found is None:
            return False
        cost, block, parallel = (int(number) for number in found.groups()[:3])
        salt, wanted = _bytes(found[4]), _bytes(found[5])
        return hmac.compare_digest(wanted, _scrypt(password, salt, cost, block, parallel, len(wanted)))
    except (ValueError, OverflowError, binascii.Error):  # more memory than is allowed, costs that are none, no text
        return False


def set_password(file: Path, name: str, password: str) -> None:
    """Keeps a password in the file, which nobody but its owner and group may read; SettingsError where it cannot be.

    Of a file that is there the owner and the group stay: root may set what the service's user reads.
    """
    if not name.strip() or not password:
        raise SettingsError("이름과 비밀번호를 모두 적어 주세요.")
    try:
        people = json.loads(file.read_text("utf-8")) if file.exists() else {}
        if not isinstance(people, dict):
            raise ValueError("no object")
        people[name.strip()] = hashed(password)
        before = file.stat() if file.exists() else None
        with whole(file) as draft:
            draft.touch(0o600)
            if before is not None and hasattr(os, "chown"):
                os.chown(draft, before.st_uid, before.st_gid)
                draft.chmod(before.st_mode & 0o640 | 0o600)
            draft.write_text(json.dumps(people, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except ValueError as error:
        raise SettingsError(f'{{"이름": "비밀번호"}} 꼴의 JSON이 아닙니다: {file}') from error
    except OSError as error:
        raise SettingsError(f"{file} 파일을 쓸 수 없습니다 ({error.strerror}). 폴더와 권한을 확인해 주세요.") from error


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int, length: int) -> bytes:
    return hashlib.scrypt(
        _given(password), salt=salt, n=1 << cost, r=block, p=parallel, maxmem=MOST_MEMORY, dklen=length
    )


def _given(password: str) -> bytes:
    """A password as it is compared, in whatever form a keyboard sent it (NFC, RFC 8265 section 4.2)."""
    return unicodedata.normalize("NFC", password).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
