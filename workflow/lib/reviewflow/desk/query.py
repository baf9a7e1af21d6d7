"""What is asked of the list of reports: filters, order and page, as they stand in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

STATES = {"waiting": "waits for me", "decided": "decided", "skipped": "skipped"}
DECISIONS = ("include", "exclude", "unsure")
SORTS = {
    "": "as they come",
    "newest": "newest year first",
    "oldest": "oldest year first",
    "title": "by title",
    "decided": "decided last first",
}
SIZES = (50, 100)
# The filters of which one value is chosen.
CHOSEN = ("state", "decision", "reason", "source", "note")


@dataclass(frozen=True)
class Query:
    """What is asked of the list. What an address says that means nothing is left out of account."""

    state: str = ""
    decision: str = ""
    reason: str = ""
    source: str = ""
    note: str = ""
    year_from: str = ""
    year_to: str = ""
    words: str = ""
    sort: str = ""
    size: int = SIZES[0]
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Query":
        """The query of an address."""
        said = {name: given.get(name, "").strip() for name in (*CHOSEN, "words")}
        years = {name: _year(given.get(name, "")) for name in ("year_from", "year_to")}
        sort, size = given.get("sort", ""), _number(given.get("size", ""))
        return cls(
            **said | years,
            sort=sort if sort in SORTS else "",
            size=size if size in SIZES else SIZES[0],
            page=max(1, _number(given.get("page", ""))),
        )

    def address(self, **changed: object) -> str:
        """The query as it stands in an address, with some things changed; a changed filter begins at page 1."""
        now = self if set(changed) == {"page"} else replace(self, page=1)
        fields = vars(replace(now, **changed)) if changed else vars(self)  # type: ignore[arg-type]
        blank = vars(Query())
        return urlencode({name: value for name, value in fields.items() if value != blank[name]})

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(vars(replace(self, sort="", size=SIZES[0], page=1)) != vars(Query()))


def _number(cell: str) -> int:
    return int(cell) if cell.strip().isascii() and cell.strip().isdigit() and len(cell) < 10 else 0


def _year(cell: str) -> str:
    return str(_number(cell)) if 0 < _number(cell) < 10_000 else ""
