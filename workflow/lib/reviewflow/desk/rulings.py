"""Writing records/dedupe/rulings.csv: a ruling that contradicts another is refused, the last one can be taken back."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from reviewflow.events import Appender
from reviewflow.formulas import neutral
from reviewflow.schema import schema
from reviewflow.tables import parse_time, read_people, rows_of

FILE = "records/dedupe/rulings.csv"
TABLE = "records/dedupe/rulings"
# A ruling is one short line: whoever else writes has done so long before.
_PATIENCE = 5.0
Pair = tuple[str, str]
Ruling = Mapping[str, str]


class Refused(Exception):
    """A ruling that was not written, with the reason in words."""


class Rulings:
    """The rulings of one review. The file is opened for each ruling only, so that several people can rule at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._mine: dict[str, list[tuple[Pair, str]]] = {}
        self._known: tuple[tuple[int, int], dict[Pair, Ruling]] = ((0, 0), {})

    def newest(self) -> dict[Pair, Ruling]:
        """The ruling that holds on each pair. Raises DataFaults where the file cannot be read."""
        path = self._root / FILE
        if not path.is_file() or not path.stat().st_size:
            return {}
        stat = path.stat()
        mark = stat.st_mtime_ns, stat.st_size
        if mark != self._known[0]:
            self._known = mark, self._read()
        return self._known[1]

    def _read(self) -> dict[Pair, Ruling]:
        path = self._root / FILE
        return holding(rows_of(read_people(path, TABLE, self._root))) if path.is_file() else {}

    def rule(self, pair: Pair, verdict: str, person: str, note: str, *, over: str, now: datetime | None = None) -> None:
        """Write one ruling; it is on disk when this returns. `over` is the time of the ruling on the same pair that
        was on the screen, blank for none. Raises Refused, Busy, DataFaults."""
        with Appender(self._root, FILE, list(schema(TABLE).columns), "rulings", _PATIENCE) as file:
            held = self._read()
            before = held.get(key(*pair))
            if (before or {}).get("ruled_at", "") != over:
                raise Refused(_already(pair, before))
            contradicted = contradiction(held, pair, verdict)
            if contradicted:
                raise Refused(contradicted)
            cells = dict(zip(("record_a", "record_b"), pair, strict=True)) | {"verdict": verdict, "ruled_by": person}
            line = file.write(cells | {"ruled_at": _instant(before, now), "note": neutral(note)})
        self._mine.setdefault(person, []).append((key(*pair), line))

    def take_back(self, person: str) -> Pair:
        """Remove the line that this person wrote last since the page was started, and say which pair it was on.

        Raises Refused where there is none, or where it is not the last line of the file any more.
        """
        mine = self._mine.get(person, [])
        if not mine:
            raise Refused("You have made no ruling since this page was started. Older ones are corrected in the file.")
        pair, line = mine[-1]
        with Appender(self._root, FILE, list(schema(TABLE).columns), "rulings", _PATIENCE) as file:
            taken = file.take_back(line)
        if not taken:
            mine.clear()
            raise Refused(
                f"Your last ruling, on {pair[0]} and {pair[1]}, is not the last line of {FILE} any more, so it stays. "
                "Open the pair below to rule on it anew: the newest ruling holds."
            )
        mine.pop()
        return pair


def key(record_a: str, record_b: str) -> Pair:
    """A pair, whichever record is named first."""
    return (record_a, record_b) if record_a <= record_b else (record_b, record_a)


def holding(rulings: Iterable[Ruling]) -> dict[Pair, Ruling]:
    """The newest ruling on each pair."""
    newest: dict[Pair, Ruling] = {}
    for ruling in sorted(rulings, key=lambda r: (_time(r), r["verdict"])):
        newest[key(ruling["record_a"], ruling["record_b"])] = ruling
    return newest


def contradiction(held: Mapping[Pair, Ruling], pair: Pair, verdict: str) -> str:
    """Why a ruling cannot stand beside those that hold on other pairs; blank where it can."""
    others = {pair_: ruling for pair_, ruling in held.items() if pair_ != key(*pair)}
    joined = _neighbours(others, "duplicate")
    a, b = pair
    if verdict == "distinct":
        path = _path(joined, a, b)
        if not path:
            return ""
        steps = [others[key(*step)] for step in pairwise(path)]
        told = "; ".join(_told(step) for step in steps)
        return f"{a} and {b} cannot be distinct: other rulings join them ({told}). Correct one of those first."
    side_a, side_b = _reach(joined, a), _reach(joined, b)
    for pair_, ruling in others.items():
        if ruling["verdict"] == "distinct" and (
            (pair_[0] in side_a and pair_[1] in side_b) or (pair_[1] in side_a and pair_[0] in side_b)
        ):
            return (
                f"{a} and {b} cannot be duplicates: together with other rulings that would join two records which are "
                f"ruled distinct ({_told(ruling)}). Correct that one first."
            )
    return ""


def _neighbours(rulings: Mapping[Pair, Ruling], verdict: str) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for (a, b), ruling in rulings.items():
        if ruling["verdict"] == verdict:
            near.setdefault(a, []).append(b)
            near.setdefault(b, []).append(a)
    return near


def _came_from(near: Mapping[str, Sequence[str]], start: str) -> dict[str, str]:
    """Each record that can be reached from `start`, with the one before it on a shortest way."""
    came, waiting = {start: start}, deque([start])
    while waiting:
        here = waiting.popleft()
        for there in near.get(here, ()):
            if there not in came:
                came[there] = here
                waiting.append(there)
    return came


def _reach(near: Mapping[str, Sequence[str]], start: str) -> set[str]:
    return set(_came_from(near, start))


def _path(near: Mapping[str, Sequence[str]], start: str, end: str) -> list[str]:
    came = _came_from(near, start)
    if end not in came:
        return []
    path = [end]
    while path[-1] != start:
        path.append(came[path[-1]])
    return path[::-1]


def _told(ruling: Ruling) -> str:
    pair = f"{ruling['record_a']} and {ruling['record_b']}"
    return f"{pair}: {ruling['verdict']}, {ruling['ruled_by']}, {ruling['ruled_at']}"


def _already(pair: Pair, before: Ruling | None) -> str:
    if before is None:
        return f"The ruling on {pair[0]} and {pair[1]} that was on the screen has been taken back. Look again."
    return f"There is a ruling on this pair since the page was shown ({_told(before)}). Nothing was written."


def _time(ruling: Ruling) -> datetime:
    time = parse_time(ruling["ruled_at"])
    assert time is not None  # read_people refuses a ruling without its time
    return time


def _instant(before: Ruling | None, now: datetime | None) -> str:
    """Now, or just behind the ruling that this one replaces, for the newest holds."""
    instant = now or datetime.now(UTC)
    if before and instant <= _time(before):
        instant = _time(before) + timedelta(milliseconds=1)
    instant = instant.astimezone(UTC).replace(microsecond=instant.microsecond // 1000 * 1000)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
