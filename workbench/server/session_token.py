"""What a session's token says, as a browser offers it with a websocket."""

from bokeh.util.token import check_token_signature, get_session_id, get_token_payload

KEY_HEADER, NAME_HEADER = "X-Workbench-Person", "X-Workbench-Name"
"""Headers that we write on a request ourselves; its session's token holds them."""


def read(offered: str, secret: bytes | None) -> tuple[str, str]:
    """(session's id, key of the person it was made for) from a list of subprotocols; ("", "") where it is forged.

    `secret` signs tokens; None where nothing does. What a forged one packs is not unpacked: twenty kilobytes may be
    twenty megabytes.
    """
    parts = [part.strip() for part in offered.split(",")]
    try:
        if not check_token_signature(parts[1], secret, secret is not None):
            return "", ""
        return str(get_session_id(parts[1])), str(get_token_payload(parts[1]).get("headers", {}).get(KEY_HEADER, ""))
    except Exception:  # noqa: BLE001  # whatever a forged token makes the decoder raise
        return "", ""
