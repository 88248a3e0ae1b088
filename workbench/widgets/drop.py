"""The drop strip: files come in pieces, each file on its own, and appear as waiting rows at once."""

from typing import Any

import param

from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import ASSETS, Scripted, styles

ACCEPT = "image/*,.jpg,.jpeg,.png,.heic,.heif,.webp,.tif,.tiff,.bmp,.pdf,application/pdf"


class Drop(Scripted):
    """Takes files by drop or choice. FileDropper keys files by name: two of one name overwrite each other."""

    label = param.String(texts.DROP)
    types = param.String(texts.DROP_TYPES)
    receiving = param.String(texts.RECEIVING)
    accept = param.String(ACCEPT)
    scope = param.String()
    inside = param.Boolean(False, doc="Take drops only inside the workbench, not anywhere on the page.")

    _esm = ASSETS / "drop.js"
    _stylesheets = styles("drop")

    def __init__(self, session: Session, **params: Any) -> None:
        super().__init__(height=44, sizing_mode="stretch_width", margin=(0, 0, 8, 0), **params)
        self._session = session
        self._pieces: list[bytes] = []
        self._size = 0
        self._count = [0, 0]  # new, known
        self._refused: list[tuple[str, str]] = []

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        limit = self._session.case.settings.max_file_mb << 20
        self._size += len(data["data"] or b"")
        if self._size <= limit:
            self._pieces.append(bytes(data["data"] or b""))
        else:
            self._pieces.clear()  # too large: said by the case's own words below, never kept in memory
        if data["last"]:
            self._take(str(data["name"]), bool(data["broken"]), self._size > limit)
            self._pieces, self._size = [], 0
            if not data["more"]:
                self._tell()
        self._send_msg({"taken": data["number"]})

    def _take(self, name: str, broken: bool, large: bool) -> None:
        if broken or large:
            why = texts.UPLOAD_BROKEN if broken else texts.too_large(self._session.case.settings.max_file_mb)
            self._refused.append((name, why))
            return
        added = self._session.add((name, b"".join(self._pieces)))
        if added is not None:
            self._count[0] += len(added.new)
            self._count[1] += len(added.known)
            self._refused.extend(added.refused)

    def _tell(self) -> None:
        said = [
            text.format(count=count)
            for text, count in zip((texts.ADDED, texts.KNOWN), self._count, strict=True)
            if count
        ]
        refused, self._refused, self._count = self._refused, [], [0, 0]
        if refused:
            shown = "\n".join(f"· {name}: {why}" for name, why in refused[:8])
            more = f"\n· … {len(refused) - 8:,}" if len(refused) > 8 else ""
            said.append(f"{texts.REFUSED.format(count=len(refused))}\n{shown}{more}")
        if said:
            self._session.say("warning" if refused else "success", "\n".join(said))
