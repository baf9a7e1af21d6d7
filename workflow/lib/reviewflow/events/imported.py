"""Events of another tool behind those of the review: in the files of several people, or in none."""

import csv
import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from .journal import Journal
from .seal import seal

# What a new file gets; the sealing columns come from the journal.
COLUMNS = ("decided_at", "record_id", "decision", "reason", "note", "imported")
Events = Sequence[Mapping[str, str]]


def place(stage: str, person: str) -> str:
    """The file of a reviewer's decisions, below the review's folder."""
    return f"records/screening/{stage}/{person}.csv"


class Behind(Journal):
    """A decision file that gets a block of events at its end, all of them or none."""

    def with_imported(self, events: Iterable[Mapping[str, str]]) -> bytes:
        """The file with these events at its end, each sealed; nothing is written yet.

        They keep the time that they have, which may be older than any in the file, or blank; `imported` says what they
        were imported from.
        """
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=self._delimiter, lineterminator=self._line_end)
        end = self._last[0]
        for cells in events:
            event = dict.fromkeys((*self._header, "decided_at"), "") | dict(cells)
            event |= {"event_id": f"ev{secrets.token_hex(8)}", "previous": end[0]}
            event["seal"] = seal(self.stage, self.person, event, end[1])
            end = (event["event_id"], event["seal"])
            writer.writerow([event[name] for name in self._header])
        return self.content() + text.getvalue().encode("utf-8")

    def put(self, content: bytes) -> None:
        """Replace the whole file at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._replace(content)


def append_imported(root: Path, stage: str, events: Mapping[str, Events]) -> None:
    """Append events to the file of each person, each file replaced at once.

    All files are locked, and every line is made, before the first is touched. Where one cannot be written, those before
    it are put back; where the computer stops in between, each file is whole, and the same import adds what is not
    there yet. Raises Busy and DataFaults before anything is written.
    """
    with ExitStack() as opened:
        journals = {
            person: opened.enter_context(Behind(root, stage, person, place(stage, person), COLUMNS))
            for person in sorted(events)
        }
        _put_all(journals, {person: journals[person].with_imported(events[person]) for person in journals})


def _put_all(journals: Mapping[str, Behind], contents: Mapping[str, bytes]) -> None:
    before = {person: j.path.read_bytes() if j.path.exists() else None for person, j in journals.items()}
    done: list[str] = []
    try:
        for person, content in contents.items():
            done.append(person)
            journals[person].put(content)
    except BaseException:
        # One that cannot be written now was not written before either: it is still what it was.
        for person in reversed(done):
            old = before[person]
            with suppress(OSError):
                journals[person].path.unlink() if old is None else journals[person].put(old)
        raise
