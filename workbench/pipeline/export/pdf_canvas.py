"""A reportlab canvas that keeps pictures on the disk until the end, so that hundreds of pages need no great memory."""

import hashlib
import io
import tempfile
from datetime import datetime
from typing import IO, Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

rl_config.useA85 = 0  # bytes stay bytes: text around each picture would make it a quarter larger


class _Stored(pdfdoc.PDFObject):  # type: ignore[misc]  # reportlab is untyped
    """A picture of the PDF whose bytes lie in a file until they are asked for; it may be drawn again."""

    def __init__(self, spool: IO[bytes], data: bytes, width: int, height: int) -> None:
        self._spool, self._size = spool, len(data)
        self.width, self.height = width, height
        self._start = spool.seek(0, io.SEEK_END)
        spool.write(data)

    def format(self, _: object) -> bytes:
        self._spool.seek(self._start)
        return self._spool.read(self._size)


class _File(pdfdoc.PDFFile):  # type: ignore[misc]  # reportlab is untyped
    """Writes to a stream what reportlab would collect in memory."""

    def __init__(self, stream: IO[bytes], version: object) -> None:
        super().__init__(version)
        stream.write(b"".join(self.strings))
        self.write = stream.write


class DiskDocument(pdfdoc.PDFDocument):  # type: ignore[misc]  # reportlab is untyped
    """A document that holds no picture in memory; everything else is reportlab's."""

    def begin(self, made_at: datetime) -> None:
        """Opens the file for pictures; the document says it was made at `made_at`."""
        self._spool = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the document
        self._seen = 0
        # Korean time, of which reportlab's own clock knows nothing.
        self._timeStamp.YMDhms, self._timeStamp.dhh, self._timeStamp.dmm = made_at.timetuple()[:6], 9, 0

    def close(self) -> None:
        """Lets go of the file that the pictures are in."""
        self._spool.close()

    def to_disk(self) -> None:
        """Puts the pictures drawn since the last call on the disk."""
        for number in range(self._seen + 1, self.objectcounter + 1):
            name = self.numberToId[number]
            known = self.idToObject[name]
            if isinstance(known, pdfdoc.PDFImageXObject):
                stored = _Stored(self._spool, known.format(self), known.width, known.height)
                stored.__InternalName__ = name
                self.idToObject[name] = stored
        self._seen = self.objectcounter

    def SaveToFile(self, stream: IO[bytes], canvas: Canvas) -> None:  # reportlab's name
        """As reportlab's GetPDFData and format, one object at a time."""
        for font in self.delayedFonts:
            font.addObjects(self)
        self.info.invariant = self.invariant
        self.info.digest(self.signature)
        catalog, info = self.Reference(self.Catalog), self.Reference(self.info)
        self.Outlines.prepare(self, canvas)
        if self.Outlines.ready < 0:
            self.Catalog.Outlines = None
        file = _File(stream, self._pdfVersion)
        self.__accum__ = file
        names: list[str] = []
        while (name := self.numberToId.get(len(names) + 1)) is not None:
            self.idToOffset[name] = file.add(pdfdoc.PDFIndirectObject(name, self.idToObject[name]).format(self))
            names.append(name)
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, names)
        start = file.add(table.format(self))
        trailer = pdfdoc.PDFTrailer(startxref=start, Size=len(names) + 1, Root=catalog, Info=info, ID=self.ID())
        file.add(trailer.format(self))


class DiskCanvas(Canvas):  # type: ignore[misc]  # reportlab is untyped
    """A canvas on a `DiskDocument`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._doc.__class__ = DiskDocument  # reportlab's canvas makes its document itself and has no hook for another

    def draw_jpeg(self, jpeg: bytes, width: float, height: float) -> None:
        """Draws it at the origin as it is; reportlab's own drawImage would decode it to name it by its pixels."""
        name = f"jpeg-{hashlib.sha256(jpeg).hexdigest()[:32]}"
        place = self._doc.getXObjectName(name)
        if place not in self._doc.idToObject:
            image = pdfdoc.PDFImageXObject(name)
            image.loadImageFromJPEG(io.BytesIO(jpeg))
            self._doc.Reference(image, place)
        self.saveState()
        self.scale(width, height)
        self._code.append(f"/{place} Do")
        self.restoreState()
        self._formsinuse.append(name)
        self._currentPageHasImages = 1
