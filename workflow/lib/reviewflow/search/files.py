"""The exports of a review, read one after the other, and the faults of those that cannot be read."""

from collections.abc import Callable, Collection, Mapping

from reviewflow.tables import Fault

from .entry import Entry, Export, UnknownFormat
from .fields import identity
from .formats import FORMATS, Format
from .readers import Reading
from .stream import Raw

FOLDER = "records/search/exports"
SHEET = "records/search/searches.csv"
_STEP = 1 << 20
Take = Callable[[Format, int, Entry], object]


def read_file(name: str, raw: Raw, take: Take) -> tuple[Export | None, list[Fault]]:
    """Hand each entry of a file with its format and position (from 1) to `take`: what the file holds, or, where it
    cannot be read, its fault."""
    try:
        reading = Reading(raw)
        kind = FORMATS.get(reading.format)
        if kind:
            for position, entry in enumerate(reading, 1):
                take(kind, position, entry)
        return reading.export(), []
    except UnknownFormat as error:
        formats = ", ".join(kind.label for kind in FORMATS.values())
        mend = error.mend or f"move it away if it is no export; otherwise export it as one of {formats}"
        return None, [Fault(f"{FOLDER}/{name}", error.line, "", error.problem, mend)]
    except UnicodeDecodeError as error:
        line = sum(raw[at : min(at + _STEP, error.start)].count(b"\n") for at in range(0, error.start, _STEP)) + 1
        mend = "move it away if it is no export; otherwise export it again as UTF-8"
        return None, [Fault(f"{FOLDER}/{name}", line, "", "no encoding fits the file", mend)]


def survey(
    files: Mapping[str, Raw], sources: Mapping[str, str], named: Collection[str]
) -> tuple[dict[str, Export], set[str], list[Fault]]:
    """What each file that can be read holds, by its name; which of the record_ids in `named` are in the files that
    `sources` gives the source of; and the faults of the files that cannot be read."""
    exports: dict[str, Export] = {}
    there: set[str] = set()
    faults: list[Fault] = []
    for name in files:
        source = sources.get(name)

        def take(kind: Format, _position: int, entry: Entry, source: str | None = source) -> None:
            if source is not None and (found := identity(kind, source, entry)) in named:
                there.add(found)

        export, wrong = read_file(name, files[name], take)
        exports |= {name: export} if export else {}
        faults += wrong
    return exports, there, faults
