"""One extractor's lines as cells of text: what a worksheet shows, what of it is taken, how it differs from records/."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reviewflow.faults import Fault
from reviewflow.schema import schema
from reviewflow.tables import Written, csv_line

from .fields import TABLES, Field

Line = dict[str, str]
# The lines of each table.
Lines = dict[str, list[Line]]
Form = Mapping[str, Sequence[Field]]
# What is filled in for the extractor to go on from. A line with nothing else is no extraction yet.
PROMPTS = {
    "studies": ("study_id", "label"),
    "arms": ("study_id", "role"),
    "results": ("study_id", "comparison", "outcome", "timepoint", "arm_id"),
}


@dataclass
class Changes:
    """What reading a worksheet would change in one table: keys of lines, and of changed lines each cell with the text
    before and after."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def lines_of(written: Written) -> list[Line]:
    """The lines of a table as its file has them, blank where a line ends before its header does."""
    return [
        {name: cells[i].strip() if i < len(cells) else "" for i, name in enumerate(written.header) if name}
        for _, cells in written.rows
    ]


def key_of(table: str, line: Line) -> tuple[str, ...]:
    """The key of a line."""
    return tuple(line.get(part, "") for part in schema(f"records/extraction/{table}").key)


def key_words(key: Iterable[str]) -> str:
    """A key in one word, its parts joined by a slash."""
    return "/".join(key)


def is_prompt(table: str, line: Line) -> bool:
    """Whether nothing was extracted in the line: all that it has is what a worksheet is filled in with."""
    return not any(cell for name, cell in line.items() if name not in PROMPTS[table])


def taken(table: str, written: Written, known: Sequence[Line]) -> Written:
    """The rows of a worksheet that say something: prompts are left out unless they are lines of records/ already."""
    kept = {key_of(table, line) for line in known}
    rows = [
        row
        for row, line in zip(written.rows, lines_of(written), strict=True)
        if key_of(table, line) in kept or not is_prompt(table, line)
    ]
    return Written(written.header, rows, written.comma, written.line)


def merged(records: Lines, worksheet: Lines, prompts: Lines) -> Lines:
    """The lines of a worksheet that is made again, in the order of records/: what was filled in there and not yet read
    stays, behind it stands what is still to be extracted."""
    found: Lines = {}
    for table in TABLES:
        stood = {key_of(table, line): line for line in records.get(table, [])}
        own = [line for line in worksheet.get(table, []) if not is_prompt(table, line)]
        written: dict[tuple[str, ...], list[Line]] = {}
        for line in own:
            written.setdefault(key_of(table, line), []).append(line)
        further = [line for line in own if key_of(table, line) not in stood]
        seen = {*stood, *written}
        asked = [line for line in prompts.get(table, []) if key_of(table, line) not in seen]
        found[table] = [*(one for key, line in stood.items() for one in written.get(key, [line])), *further, *asked]
    return found


def changes(table: str, before: Sequence[Line], after: Sequence[Line]) -> Changes:
    """What is different in `after`; a column that one of them lacks is blank there."""
    old, new = ({key_of(table, line): line for line in lines} for lines in (before, after))
    found = Changes()
    for key, line in new.items():
        if key not in old:
            found.added.append(key_words(key))
            continue
        names = dict.fromkeys([*old[key], *line])
        cells = {n: (old[key].get(n, ""), line.get(n, "")) for n in names if old[key].get(n, "") != line.get(n, "")}
        if cells:
            found.changed[key_words(key)] = cells
    found.removed = [key_words(key) for key in old if key not in new]
    return found


def to_records(table: str, header: Sequence[str], form: Form, before: Sequence[Line], after: Sequence[Line]) -> str:
    """The text of one extractor's file: its columns as they stood, further ones that are needed or filled behind; lines
    in the order in which they stood, new ones at the end. Of a file without lines only columns of the form stay."""
    fields = form[table]
    header = header if before else [name for name in header if name in {f.name for f in fields}]
    used = {name for line in after for name, cell in line.items() if cell}
    needed = [f.name for f in fields if f.name in used or not f.column.optional]
    columns = [*header, *(name for name in _in_order(table, needed) if name not in header)]
    place = {key_of(table, line): i for i, line in enumerate(before)}
    ordered = sorted(after, key=lambda line: place.get(key_of(table, line), len(place)))
    rows = ([line.get(name, "") for name in columns] for line in ordered)
    return "".join([csv_line(columns), *map(csv_line, rows)])


def _in_order(table: str, names: Sequence[str]) -> list[str]:
    """The columns of the schema first, the review's own behind."""
    declared = schema(f"records/extraction/{table}").columns
    return [*(n for n in declared if n in names), *(n for n in names if n not in declared)]


def column_faults(file: str, before: Sequence[Line], header: Sequence[str]) -> Iterator[Fault]:
    """A column of records/ with values that the worksheet lacks: without it all of them would be blank."""
    for name in dict.fromkeys(name for line in before for name, cell in line.items() if cell and name not in header):
        mend = "put it back; to take a value out, blank its cell"
        yield Fault(file, 1, name, "the column is missing, and values of records/ stand in it", mend)


def removal_faults(table: str, file: str, removed: Sequence[str]) -> Iterator[Fault]:
    """A line of records/ that the worksheet lacks is not removed by the way."""
    for key in removed:
        problem = f'the line "{key}" of {table}.csv is not in the worksheet'
        yield Fault(file, 0, "", problem, "put it back, or say --remove to take it out of records/")
