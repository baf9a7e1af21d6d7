"""How quickly one decides: decisions in an hour of work, a break of more than ten minutes not counted."""

from bisect import bisect_left
from collections.abc import Iterable

# Minutes of reading one report are work, a longer gap is a break.
_BREAK_SECONDS = 600.0
# Below this many decisions a pace says nothing.
_LEAST = 5


class Pace:
    """The times of decisions, in seconds since 1970 and ascending."""

    def __init__(self, times: Iterable[float] = ()) -> None:
        self._times: list[float] = []
        self._worked: list[float] = []
        for time in sorted(times):
            self.add(time)

    def __len__(self) -> int:
        return len(self._times)

    def add(self, time: float) -> None:
        """One more decision, the newest."""
        gap = time - self._times[-1] if self._times else 0.0
        before = self._worked[-1] if self._worked else 0.0
        self._times.append(time)
        self._worked.append(before + (gap if 0 < gap <= _BREAK_SECONDS else 0.0))

    def per_hour(self, since: float) -> float | None:
        """Decisions in an hour of work since then, or None where there are too few to say."""
        first = bisect_left(self._times, since)
        decided = len(self._times) - first
        if decided < _LEAST:
            return None
        worked = self._worked[-1] - self._worked[first]
        return (decided - 1) / worked * 3600 if worked > 0 else None
