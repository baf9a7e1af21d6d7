"""What one person has to do at one stage: which reports wait, what was decided, and in which order both are shown."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .choice import BUSY, DECISIONS, Choice, Refused, Stands
from .line import Line
from .own import Event, OwnFile
from .pace import Pace


@dataclass(frozen=True)
class _Done:
    """What undo takes back: the events of one decision, and what stood on these records before it."""

    report_id: str
    token: str
    before: Mapping[str, Event | None]


class Task:
    """The reports that one person decides on at one stage.

    `assigned` in the order in which they are shown, `skipped` those that come last. `file` is None where another
    process has the person's file open: then nothing can be decided here. Safe to use from several threads.
    """

    def __init__(
        self, file: OwnFile | None, events: Sequence[Event], report_of: Mapping[str, str], assigned: Sequence[str],
        skipped: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.file = file
        self.lock = threading.RLock()
        self.started = time.time()
        # Counts what has changed, for those who keep something made of it.
        self.version = 0
        self._moved = False
        self.renew(events, report_of, assigned, skipped)

    def renew(
        self, events: Sequence[Event], report_of: Mapping[str, str], assigned: Sequence[str], skipped: Sequence[str]
    ) -> None:
        """Take what is asked for as the workflow has it now."""
        with self.lock:
            self._report_of = report_of
            self._assigned, self._skipped = assigned, list(skipped)
            self._load(events)

    def _load(self, events: Sequence[Event]) -> None:
        self.version += 1
        self._held: dict[str, dict[str, Event]] = {}
        self._undo: list[_Done] = []
        self._votes: dict[str, str] = {}
        self._last = events[-1] if events else None
        self.pace = Pace(e.seconds for e in events if e.decision in DECISIONS and e.seconds)
        for event in events:
            self._hold(event)
        held = ((report, self.decided(report)) for report in self._held)
        self._line = Line(self._assigned, [(event.seconds, report) for report, event in held if event])
        for report in self._skipped:
            self._line.skip(report)

    def _hold(self, event: Event) -> None:
        report = self._report_of.get(event.record_id)
        if report is None:
            return  # a record that is in no export any more: the workflow names it as a fault
        held = self._held.setdefault(report, {})
        last = self._undo[-1] if self._undo and self._undo[-1].report_id == report else None
        if event.decision == "withdraw" and last:
            self._undo.pop()
        elif last and event.event_id and event.record_id not in last.before:
            # One decision on a report of which the person had judged several records.
            self._undo[-1] = _Done(report, event.token, {**last.before, event.record_id: held.get(event.record_id)})
        elif event.decision != "withdraw" and event.event_id:
            self._undo.append(_Done(report, event.token, {event.record_id: held.get(event.record_id)}))
        held[event.record_id] = event
        self._vote(report)

    def _vote(self, report: str) -> None:
        if decided := self.decided(report):
            self._votes[report] = decided.decision
        else:
            self._votes.pop(report, None)

    @property
    def busy(self) -> str:
        """Why nothing can be decided here; blank where it can."""
        return "" if self.file else BUSY

    @property
    def mended(self) -> str:
        """What was mended in the file when it was opened; blank where it was whole."""
        return self.file.mended if self.file else ""

    def newest(self, report_id: str) -> Event | None:
        """The person's newest event on a report, also one that took a decision back."""
        return max(self._held.get(report_id, {}).values(), key=lambda e: e.time, default=None)

    def decided(self, report_id: str) -> Event | None:
        """The person's decision on a report, if one holds."""
        holding = [e for e in self._held.get(report_id, {}).values() if e.decision != "withdraw"]
        return max(holding, key=lambda e: e.time, default=None)

    def expected(self, report_id: str) -> str:
        """What a form on this report must carry, so that nothing is decided twice."""
        newest = self.newest(report_id)
        return newest.token if newest else ""

    def waiting(self) -> list[str]:
        """Reports without a decision of this person, in order, those put off last."""
        with self.lock:
            return self._line.waiting

    def own(self) -> dict[str, Event]:
        """The person's decisions by report, the newest of each, oldest first."""
        with self.lock:
            return {report: held for report in self._line.done if (held := self.decided(report))}

    def votes(self) -> tuple[dict[str, str], Event | None]:
        """The person's decision on each report, in the order in which they were first judged, and the event up to which
        these go."""
        with self.lock:
            return dict(self._votes), self._last

    @property
    def assigned(self) -> Sequence[str]:
        """What is asked for, in the order in which it is shown."""
        return self._assigned

    def mine(self, report_id: str) -> bool:
        """Whether the report is this person's to decide on."""
        return report_id in self._line or report_id in self._held

    @property
    def left(self) -> int:
        """How many wait."""
        return self._line.left

    @property
    def done(self) -> int:
        """How many are decided."""
        return self._line.n_done

    @property
    def undoable(self) -> str:
        """The token of the event that undo would take back; blank where there is none."""
        return self._undo[-1].token if self._undo else ""

    def first(self) -> str:
        """The report to go on with; blank where none waits."""
        with self.lock:
            return self._line.first

    def after(self, report_id: str) -> str:
        """The report behind this one: what was decided, oldest first, then what waits; blank at the end."""
        with self.lock:
            return self._line.after(report_id)

    def onward(self, report_id: str) -> str:
        """The next report that waits behind this one, from the beginning again at the end; blank where none does. In
        an order that has come since, it is the first."""
        with self.lock:
            if self._moved:
                self._moved = False
                return self._line.first
            return self._line.onward(report_id)

    def before(self, report_id: str) -> str:
        """The report before this one; blank at the beginning. From "" it is the last decided."""
        with self.lock:
            return self._line.before(report_id)

    def skip(self, report_id: str) -> None:
        """Show a report after all others."""
        with self.lock:
            self.version += 1
            self._skipped.append(report_id)
            self._line.skip(report_id)

    def reorder(self, ranking: Sequence[str]) -> None:
        """Show what waits in this order from now on; what was put off stays last."""
        named = set(ranking)
        with self.lock:
            self.version += 1
            self._moved = True
            self._line.reorder(ranking)
            asked = set(self._assigned)
            rest = [report for report in self._assigned if report not in named]
            self._assigned = [*(report for report in ranking if report in asked), *rest]

    def decide(self, report_id: str, choice: Choice, expected: str, seen: str) -> Event:
        """Write a decision, which is on disk when this returns. Raises Stands where the person's newest event on the
        report is not `expected`; the same decision sent twice is written once."""
        with self.lock:
            self.follow()
            held = self.decided(report_id)
            if self.expected(report_id) != expected:
                if held and (held.decision, held.reason, held.note) == (choice.decision, choice.reason, choice.note):
                    return held
                raise Stands(report_id)
            before = {record: self._held.get(report_id, {}).get(record) for record in self.records(report_id)}
            self._write([Event(r, choice.decision, choice.reason, choice.note, "", "", seen) for r in before])
            self._undo.append(_Done(report_id, self.expected(report_id), before))
            return self.newest(report_id)  # type: ignore[return-value] # it was just written

    def records(self, report_id: str) -> list[str]:
        """The records that a decision on a report is written for: those that were judged, else the report's first."""
        return [e.record_id for e in self._held.get(report_id, {}).values() if e.decision != "withdraw"] or [report_id]

    def undo(self, expected: str) -> tuple[str, str]:
        """Take the newest decision back by an event: what stood before it holds again, or nothing. Gives the report
        and what holds now. Raises Refused where there is nothing to undo, Stands where it is not `expected`."""
        with self.lock:
            self.follow()
            if not self._undo:
                raise Refused("There is nothing to undo.")
            done = self._undo[-1]
            if done.token != expected or self.expected(done.report_id) != done.token:
                raise Stands(done.report_id)
            restored = [
                Event(r, e.decision, e.reason, e.note, "", "", e.seen) if e else Event(r, "withdraw", "", "", "")
                for r, e in done.before.items()
            ]
            self._write(restored)
            self._undo.pop()
            self._follow_on(done)
            return done.report_id, held.decision if (held := self.decided(done.report_id)) else ""

    def _follow_on(self, undone: _Done) -> None:
        """The decision before the undone one, if it was on the same report, is now the restored event."""
        for place in range(len(self._undo) - 1, -1, -1):
            earlier = self._undo[place]
            if earlier.report_id == undone.report_id:
                self._undo[place] = _Done(earlier.report_id, self.expected(undone.report_id), earlier.before)
                return

    def _write(self, events: Sequence[Event]) -> None:
        if self.file is None:
            raise Refused(BUSY)
        self.version += 1
        for event in self.file.append(events):
            report = self._report_of.get(event.record_id, event.record_id)
            self._held.setdefault(report, {})[event.record_id] = event
            self._last = event
            self._vote(report)
            if held := self.decided(report):
                self._line.decided(report, held.seconds)
            else:
                self._line.waits(report)
            if event.decision != "withdraw":
                self.pace.add(event.seconds)

    def follow(self) -> None:
        """Read the file anew where somebody else has changed it, by hand or by a merge."""
        with self.lock:
            if self.file and self.file.changed():
                self.file.reopen()
                self._load(self.file.read())
