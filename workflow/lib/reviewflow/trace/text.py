"""A trace in words."""

from collections.abc import Iterator, Sequence

from reviewflow.page import wording

from .report_text import record_lines, report_lines
from .study_text import study_lines
from .terminal import Line, set_lines
from .tree import Place, State, Trace

# More names than this in one line are not read.
_SHOWN = 5


def written(trace: Trace, width: int, bold: bool = False) -> str:
    """The trace as text of `width` columns; `bold` sets the heads in bold, for terminals only."""
    return set_lines(list(_lines(trace)), width, bold)


def _lines(trace: Trace) -> Iterator[Line]:
    yield from _state(trace.state)
    if trace.record:
        yield from record_lines(trace.record)
    reports = [line for r in trace.reports for line in (*report_lines(r), *_places(r.places))]
    studies = [line for s in trace.studies for line in (*study_lines(s), *_places(s.places))]
    yield from (*studies, *reports) if trace.kind == "study" else (*reports, *studies)


def _state(state: State) -> Iterator[Line]:
    """What a reader must know before believing the rest."""
    if state.changed:
        made = f"Changed since the report was made ({state.report_made_at}): {_named(state.changed)}."
        yield Line(0, f"{made} What follows may be older than these files; `snakemake` brings it up to date.")
    if state.stages_missing:
        yield Line(0, f"Not made yet: {wording.listed(state.stages_missing)}.")
    if state.tables_missing:
        yield Line(0, f"Tables that are not there: {_named(state.tables_missing)}.")
    yield from (Line(0, problem) for problem in state.problems)


def _named(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _places(places: Sequence[Place]) -> Iterator[Line]:
    if places:
        yield Line(1, "Where it appears", 2)
    for place in places:
        anchor = f"#{wording.encoded(place.anchor)}" if place.anchor else ""
        yield Line(2, f"{place.what}: {place.file}{anchor}")
