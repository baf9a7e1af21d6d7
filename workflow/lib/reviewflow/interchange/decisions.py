"""Decisions of other tools as events of this review: whose, when, what and why, as far as the export says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from reviewflow.faults import Fault
from reviewflow.tables import parse_time, split_list
from reviewflow.text import fold

from . import sheet
from .columns import DECISIONS, Parsed, Row, decision, joined
from .formats import FORMATS, settled
from .matching import Finder
from .platforms import Rows

# Clocks may differ by as much; what is dated later was never decided.
_SKEW = timedelta(days=1)
_UNDATED = datetime.min.replace(tzinfo=UTC)
# What makes two lines one and the same event.
_SAME = ("record_id", "decided_at", "decision", "reason", "note")


@dataclass(frozen=True)
class Terms:
    """What the person who imports says of an export: the tool, its stage, whose names stand for whom (a blank one is
    left out), who decided what names nobody, what the entries that say nothing were decided to be, and the codes of
    reasons by their folded words (blank: none of the review's)."""

    tool: str
    stage: str
    reviewers: tuple[str, ...]
    who: Mapping[str, str] = field(default_factory=dict)
    alone: str = ""
    says: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Incoming:
    """Events by reviewer, oldest first, each with its line in the export; what forbids the import; entries that are no
    record of the review; and what the person should know."""

    events: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unmatched: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def reason_codes(reasons: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Codes by folded words: `reasons` has the label of each code, `said` what the person adds. A label that two
    codes have stands for neither."""
    labels = [fold(label) for label in reasons.values()]
    by_label = {fold(label): code for code, label in reasons.items() if labels.count(fold(label)) == 1}
    return by_label | {fold(code): code for code in reasons} | {fold(words): code for words, code in said.items()}


def incoming(read: Rows, file: str, finder: Finder, terms: Terms) -> Incoming:
    """The decisions of an export."""
    return _Reading(file, finder, terms).all(read)


class _Reading:
    """One export on its way in."""

    def __init__(self, file: str, finder: Finder, terms: Terms) -> None:
        self._file, self._finder, self._terms = file, finder, terms
        self._label = FORMATS[terms.tool].label
        self._result = Incoming()
        self._notes: list[tuple[str, str, str]] = []
        self._met: set[tuple[str, ...]] = set()
        self._unnamed = 0
        self._names: dict[str, int] = {}
        self._counts = {"silent": 0, "carried": 0, "left": 0, "taken back": 0}

    def all(self, read: Rows) -> Incoming:
        """Every entry."""
        self._result.faults += read.faults
        for entry in read.entries:
            for problem, mend in entry.problems:
                self._fault(entry, "", problem, mend)
            told = self._told(entry)
            if not told:
                continue
            record, problem, mend = self._finder.find(entry)
            if not record:
                self._result.unmatched.append(Fault(self._file, entry.line, "", problem, mend))
                continue
            for row in told:
                self._event(entry, record, row, told)
        self._people()
        self._attach()
        self._remark()
        for listed in self._result.events.values():
            listed.sort(key=lambda event: (_instant(event), event["_line"].zfill(12)))
            self._result.faults += _contradictions(self._file, listed)
        return self._result

    def _fault(self, entry: Parsed, column: str, problem: str, mend: str) -> None:
        """Where an entry has no line, as in a database, its title says which it is."""
        about = "" if entry.line else f' ("{entry.fields["title"][:60]}")'
        self._result.faults.append(Fault(self._file, entry.line, column, f"{problem}{about}", mend))

    def _told(self, entry: Parsed) -> list[Row]:
        """What the tool says of an entry, or the person of all entries that say nothing."""
        says = self._terms.says
        rows = [row for row in entry.told if row["decision"] or row["note"]]
        if not rows and says and not entry.problems:
            rows = [decision(decision=says)]
        other = {row["decision"] for row in rows} - {says, ""}
        if says and other:
            problem = f"it says {joined(sorted(other))}, and --decision says {says}"
            self._fault(entry, "decision", problem, "import it without --decision, or correct the entry")
            return []
        if not any(row["decision"] for row in rows):
            self._counts["silent"] += not entry.problems
            return []
        carried = settled(Parsed(entry.line, entry.fields, [], "", entry.ours, rows))
        self._counts["carried"] += sum(row["origin"] == "carried" for row in carried)
        return [row for row in carried if row["origin"] == "told"]

    def _event(self, entry: Parsed, record: str, row: Row, told: list[Row]) -> None:
        reviewer = self._whose(row)
        if not reviewer:
            return
        if not row["decision"]:
            self._notes.append((reviewer, record, row["note"]))
            return
        if row["decision"] not in (*DECISIONS, "withdraw"):
            self._fault(entry, "decision", f'the decision "{row["decision"]}" is unknown', "correct the entry")
            return
        if row["decision"] == "withdraw" and not row["decided_at"]:
            self._counts["taken back"] += 1
            return
        at = row["decided_at"].strip()
        instant = parse_time(at) if at else None
        if at and instant is None:
            self._fault(entry, "decided_at", f'"{at}" is not a time', "write it as 2020-05-17T09:30:00Z")
        elif instant and instant > datetime.now(UTC) + _SKEW:
            self._fault(entry, "decided_at", f'"{at}" lies in the future', "correct it")
        cells = {"record_id": record, "decided_at": at, "decision": row["decision"], "_line": str(entry.line)}
        event = cells | self._reason(entry, row, told)
        key = (reviewer, *(event[name] for name in _SAME))
        if key not in self._met:
            self._met.add(key)
            self._result.events.setdefault(reviewer, []).append(event)

    def _whose(self, row: Row) -> str:
        """The reviewer, or "" where it is nobody or not known who."""
        name = row["reviewer"].strip()
        if not name:
            self._unnamed += not self._terms.alone
            return self._terms.alone
        whose = self._terms.who.get(name, name if name in self._terms.reviewers else None)
        if whose is None:
            self._names[name] = self._names.get(name, 0) + 1
        elif not whose:
            self._counts["left"] += 1
        return whose or ""

    def _reason(self, entry: Parsed, row: Row, told: list[Row]) -> Row:
        """The code of the reason, and the note with what has no code."""
        words = split_list(row["reason"])
        codes = list(dict.fromkeys(code for word in words if (code := self._terms.reasons.get(fold(word), ""))))
        unknown = [word for word in words if fold(word) not in self._terms.reasons]
        # In Rayyan's records all reasons of a record stand together, whoever of several gave them.
        excluders = {other["reviewer"] for other in told if other["decision"] == "exclude" and not other["decided_at"]}
        shared = self._terms.tool == "rayyan" and not row["decided_at"] and len(excluders) > 1 and bool(words)
        clear = row["decision"] == "exclude" and len(codes) == 1 and not shared
        if self._terms.stage == "full_text" and row["decision"] == "exclude":
            self._full_text(entry, words, codes, unknown, shared=shared)
        rest = words if not clear else [word for word in words if self._terms.reasons.get(fold(word), "") not in codes]
        said = f"{self._label}: {joined(rest)}" if rest else ""
        note = "\n".join(filter(None, (row["note"].replace("\r\n", "\n").strip(), said)))
        return {"reason": codes[0] if clear else "", "note": sheet.neutral(note)}

    def _full_text(
        self, entry: Parsed, words: list[str], codes: list[str], unknown: list[str], *, shared: bool
    ) -> None:
        """An exclusion at full text needs one reason that the review has."""
        name = f'--reason "{(unknown or words or ["WORDS"])[0]}=CODE"'
        if shared:
            mend = "import the archive with customizations_log.csv, which says who gave which"
            self._fault(entry, "reason", f"several people excluded it, and who gave {joined(words)} is not said", mend)
        elif unknown:
            mend = f"write {name} with a code of config/exclusion_reasons.csv, or nothing behind = if it is none"
            self._fault(entry, "reason", f'no reason of the review is called "{joined(unknown)}"', mend)
        elif len(codes) > 1:
            mend = 'keep the primary one in the export, or take the others out with --reason "WORDS="'
            self._fault(entry, "reason", f"it has {len(codes)} reasons: {joined(codes)}", mend)
        elif not codes:
            self._fault(entry, "reason", "an exclusion at full text without its reason", "write it into the export")

    def _people(self) -> None:
        """Names that stand for nobody, all at once."""
        whose = f"with one of {', '.join(self._terms.reviewers)} for NAME"
        for name, number in sorted(self._names.items()):
            problem = f'"{name}" decided {"once" if number == 1 else f"{number} times"}'
            mend = f'say who it is: --who "{name}=NAME" {whose}, or leave them out: --who "{name}="'
            self._result.faults.append(Fault(self._file, 0, "reviewer", problem, mend))
        if self._unnamed:
            problem = "1 decision names nobody" if self._unnamed == 1 else f"{self._unnamed} decisions name nobody"
            mend = f"say whose they are: --as NAME {whose}"
            self._result.faults.append(Fault(self._file, 0, "reviewer", problem, mend))

    def _attach(self) -> None:
        """Notes that stand beside a decision: to the newest of that person on that record."""
        newest: dict[tuple[str, str], Row] = {}
        for reviewer, events in self._result.events.items():
            for event in sorted(events, key=_instant):
                newest[reviewer, event["record_id"]] = event
        for reviewer, record, note in self._notes:
            if held := newest.get((reviewer, record)):
                plain = sheet.neutral(note.replace("\r\n", "\n").strip())
                held["note"] = "\n".join(filter(None, dict.fromkeys((plain, held["note"]))))

    def _remark(self) -> None:
        says = {
            "silent": "entries have no decision",
            "carried": "decisions are those that the export from here took out; they are not imported again",
            "left": "decisions are of people who are left out by --who",
            "taken back": "labels were taken back in the tool, which does not say when; where an earlier import "
            "brought one, write a line with withdraw",
        }  # fmt: skip
        self._result.remarks += [f"{self._counts[key]} {text}" for key, text in says.items() if self._counts[key]]


def _instant(event: Mapping[str, str]) -> datetime:
    return parse_time(event["decided_at"]) or _UNDATED


def _contradictions(file: str, events: list[Row]) -> Iterator[Fault]:
    """One person, one record, one time (or none), and two decisions: which is the newer cannot be known."""
    seen: dict[tuple[str, datetime], Row] = {}
    for event in events:
        before = seen.setdefault((event["record_id"], _instant(event)), event)
        if (before["decision"], before["reason"]) != (event["decision"], event["reason"]):
            problem = f"line {before['_line']} decides otherwise on {event['record_id']} at the same time or at none"
            yield Fault(file, int(event["_line"]), "decision", problem, "remove the one that does not hold")
