"""The formats that records go out in, and what each has no place for."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import pandas as pd

from reviewflow.faults import Fault

from . import platforms, ris
from .columns import DECISION, DECISIONS, FIELDS, Parsed, Returned, Row, blank, one_line


@dataclass(frozen=True)
class Format:
    """One format: how it is called and its files end, its writer and reader, and the columns that it has no place
    for."""

    name: str
    label: str
    suffix: str
    write: Callable[[Iterable[Row]], str]
    parse: Callable[[str, str], platforms.Rows]
    lost: tuple[str, ...] = ()


def _tagged(parse: Callable[[str], Iterable[Parsed]]) -> Callable[[str, str], platforms.Rows]:
    return lambda text, _: platforms.Rows(list(parse(text)), [])


def _either(parse: Callable[[str, str], platforms.Rows]) -> Callable[[str, str], platforms.Rows]:
    """Platforms give RIS where they were given RIS."""

    def chosen(text: str, file: str) -> platforms.Rows:
        return platforms.Rows(list(ris.parse(text)), []) if ris.is_ris(text) else parse(text, file)

    return chosen


def _lost(name: str) -> tuple[str, ...]:
    return tuple(field for field in FIELDS if field not in platforms.HELD[name])


_ALL = (
    Format("ris", "RIS", "ris", ris.write, _tagged(ris.parse)),
    Format("csv", "CSV", "csv", platforms.write_csv, platforms.parse_csv),
    Format("asreview", "ASReview", "csv", platforms.write_asreview, _either(platforms.parse_asreview)),
    Format("rayyan", "Rayyan", "csv", platforms.write_rayyan, _either(platforms.parse_rayyan), _lost("rayyan")),
    Format(
        "covidence", "Covidence", "csv", platforms.write_covidence, _either(platforms.parse_covidence),
        _lost("covidence"),
    ),
    Format("citesource", "CiteSource", "ris", ris.write_citesource, _tagged(ris.parse_citesource)),
)  # fmt: skip
FORMATS: dict[str, Format] = {kind.name: kind for kind in _ALL}


def write(name: str, records: pd.DataFrame) -> str:
    """A table of records (as `records` gives it) as the text of a format, in the order of its rows."""
    cells = records.to_dict("records")
    return FORMATS[name].write(blank() | {str(key): str(value) for key, value in row.items()} for row in cells)


def read(name: str, text: str, file: str = "", known: Collection[str] = ()) -> Returned:
    """The text of a file in a format, as we wrote it or as the tool gives it back.

    `known` are the record_ids of the review. With them an entry that lost ours is found by its accession where only
    one record has that, and a record_id that is none of the review is a fault. Raises DataFaults where the text
    cannot be read at all.
    """
    entries, faults = FORMATS[name].parse(text, file)
    by_accession: dict[str, list[str]] = {}
    for record_id in known:
        for key in {record_id, record_id.partition(":")[2]}:
            by_accession.setdefault(key, []).append(record_id)
    records: list[Row] = []
    decisions: list[dict[str, object]] = []
    for entry in entries:
        record_id, trouble = _identified(entry, known, by_accession)
        told = settled(entry)
        wrong = [row["decision"] for row in told if row["decision"] not in ("", *DECISIONS)]
        problems = [*trouble, *entry.problems]
        problems += [(f'the decision "{word}" is unknown', f"write {', '.join(DECISIONS)}") for word in wrong]
        if problems:
            faults += [Fault(file, entry.line, "", problem, mend) for problem, mend in problems]
            continue
        records.append({name: entry.fields[name] for name in FIELDS} | {"record_id": record_id})
        decisions += [{"record_id": record_id, **row, "line": entry.line} for row in told]
    columns = ["record_id", *DECISION, "origin", "line"]
    return Returned(pd.DataFrame(records, columns=list(FIELDS)), pd.DataFrame(decisions, columns=columns), faults)


Troubles = list[tuple[str, str]]


def _identified(entry: Parsed, known: Collection[str], by_accession: dict[str, list[str]]) -> tuple[str, Troubles]:
    named = list(dict.fromkeys(name for name in entry.names if name))
    ours = [name for name in named if name in known] if known else named
    if len(ours) > 1:
        problem = f"the entry names {len(ours)} records: {', '.join(ours)}"
        return "", [(problem, "split it: one entry is one record")]
    if ours:
        return ours[0], []
    found = by_accession.get(entry.accession, []) if entry.accession else []
    if len(found) == 1:
        return found[0], []
    title = entry.fields["title"][:60]
    mend = "give it its record_id, or leave the entry out if it is none of the review"
    if found:
        return "", [(f'accession {entry.accession} of "{title}" belongs to {", ".join(sorted(found))}', mend)]
    if named:
        return "", [(f"{named[0]} is no record of the review", mend)]
    return "", [(f'nothing says which record "{title}" is', mend)]


def settled(entry: Parsed) -> list[Row]:
    """A row for each reviewer: what the tool says, or what we said where it says the same or nothing."""
    ours = {name: entry.ours.get(name, "") for name in DECISION}
    carried = ours | {"origin": "carried"}
    if not entry.told:
        return [carried if ours["decision"] else ours | {"origin": ""}]
    return [carried if _same(told, ours) else told | {"origin": "told"} for told in entry.told]


def _same(told: Row, ours: Row) -> bool:
    """Whether the tool says no more than what we wrote; white space may have changed on the way."""
    rest = ("reason", "note", "reviewer", "decided_at")
    return told["decision"] == ours["decision"] and all(
        one_line(told[name]) in ("", one_line(ours[name])) for name in rest
    )
