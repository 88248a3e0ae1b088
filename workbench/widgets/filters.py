"""The filter bar above the table: search, states with counts, findings, columns, and what is done with marked rows."""

from collections.abc import Callable
from typing import Any

import param

from workbench.review import columns, filters, texts
from workbench.review.session import Session
from workbench.widgets.markup import Scripted, asset, styles

FACETS = ("tax", "month", "merchant", "deduction", "ids")

RARE = ("changed", "confirmed")
"""States whose chip is shown only where there are such receipts."""


class FilterBar(Scripted):
    """Draws `view`, and sends what is pressed back to the session's filter."""

    view = param.Dict({})
    scope = param.String()

    _esm = asset("filters.js")
    _stylesheets = styles("filters")

    def __init__(
        self,
        session: Session,
        clear: Callable[[tuple[str, ...]], None],
        delete: Callable[[tuple[str, ...]], None],
        aside: Callable[[], None] = lambda: None,
        **params: Any,
    ) -> None:
        """`clear` asks before it puts receipts aside, `delete` before it deletes for good; `aside` shows those."""
        self._session, self._clear, self._delete, self._aside = session, clear, delete, aside
        super().__init__(view=self._view(), sizing_mode="stretch_width", margin=0, **params)
        session.param.watch(self._draw, ["receipts", "rows", "filter", "marked", "columns", "aside"])

    def _draw(self, *_: object) -> None:
        view = self._view()
        if view != self.view:
            self.view = view

    def _view(self) -> dict[str, Any]:
        session = self._session
        wanted, labels = session.filter, columns.labels()
        counts, codes = session.overview.states, session.overview.codes
        return {
            "search": wanted.search,
            "states": [
                [name, *texts.STATE[name], f"{counts[name]:,}", name in wanted.states]
                for name in filters.STATES
                if counts[name] or name in wanted.states or name not in RARE
            ],
            "findings": [["", texts.FINDING_ANY]]
            + [
                [code, f"{texts.FINDING.get(code, code)} ({count:,})"]
                for code, count in codes.most_common()
                if code not in wanted.findings
            ],
            "facets": [[f"finding:{code}", texts.FINDING.get(code, code)] for code in wanted.findings]
            + [[name, self._facet(name)] for name in FACETS if getattr(wanted, name)],
            "columns": [[name, labels[name], name in session.columns] for name in columns.choosable()],
            "marked": len(session.marked),
            "may_delete": session.may_delete,
            "aside": texts.ASIDE.format(count=session.aside) if session.aside else "",
            "clean": texts.APPROVE_CLEAN.format(count=counts["clear"]) if counts["clear"] else "",
            "words": self._words(),
        }

    def _words(self) -> dict[str, str]:
        session = self._session
        shown, every = len(session.rows), len(session.receipts)
        return {
            "search": texts.SEARCH,
            "finding": texts.FINDING_ANY,
            "columns": texts.COLUMNS,
            "columns_hint": texts.COLUMNS_HINT,
            "marked": texts.MARKED.format(count=len(session.marked)),
            "read_again": texts.READ_AGAIN,
            "requery": texts.RETRY,
            "clear": texts.CLEAR_MARKED,
            "unmark": texts.UNMARK,
            "delete": texts.DELETE_MARKED,
            "mark_all": texts.MARK_ALL,
            "shown": texts.SHOWN.format(shown=shown, all=every) if shown != every else "",  # the foot counts them all
        }

    def _facet(self, name: str) -> str:
        value = getattr(self._session.filter, name)
        return texts.CHOSEN_IDS.format(count=len(value)) if name == "ids" else str(value)

    def heard(self, data: dict[str, Any]) -> None:
        """Does what the script asks for."""
        session = self._session
        wanted = session.filter
        if "search" in data:
            session.filter = wanted.with_(search=str(data["search"]))
        elif "finding" in data:
            code = str(data["finding"])
            others = tuple(one for one in wanted.findings if one != code)
            session.filter = wanted.with_(findings=(*others, code) if code else ())
        elif "state" in data:
            states = set(wanted.states) ^ {str(data["state"])}
            session.filter = wanted.with_(states=tuple(name for name in filters.STATES if name in states))
        elif "drop" in data:
            name, _, code = str(data["drop"]).partition(":")
            if name == "finding":
                session.filter = wanted.with_(findings=tuple(one for one in wanted.findings if one != code))
            elif name in FACETS:
                session.filter = wanted.with_(**{name: None if name == "ids" else ""})
        elif "column" in data:
            session.show_column(str(data["column"]), bool(data["shown"]))
        elif data.get("verb") == "mark_all":
            session.mark_all()
        elif data.get("verb") == "aside":
            self._aside()
        elif data.get("verb") == "approve_clean":
            session.approve_clean()
        elif data.get("verb") == "unmark":
            session.marked = ()
        elif data.get("verb") == "read_again":
            session.read_again(session.marked)
        elif data.get("verb") == "look_up":
            session.look_up(session.marked)
        elif data.get("verb") == "clear":
            self._clear(session.marked)
        elif data.get("verb") == "delete":
            self._delete(session.marked)
