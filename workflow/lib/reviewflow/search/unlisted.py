"""Exports that no line of searches.csv names yet, and the lines that would: whatever the files tell is filled in."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath

import pandas as pd

from reviewflow.schema import schema
from reviewflow.tables import Fault, split_list

from .entry import HEAD, Export
from .fields import FIELDS
from .files import FOLDER, SHEET
from .stream import Raw, digest

# Names that a source has in exports, as review teams spell it; the first that fits holds.
_SOURCES = (
    (re.compile(r"embase"), "Embase"),
    (re.compile(r"medline"), "MEDLINE"),
    (re.compile(r"cochrane central|^central$"), "CENTRAL"),
    (re.compile(r"psycinfo"), "PsycInfo"),
    (re.compile(r"cinahl"), "CINAHL"),
    (re.compile(r"中国生物医学文献|^cbm|sinomed"), "CBM"),
    (re.compile(r"cnki|中国知网|中国学术期刊"), "CNKI"),
    (re.compile(r"wanfang|万方"), "Wanfang"),
    (re.compile(r"cqvip|维普"), "VIP"),
)
# Volumes and years that Ovid names behind the database: ERIC <1992 to June 2024>.
_SEGMENT = re.compile(r"\s*<[^<>]*>")
# Embase.com exports records of both.
_EMBASE = {"Embase", "MEDLINE"}
_MEND = (
    "with what only you know in place of the words in capitals, and hits compared with what the source said; the "
    "files of one search may share a line, with ; between them"
)


def copies(files: Mapping[str, Raw]) -> dict[str, str]:
    """Names of the files that hold the same bytes as another, and the name of that one: the shortest of them, for a
    browser calls a second download `savedrecs (1).txt`."""
    first: dict[bytes, str] = {}
    found: dict[str, str] = {}
    lengths = Counter(len(raw) for raw in files.values())
    for name in sorted(files, key=lambda name: (len(name), name)):
        # What has a length of its own need not be read for this.
        if len(files[name]) and lengths[len(files[name])] > 1:
            same = first.setdefault(digest(files[name]), name)
            found |= {name: same} if same != name else {}
    return found


def unlisted(
    searches: pd.DataFrame, files: Collection[str], exports: Mapping[str, Export], same: Mapping[str, str]
) -> list[Fault]:
    """Faults of the export files that searches.csv does not name, with the lines to add to it.

    `same` is what `copies` finds. Files that are not in `exports` could not be read and have a fault already.
    """
    listed = {name for cell in searches["export_files"] for name in split_list(cell)}
    names = [name for name in files if name not in listed]
    faults = [fault for name in names for fault in _unfit(name, same)]
    unfit = {fault.file for fault in faults}
    sound = [name for name in names if name in exports and f"{FOLDER}/{name}" not in unfit]
    if sound:
        lines = "\n".join(_lines(searches, {name: exports[name] for name in sound}))
        many = len(sound) > 1
        what = f"{len(sound)} exports have no line" if many else f'"{sound[0]}" has no line'
        how = "save this as that file" if searches.empty else f"add {'these lines' if many else 'this line'}"
        faults.append(Fault(SHEET, 0, "", what, f"{how}, {_MEND}:\n{lines}"))
    return faults


def _unfit(name: str, same: Mapping[str, str]) -> Iterator[Fault]:
    """What keeps a file from being named as it is."""
    if ";" in name or name != name.strip():
        problem = "the name has a ; or a blank at its end"
        yield Fault(f"{FOLDER}/{name}", 0, "", problem, "rename the file, for export_files could not name it")
    elif name in same:
        mend = f"move it away if it is a copy; if two searches found the same, name it in {SHEET}"
        yield Fault(f"{FOLDER}/{name}", 0, "", f'the same bytes as "{same[name]}"', mend)


def _lines(searches: pd.DataFrame, exports: Mapping[str, Export]) -> Iterator[str]:
    """Header and a line for each export, in the order of the files."""
    columns = list(schema("records/search/searches").columns)
    yield ",".join(columns)
    taken = set(searches["search_id"])
    for name, export in exports.items():
        source = source_of(export)
        known = {
            "search_id": _search_id(source or PurePosixPath(name).stem, taken),
            # The first searches are wave 1; whether a later one begins a new wave only the team knows.
            "wave": 1 if searches.empty else "WAVE",
            "source": source or "SOURCE",
            "source_type": "database",
            "date_run": "DATE_RUN",
            "hits": export.counted,
            "export_files": name,
        }
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow([known.get(column, "") for column in columns])
        yield line.getvalue()


def _search_id(about: str, taken: set[str]) -> str:
    """A name that no search has yet, which is added to `taken`."""
    stem = re.sub(r"\W+", "_", about).strip("_").lower() or "search"
    number = next(n for n in range(1, len(taken) + 2) if f"{stem}_{n}" not in taken)
    taken.add(f"{stem}_{number}")
    return f"{stem}_{number}"


def source_of(export: Export) -> str:
    """The one source that every entry names, or ""."""
    found = {
        frozenset(_spelt(name) for name in split_list(str(FIELDS[export.format](entry)["database"])))
        for entry in export.entries[:HEAD]
    }
    names = {name for named in found for name in named}
    if frozenset() in found or not names:
        return ""
    if "Embase" in names and names <= _EMBASE:
        return "Embase"
    return names.pop() if len(names) == 1 else ""


def _spelt(name: str) -> str:
    low = name.casefold()
    return next((spelt for pattern, spelt in _SOURCES if pattern.search(low)), _SEGMENT.sub("", name).strip())
