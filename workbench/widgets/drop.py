"""The drop strip: files come in pieces, each file on its own, and appear as waiting rows at once.

What comes lies on the disk until it is whole, and is taken in beside the page's turn: a file may take a while to open.
"""

import tempfile
from pathlib import Path
from typing import Any, Protocol

import panel as pn
import param

from workbench.case import Added
from workbench.review import texts
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, asset, styles

ACCEPT = (
    "image/*,.jpg,.jpeg,.png,.heic,.heif,.webp,.avif,.tif,.tiff,.bmp,.pdf,application/pdf,"
    ".zip,.eml,.xlsx,.xls,.csv,.tsv,.toml"
)


class Lists(Protocol):
    """Who takes dropped lists: statements, vendors, answers."""

    def takes(self, name: str) -> bool:
        """Whether a file of that name is a list."""

    def offer(self, name: str, data: bytes) -> None:
        """Takes a list, or shows what it was understood as."""


class _Upload:
    """One file on its way: what has come of it lies in a temporary file, as long as it is not too large."""

    def __init__(self, name: str, which: tuple[object, ...], limit: int) -> None:
        self.name, self.which, self.limit, self.size = name, which, limit, 0
        self._file = tempfile.NamedTemporaryFile(prefix="workbench-upload-", delete=False)  # noqa: SIM115  # until `gone`

    @property
    def large(self) -> bool:
        """Whether more came than a file may have; nothing of it is kept then."""
        return self.size > self.limit

    def more(self, data: bytes) -> None:
        """Another piece."""
        self.size += len(data)
        if self.large:
            self._file.truncate(0)
        else:
            self._file.write(data)

    def whole(self) -> Path:
        """Where the file lies, all of it there."""
        self._file.close()
        return Path(self._file.name)

    def gone(self) -> None:
        """Nothing of it is left."""
        self._file.close()
        Path(self._file.name).unlink(missing_ok=True)


class Drop(Scripted):
    """Takes files by drop or choice. FileDropper keys files by name: two of one name overwrite each other."""

    label = param.String(texts.DROP)
    types = param.String(texts.DROP_TYPES)
    receiving = param.String(texts.RECEIVING)
    accept = param.String(ACCEPT)
    scope = param.String()
    inside = param.Boolean(False, doc="Take drops only inside the workbench, not anywhere on the page.")

    _esm = asset("drop.js")
    _stylesheets = styles("drop")

    def __init__(self, session: Session, lists: Lists | None = None, **params: Any) -> None:
        """`lists` takes the auditor's other lists, which are no receipts."""
        super().__init__(height=44, sizing_mode="stretch_width", margin=(0, 0, 8, 0), **params)
        self._session, self._lists = session, lists
        self._upload: _Upload | None = None
        self._count = [0, 0]  # new, known
        self._refused: list[tuple[str, str]] = []

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for: one piece of one file."""
        which = (data["number"], data["name"], data.get("size"))
        upload = self._upload
        if upload is not None and (upload.which != which or data.get("first")):
            # The rest of the file before never came: its pieces belong to no other.
            self.end()
            self._refused.append((upload.name, texts.UPLOAD_BROKEN))
        if self._upload is None:
            limit = self._session.case.settings.max_file_mb << 20
            self._upload = _Upload(str(data["name"]), which, limit)
        self._upload.more(bytes(data["data"] or b""))
        if data["last"]:
            upload, self._upload = self._upload, None
            self._take(upload, bool(data["broken"]), data)
        else:
            self._send_msg({"taken": data["number"]})

    def _take(self, upload: _Upload, broken: bool, data: dict[str, Any]) -> None:
        def taken(added: Added | None) -> None:
            upload.gone()
            if added is not None:
                self._count[0] += len(added.new)
                self._count[1] += len(added.known)
                self._refused.extend(added.refused)
            if not data["more"]:
                self._tell()
            self._send_msg({"taken": data["number"]})

        if broken or upload.large:
            why = texts.UPLOAD_BROKEN if broken else texts.too_large(self._session.case.settings.max_file_mb)
            self._refused.append((upload.name, why))
            taken(None)
            return
        if self._lists is not None and self._lists.takes(upload.name):
            self._lists.offer(upload.name, upload.whole().read_bytes())
            taken(None)
            return
        document = pn.state.curdoc
        wake = None if document is None else lambda: document.add_next_tick_callback(self._session.tick)
        self._session.add_in_background((upload.name, upload.whole()), then=taken, wake=wake)

    def end(self) -> None:
        """Lets go of a file that did not come whole, as when its page goes."""
        if self._upload is not None:
            self._upload.gone()
            self._upload = None

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
            self._session.notify("warning" if refused else "success", "\n".join(said))
