"""What the times of decisions say: too early, too late, too fast, or not known."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import pandas as pd

from reviewflow.tables import parse_time

from .findings import Finding, several
from .lines import Line, about, grouped, votes_of

# Nowhere on earth is it a later day than at UTC+14; the day of a search is a day of the place it was run at.
_FARTHEST_EAST = timedelta(hours=14)
# Two computers' clocks, and days written without a time of day, may differ by so much.
_CLOCK_SKEW = timedelta(days=1)
# A second is less than a page needs to show the next record, let alone a person to read it.
_BURST = timedelta(seconds=1)
# The page never goes back in time: by so much it goes on while the clock is behind.
_TICK = timedelta(milliseconds=1)
# An experienced reviewer screens about two abstracts a minute (Wallace 2010, BMC Bioinformatics 11:55); nobody reads
# fifteen times as many, not even titles.
_PER_MINUTE = 30
_MINUTE = timedelta(minutes=1)


def too_early(lines: Iterable[Line], existed: Mapping[str, str]) -> Iterator[Finding]:
    """Decisions on records that no search had found yet. `existed` has the day of the first search, by record."""
    latest = max(existed.values(), default="")
    after: datetime | None = None
    for line in lines:
        if line.time is None or (after and line.time >= after):
            continue
        if line.time.date().isoformat() >= latest:
            after = line.time
            continue
        since = existed.get(line.record_id, "")
        local = line.time if line.exact == "day" else line.time + _FARTHEST_EAST
        if local.date().isoformat() < since:
            said = f"decided at {line.decided_at}, before the first search that found the record was run ({since})"
            mend = "correct the time, or date_run in searches.csv"
            yield about(line, "error", "before_record", said, mend)


def first_searches(sightings: pd.DataFrame, searches: pd.DataFrame) -> dict[str, str]:
    """The day of the earliest search among those of the earliest wave that has the record, by record."""
    listed = zip(*(searches[c] for c in ("search_id", "wave", "date_run")), strict=True)
    # A day may be written in several ways, such as 20200517, and only those of one way can be compared as text.
    run = {s: (wave, day.date().isoformat()) for s, wave, cell in listed if (day := parse_time(cell))}
    found: dict[str, tuple[int, str]] = {}
    for record, search in zip(sightings["record_id"], sightings["search_id"], strict=True):
        if search in run and (record not in found or run[search] < found[record]):
            found[record] = run[search]
    return {record: day for record, (_, day) in found.items()}


def too_late(lines: Iterable[Line], now: datetime) -> Iterator[Finding]:
    """Decisions dated ahead of the clock."""
    for line in lines:
        if line.time and line.time - now > _CLOCK_SKEW:
            mend = "correct the time: nothing that is decided later can take its place"
            yield about(line, "error", "future", f"decided at {line.decided_at}, which is yet to come", mend)


def bursts(lines: Iterable[Line]) -> Iterator[Finding]:
    """Runs of decisions of one person on different reports, each within a second of the one before. Times that are
    exact to the minute only say nothing of it, and those of other tools are not the person's own."""
    listed = list(lines)
    written = {(line.file, line.time) for line in listed}
    timed = [line for line in votes_of(listed) if line.exact == "second" and not line.imported]
    for own in grouped(timed, "stage", "role", "reviewer").values():
        run: list[Line] = []
        for line in own:
            if run and _apart(run[-1], line) >= _BURST:
                yield from _burst(run, written)
                run = []
            run.append(line)
        yield from _burst(run, written)


def _apart(one: Line, other: Line) -> timedelta:
    return other.time - one.time if one.time and other.time else timedelta.max


def _counted_up(line: Line, written: Collection[tuple[str, datetime | None]]) -> bool:
    """Whether the page had no time of its own for the line, only one behind the newest in the file."""
    return line.by_page and line.time is not None and (line.file, line.time - _TICK) in written


def _burst(run: list[Line], written: Collection[tuple[str, datetime | None]]) -> Iterator[Finding]:
    reports = {line.report_id for line in run}
    if len(reports) < 2:
        return
    if all(_counted_up(line, written) for line in run[1:]):
        said = f"each time from here to line {run[-1].line} follows the one before by a thousandth of a second, as the "
        said += "page counts while the clock is behind the newest time in the file: when they were made is not known"
        yield about(run[0], "warning", "time", said, "set the clock of the computer right")
    else:
        seconds = _apart(run[0], run[-1]).total_seconds()
        said = f"{several(len(reports), 'report')} decided within {max(seconds, 0.001):.3g} seconds, from here to "
        said += f"line {run[-1].line} ({run[-1].decided_at})"
        yield about(run[0], "warning", "burst", said, "ask how these decisions were made")


def hurries(lines: Iterable[Line]) -> Iterator[Finding]:
    """Stretches in which one person decided more reports within each minute than can be read."""
    listed = list(lines)
    written = {(line.file, line.time) for line in listed}
    told = (line for line in listed if not line.imported and not _counted_up(line, written))
    timed = [line for line in votes_of(told) if line.exact in ("second", "minute")]
    for own in grouped(timed, "stage", "role", "reviewer").values():
        stretch: tuple[int, int] | None = None
        for end in range(_PER_MINUTE, len(own)):
            start = end - _PER_MINUTE
            if _apart(own[start], own[end]) < _MINUTE:
                if stretch and start > stretch[1]:
                    yield from _hurry(own[stretch[0] : stretch[1] + 1])
                    stretch = None
                stretch = (stretch[0] if stretch else start, end)
        yield from _hurry(own[stretch[0] : stretch[1] + 1] if stretch else [])


def _hurry(stretch: list[Line]) -> Iterator[Finding]:
    if len({line.report_id for line in stretch}) > _PER_MINUTE:
        first, last = stretch[0], stretch[-1]
        said = f"{several(len(stretch), 'decision')} from {first.decided_at} to {last.decided_at}, more than "
        yield about(first, "note", "pace", f"{said}{_PER_MINUTE} within a minute", "ask how these decisions were made")


def unknown_times(lines: Iterable[Line]) -> Iterator[Finding]:
    """How many lines of each file have a day in place of a time, or nothing."""
    for (file, exact), found in sorted(grouped((v for v in lines if v.exact in ("day", "")), "file", "exact").items()):
        stage = found[0].stage
        if exact == "day":
            said = f"{several(len(found), 'line has', 'lines have')} a day and no time of day"
            yield Finding("note", "time", f"{said}: the order within a day is not known", stage=stage, file=file)
        elif not exact:
            said = f"{several(len(found), 'imported line has', 'imported lines have')} no time"
            yield Finding("note", "time", f"{said}; they count as the oldest", stage=stage, file=file)
