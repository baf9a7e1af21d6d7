"""In which order the reports of one person stand: what was decided, oldest first, then what waits."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

# Above every place that a report can have; those that were put off stand behind it.
_LATER = 1 << 40


class Line:
    """Reports that were decided, by time, and reports that wait, by their place; each step takes microseconds."""

    def __init__(self, assigned: Iterable[str], decided: Iterable[tuple[float, str]]) -> None:
        self._time = {report: time for time, report in decided}
        self._rank = {report: place for place, report in enumerate(assigned)}
        self._put_off = 0
        self._done = sorted((time, report) for report, time in self._time.items())
        self._waiting = sorted((rank, report) for report, rank in self._rank.items() if report not in self._time)

    def __contains__(self, report: object) -> bool:
        return report in self._rank

    @property
    def waiting(self) -> list[str]:
        """Reports that wait, those put off last."""
        return [report for _, report in self._waiting]

    @property
    def done(self) -> list[str]:
        """Reports that were decided, the oldest decision first."""
        return [report for _, report in self._done]

    @property
    def left(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def n_done(self) -> int:
        """How many are decided."""
        return len(self._done)

    @property
    def first(self) -> str:
        """The first report that waits; blank where none does."""
        return self._waiting[0][1] if self._waiting else ""

    def after(self, report: str) -> str:
        """The report behind this one; blank at the end."""
        if report in self._time:
            place = bisect_left(self._done, (self._time[report], report)) + 1
            return self._done[place][1] if place < len(self._done) else self.first
        return self.onward(report)

    def onward(self, report: str) -> str:
        """The next report that waits, behind the place of this one and from the beginning again; blank where none
        does."""
        place = bisect_left(self._waiting, (self._rank.get(report, -1) + 1, ""))
        return self._waiting[place][1] if place < len(self._waiting) else self.first

    def before(self, report: str) -> str:
        """The report before this one; blank at the beginning. From "" it is the last decided."""
        if report in self._time:
            place = bisect_left(self._done, (self._time[report], report)) - 1
            return self._done[place][1] if place >= 0 else ""
        place = bisect_left(self._waiting, (self._rank.get(report, -1), "")) - 1
        if report and place >= 0:
            return self._waiting[place][1]
        return self._done[-1][1] if self._done else ""

    def decided(self, report: str, time: float) -> None:
        """A decision was made, or made anew."""
        self._leave(report)
        self._time[report] = time
        insort(self._done, (time, report))

    def waits(self, report: str) -> None:
        """A decision was taken back: the report waits at its old place."""
        self._leave(report)
        insort(self._waiting, (self._rank.setdefault(report, len(self._rank)), report))

    def _leave(self, report: str) -> None:
        if report in self._time:
            del self._done[bisect_left(self._done, (self._time.pop(report), report))]
        elif report in self._rank:
            del self._waiting[bisect_left(self._waiting, (self._rank[report], report))]

    def skip(self, report: str) -> None:
        """Put a report that waits behind all others."""
        if report in self._rank and report not in self._time:
            self._leave(report)
            self._put_off += 1
            self._rank[report] = _LATER + self._put_off
            insort(self._waiting, (self._rank[report], report))

    def reorder(self, ranking: Sequence[str]) -> None:
        """Let what waits stand in this order from now on; reports that it does not name keep theirs behind it, and
        those put off stay last."""
        plain = {report: rank for report, rank in self._rank.items() if rank < _LATER}
        named = [report for report in ranking if plain.pop(report, None) is not None]
        # Nothing is sorted that stands in order already: this is done while somebody screens.
        listed = [*named, *sorted(plain, key=plain.__getitem__)]
        self._rank.update({report: i for i, report in enumerate(listed)})
        put_off = [(rank, report) for rank, report in self._waiting if rank >= _LATER]
        self._waiting = [*((i, report) for i, report in enumerate(listed) if report not in self._time), *put_off]
