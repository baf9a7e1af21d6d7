"""What the adjudicator has to settle at one stage: the conflicts that the workflow found, less those settled since."""

import threading
from collections.abc import Mapping
from pathlib import Path

from reviewflow.events import Busy

from .cases import Case, Cases, settles
from .own import Event, OwnFile, read_only
from .review import Review
from .task import Task


class AdjudicationFile(OwnFile):
    """The adjudication.csv of a stage; each line says who adjudicated."""

    table = "records/screening/adjudication"

    def __init__(self, root: Path, stage: str, adjudicator: str) -> None:
        self._adjudicator = adjudicator
        super().__init__(root, stage, "adjudication")

    def cells(self, event: Event) -> dict[str, str]:
        """The cells of a line."""
        return super().cells(event) | {"adjudicator": self._adjudicator}


class Bench(Task):
    """The adjudicator's task at one stage. A report counts as decided once it is settled."""

    def __init__(
        self, file: OwnFile | None, events: list[Event], report_of: Mapping[str, str], cases: Cases, stage: str
    ):
        self.cases, self.stage = cases, stage
        super().__init__(file, events, report_of, list(cases))

    def case(self, report_id: str) -> Case | None:
        """The conflict on a report; None where the workflow found none, or has seen it settled."""
        return self.cases.get(report_id)

    def decided(self, report_id: str) -> Event | None:
        """The decision on a report, if it is settled."""
        held = self._holding(report_id)
        if not settles(self.case(report_id), held, reasons_matter=self.stage == "full_text"):
            return None
        return max(held.values(), key=lambda event: event.time)

    def records(self, report_id: str) -> list[str]:
        """The records that a decision is written for: those decided on before, and in a collision every record that
        carries a vote."""
        case = self.case(report_id)
        judged = case.judged if case and case.kind == "collision" else ()
        return list(dict.fromkeys((*self._holding(report_id), *judged))) or [report_id]

    def _holding(self, report_id: str) -> dict[str, Event]:
        held = self._held.get(report_id, {})
        return {record: event for record, event in held.items() if event.decision != "withdraw"}


class Benches:
    """The adjudicator's tasks of a review, opened when they are first asked for."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._lock = threading.RLock()
        self._benches: dict[str, tuple[object, Bench]] = {}

    def __getitem__(self, stage: str) -> Bench:
        """The task at a stage, anew where the workflow has run meanwhile. Raises NotReady and DataFaults."""
        review = self._review
        with self._lock:
            made_of, bench = self._benches.get(stage, (None, None))
            if bench and made_of is review.report_of and bench.cases.current:
                return bench
            cases = Cases(review.root, stage)
            file = bench.file if bench else self._opened(stage)
            events = file.read() if file else read_only(review.root, stage, "adjudication", AdjudicationFile.table)
            bench = Bench(file, events, review.report_of, cases, stage)
            self._benches[stage] = review.report_of, bench
            return bench

    def _opened(self, stage: str) -> OwnFile | None:
        try:
            return AdjudicationFile(self._review.root, stage, self._review.adjudicator)
        except Busy:
            return None

    def close(self) -> None:
        """Let other processes write the files."""
        with self._lock:
            for _, bench in self._benches.values():
                if bench.file:
                    bench.file.close()
            self._benches.clear()
