"""The adjudicator's worksheet: each cell on which extractors differ, what each wrote, where, and in which words."""

from collections.abc import Iterator, Mapping, Sequence

from reviewflow.faults import Fault
from reviewflow.tables import Written

from .lines import Line, lines_of
from .workbook import Column, Sheet

SHEET = "adjudication"
COLUMNS = ("table", "key", "column", "value", "adjudicator", "note")
_CELL = ("table", "key", "column")
_WHOLE = "*"
_HOLDS = "Who is right: the name of an extractor; other, and the value beside; blank, where nothing is reported. For a "
_HOLDS += "line that one extractor alone has: keep or drop. Leave it blank while it is open."


def sheet(cells: Sequence[Line], extractors: Sequence[str], filled: Mapping[tuple[str, ...], Line]) -> Sheet:
    """The sheet. `cells` are the open cells: table, key, column, label, and of each extractor `NAME`, `NAME page` and
    `NAME quote`; `filled` what a worksheet that is there has in holds, value and note, by table, key and column."""
    shown = [f"{name}{part}" for name in extractors for part in ("", " page", " quote")]
    columns = [Column(n, width=w) for n, w in (("table", 9), ("key", 40), ("column", 14), ("label", 18))]
    columns += [Column(name, width=40 if name.endswith("quote") else 16) for name in shown]
    columns.append(Column("holds", _HOLDS, (*extractors, "other", "blank", "keep", "drop"), width=14))
    columns += [Column("value", "The value that holds, where holds is other.", width=18)]
    columns += [Column("note", "Why.", width=40)]
    blank: Line = {}
    lines = [cell | filled.get(tuple(cell[part] for part in _CELL), blank) for cell in cells]
    return Sheet(SHEET, columns, lines, frozen=4)


def answers(written: Written) -> dict[tuple[str, ...], Line]:
    """What the adjudicator filled in, by table, key and column."""
    return {
        tuple(line.get(part, "") for part in _CELL): {part: line.get(part, "") for part in ("holds", "value", "note")}
        for line in lines_of(written)
    }


def rulings(
    file: str, written: Written, cells: Sequence[Line], extractors: Sequence[str], adjudicator: str
) -> tuple[list[Line], list[Fault]]:
    """Rows of records/extraction/adjudication from a worksheet, and its faults. `cells` are the cells that are open
    now; a row whose cells are no longer those that the adjudicator saw is a fault."""
    now = {tuple(cell[part] for part in _CELL): cell for cell in cells}
    found: list[Line] = []
    faults = list(_header_faults(file, written, extractors))
    if faults:
        return [], faults
    seen: set[tuple[str, ...]] = set()
    for (number, _), line in zip(written.rows, lines_of(written), strict=True):
        key = tuple(line.get(part, "") for part in _CELL)
        troubles = list(_troubles(line, now.get(key), extractors, again=key in seen))
        faults += [Fault(file, number, *trouble) for trouble in troubles]
        seen.add(key)
        if line.get("holds") and not troubles:
            row = {"adjudicator": adjudicator, "note": line.get("note", "")}
            found.append(dict(zip(_CELL, key, strict=True)) | {"value": _value(line, extractors)} | row)
    return found, faults


def _header_faults(file: str, written: Written, extractors: Sequence[str]) -> Iterator[Fault]:
    """Columns without which an answer would be lost or be read from another one."""
    for name in (*_CELL, *extractors, "holds", "value", "note"):
        often = written.header.count(name)
        if often != 1:
            problem = "the column stands twice" if often else "the column is missing"
            yield Fault(file, written.line, name, problem, "give the heading the name that it had")


def _troubles(
    line: Line, now: Line | None, extractors: Sequence[str], *, again: bool
) -> Iterator[tuple[str, str, str]]:
    holds, value = line.get("holds", ""), line.get("value", "")
    if not holds:
        if value or line.get("note"):
            yield "holds", "the cell is blank, but a value or a note is there", "choose who is right, or other"
        return
    if now is None or again:
        problem = "the cell stands twice" if again else "the extractors do not differ on this cell, or it was ruled on"
        yield "key", problem, "take the line out" if again else "make the worksheet again; your answers stay in it"
        return
    allowed = ("keep", "drop") if line["column"] == _WHOLE else (*extractors, "other", "blank")
    if holds not in allowed:
        yield "holds", f'"{holds}" cannot hold here', f"write one of {', '.join(allowed)}"
    if value and holds != "other":
        yield "value", f"a value is there, but {holds} holds", "write other into holds, or take the value out"
    if holds == "other" and not value:
        yield "value", "the cell is blank", "write the value that holds, or blank into holds"
    for name in extractors:
        if line.get(name, "") != now[name]:
            problem = f'{name} has "{now[name]}" now, and the worksheet shows "{line.get(name, "")}"'
            yield name, problem, "make the worksheet again; your answers stay in it"


def _value(line: Line, extractors: Sequence[str]) -> str:
    holds = line["holds"]
    if holds in extractors:
        return line.get(holds, "")
    return {"other": line.get("value", ""), "blank": ""}.get(holds, holds)
