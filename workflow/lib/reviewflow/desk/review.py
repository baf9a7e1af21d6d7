"""The review as the page knows it: the tables of results/ that it may read, and each person's own decisions."""

import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewflow.config import CONFIG, read_config
from reviewflow.events import Busy
from reviewflow.faults import DataFaults, Fault

from .choice import DECISIONS, LONGEST_NOTE, Changed, Choice, Refused
from .order import arranged
from .own import Event, OwnFile, read_only
from .settings import Settings, read_settings, write_settings
from .sources import Sources, load, newer_than_results
from .task import Task

STAGES = ("title_abstract", "full_text")
Rank = Callable[[str, str], Sequence[str] | None]


class Review:
    """One review on this computer.

    `rank(stage, person)` gives reports from the most relevant, or None where there is no ranking yet. Raises
    NotReady where results/ has not what the page needs, and DataFaults for what people wrote.
    """

    def __init__(self, root: Path, config: Mapping[str, Any] | None = None, rank: Rank | None = None) -> None:
        self.root = root
        self.config: Mapping[str, Any] = config if config is not None else read_config(root / CONFIG)
        self.rank: Rank = rank or (lambda _stage, _person: None)
        self._lock = threading.RLock()
        self._tasks: dict[tuple[str, str], Task] = {}
        self._settings: dict[str, Settings] = {}
        self._take(load(root))

    def _take(self, sources: Sources) -> None:
        self._sources = sources
        self.reports = sources.reports
        self.report_of = sources.report_of
        self.reasons = sources.reasons
        self.retrieval = sources.retrieval
        self.awaiting_retrieval = sources.awaiting_retrieval

    @property
    def screening(self) -> Mapping[str, Any]:
        """The part of the protocol on screening."""
        part: Mapping[str, Any] = self.config["screening"]
        return part

    @property
    def adjudicator(self) -> str:
        """Who resolves conflicts; blank where nobody is named."""
        return str(self.screening.get("adjudicator", ""))

    def roles(self, person: str) -> tuple[str, ...]:
        """What a person is in this review: reviewer, adjudicator, or neither."""
        reviewer = person in self.screening["reviewers"]
        return (("reviewer",) if reviewer else ()) + (("adjudicator",) if person and person == self.adjudicator else ())

    def require(self, person: str) -> None:
        """Raise DataFaults where the protocol does not name this person."""
        if self.roles(person):
            return
        named = [*self.screening["reviewers"], *([self.adjudicator] if self.adjudicator else [])]
        if person in self.screening["former_reviewers"]:
            problem, mend = f'"{person}" is a former reviewer', "what was decided counts; nothing new is asked"
        else:
            problem = f'"{person}" is neither a reviewer nor the adjudicator'
            mend = f"say --as {' or '.join(named)}" if named else "name reviewers under screening: reviewers:"
        raise DataFaults([Fault(CONFIG, 0, "screening", problem, mend)])

    @property
    def stale(self) -> str:
        """A file of config/ or records/ that is newer than results/, whose change the page does not know; blank
        where there is none. Decisions do not count: the page adds them itself."""
        return newer_than_results(self.root)

    def refresh(self) -> None:
        """Take results/ as they are now, where the workflow has made them anew; the journals stay open."""
        with self._lock:
            sources = self._sources.renewed()
            if sources is None:
                return
            self._take(sources)
            for (stage, person), task in self._tasks.items():
                with task.lock:
                    task.renew(*self._asked(stage, person, task.file))

    def task(self, stage: str, person: str) -> Task:
        """What a person has to do at a stage. Where another process has the file open, it is read only."""
        with self._lock:
            if (stage, person) not in self._tasks:
                if person not in self.screening["reviewers"]:
                    raise Refused("Only reviewers decide here.")
                try:
                    file = OwnFile(self.root, stage, person)
                except Busy:
                    file = None
                self._tasks[stage, person] = Task(file, *self._asked(stage, person, file))
                # What stays for good need not be searched for garbage, which takes 0.2 s with 200,000 reports.
                gc.freeze()
            return self._tasks[stage, person]

    def _asked(
        self, stage: str, person: str, file: OwnFile | None
    ) -> tuple[list[Event], Mapping[str, str], list[str], Sequence[str]]:
        """A person's events, the report of each record, what is asked for in order, and what was put off."""
        assigned = self._sources.assigned(stage, person)
        order, seed = self.screening["order"], self.screening["seed"]
        ranking = self.rank(stage, person) if order == "relevance" else None
        years = self.reports.years() if order == "year" else {}
        events = file.read() if file else read_only(self.root, stage, person)
        listed = arranged(assigned, order, seed, person, years, ranking)
        return events, self.report_of, listed, self.settings(person).skipped.get(stage, ())

    def waiting(self, stage: str, person: str) -> list[str]:
        """Reports that wait for this person's decision, in the order in which they are shown."""
        return self.task(stage, person).waiting()

    def own(self, stage: str, person: str) -> dict[str, Event]:
        """The person's decisions by report, the newest of each."""
        return self.task(stage, person).own()

    def decide(
        self, stage: str, person: str, report_id: str, choice: Choice, expected: str, seen: str
    ) -> Event:  # fmt: skip
        """Write a decision, which is on disk when this returns.

        Raises Refused where it cannot be taken, Changed where the text is not the one that was shown, and Stands where
        the person has decided on the report elsewhere meanwhile; then nothing is written.
        """
        task = self.task(stage, person)
        if report_id not in self.reports or not task.mine(report_id):
            raise Refused("This report is not among those that you are asked to decide on.")
        self.check(stage, report_id, choice)
        if seen != self.reports.seen(report_id):
            raise Changed(report_id)
        return task.decide(report_id, choice, expected, seen)

    def check(self, stage: str, report_id: str, choice: Choice) -> None:
        """Raise Refused where a decision cannot be taken as it is."""
        if choice.decision not in DECISIONS:
            raise Refused(f"A decision is {', '.join(DECISIONS)}.")
        if choice.reason and choice.reason not in self.reasons:
            raise Refused("This reason is not in config/exclusion_reasons.csv.")
        if choice.reason and choice.decision != "exclude":
            raise Refused("A reason goes with exclude alone.")
        if stage == "full_text" and choice.decision == "exclude" and not choice.reason:
            raise Refused("At full text an exclusion needs its one primary reason: choose it, or press its number.")
        if len(choice.note) > LONGEST_NOTE:
            raise Refused(f"The note has {len(choice.note)} characters; {LONGEST_NOTE} is the most.")
        if self.sought(stage, report_id):
            raise Refused("The full text is still being sought; records/screening/retrieval.csv says so.")

    def sought(self, stage: str, report_id: str) -> bool:
        """Whether the full text is still being sought, so that nothing can be decided on it."""
        return stage == "full_text" and report_id in self.awaiting_retrieval

    def skip(self, stage: str, person: str, report_id: str) -> None:
        """Show a report after all others, also after the next start."""
        task = self.task(stage, person)
        task.skip(report_id)
        kept = self.settings(person)
        mine = (*(r for r in kept.skipped.get(stage, ()) if r != report_id and not task.decided(r)), report_id)
        self.keep(person, Settings(kept.shortcuts, kept.include, kept.exclude, {**kept.skipped, stage: mine}))

    def settings(self, person: str) -> Settings:
        """What the person set for the page."""
        if person not in self._settings:
            self._settings[person] = read_settings(self.root, person)
        return self._settings[person]

    def keep(self, person: str, settings: Settings) -> None:
        """Keep what the person set for the page."""
        write_settings(self.root, person, settings)
        self._settings[person] = settings

    def close(self) -> None:
        """Let other processes write the decision files."""
        for task in self._tasks.values():
            if task.file:
                task.file.close()
        self._tasks.clear()
