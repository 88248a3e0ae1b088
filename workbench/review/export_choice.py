"""What can be chosen in the export dialog, and what a choice means; no widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.domain.errors import WorkbenchError
from workbench.domain.model import Receipt
from workbench.pipeline.export.layouts.cards import full_numbers
from workbench.pipeline.export.layouts.fill import fill
from workbench.pipeline.export.layouts.layout import Layout, load, names, own_layouts
from workbench.pipeline.export.layouts.write import refusal, sentences
from workbench.pipeline.export.papers import Options
from workbench.pipeline.export.writers import unshown
from workbench.review import texts

WHAT = {
    "csv": (".csv", ""),
    "xlsx": (".xlsx", ""),
    "pdf": (".pdf", ""),
    "json": (".json", ""),
    "layout": ("", ""),
    "zip": (".zip", ""),
    "originals": (".zip", "originals"),
    "pictures": (".zip", "pictures"),
    "book": (".pdf", "pictures"),
}
"""Each choice: the ending of its file, and what of the papers it means (see `Options.what`)."""
SHOWN = 6
"""How many sentences of a preview are shown."""


FIRST = "douzone-purchases"


def layouts(home: Path) -> tuple[dict[str, Layout], list[str]]:
    """All layouts by the name to ask for them with, ours and those in `home`/layouts; complaints about the latter."""
    own, complaints = own_layouts(home / "layouts")
    ours = names()
    return {FIRST: ours[FIRST], **ours, **own}, complaints


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """One choice in the dialog, with what was said to the questions it brings."""

    what: str = "csv"
    encoding: str = "utf-8-sig"
    pictures: bool = False
    layout: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    cards: str = field(default="", repr=False)

    @property
    def form(self) -> Layout | None:
        """The layout chosen, where one is."""
        return load(self.layout) if self.what == "layout" else None

    @property
    def ending(self) -> str:
        """Of the file's name, with its dot."""
        form = self.form
        return form.ending if form is not None else WHAT[self.what][0]

    @property
    def label(self) -> str:
        """What its file name says of it beside the case."""
        return (
            f"_{Path(self.layout).stem if self.what == 'layout' else self.what}"
            if f".{self.what}" != self.ending
            else ""
        )

    def options(self) -> Options:
        """For the export; raises where the list of cards makes no sense."""
        return Options(
            what=WHAT[self.what][1],
            layout=self.layout if self.what == "layout" else "",
            encoding=self.encoding,
            pictures=self.pictures,
            facts=self.facts,
            cards=full_numbers(self.cards.splitlines()),
        )

    def preview(self, receipts: Sequence[Receipt]) -> tuple[bool, list[str]]:
        """Whether a file can be made, and what a person must know of it before it is."""
        try:
            if (form := self.form) is not None:
                filled = fill(form, receipts, self.facts, self.options().cards)
                why = refusal(filled)
                return not why, [why, *sentences(filled, SHOWN)] if why else sentences(filled, SHOWN)
        except WorkbenchError as error:
            return False, [str(error)]
        lost = [f"{heading}: {letters}" for _, heading, letters in unshown(receipts, self.ending, self.options())]
        more = [texts.EXPORT_MORE.format(count=len(lost) - SHOWN)] if len(lost) > SHOWN else []
        return True, [texts.EXPORT_LETTERS, *lost[:SHOWN], *more] if lost else []
