"""Orders of relevance beside the page: of each person at each stage, learned in another process, never waited for."""

import gc
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import polars as pl

from reviewflow.order import Basis, Learner, Log, State, Stopping, Workshop, labels, stopping, text_of

from .order import arranged
from .own import Event
from .review import Review
from .settled import Settled
from .task import Task

_TEXT = ("report_id", "title", "translated_title", "abstract")
Key = tuple[str, str]


@dataclass
class _Order:
    """What is kept of the order of one person at one stage."""

    learner: Learner | None = None
    # The order that is shown, also while a learner with other texts has not learned yet.
    ranking: Sequence[str] | None = None
    shown: State = field(default_factory=State)
    asked: bool = False
    # What the learner was told last, so that nothing is told twice.
    told: object = None
    failed: str = ""


class Orders:
    """The orders of a review. The process that trains is started when there is something to learn from, one for
    all people and stages; without it, everybody keeps the order that was there."""

    def __init__(self, review: Review) -> None:
        self._review = review
        review.rank = self.ranking
        self._settled = Settled(review.root)
        self._orders: dict[Key, _Order] = {}
        self._tests: dict[Key, tuple[object, Future[Stopping]]] = {}
        self._workshop: Workshop | None = None
        self._texts: pl.DataFrame | None = None
        self._lock, self._testing = threading.Lock(), threading.Lock()
        self._closed = False
        self._pool = ThreadPoolExecutor(2, "order")

    def ranking(self, stage: str, person: str) -> Sequence[str] | None:
        """The reports that a person is asked for, the most relevant first; None where nothing was learned yet."""
        return self._order((stage, person)).ranking

    def follow(self, stage: str, person: str) -> State:
        """See to it that what was decided is learned from, and say of which training the order is. Returns at once."""
        order = self._order((stage, person))
        task = self._review.task(stage, person)
        if not (order.asked or order.failed or task.busy or self._closed):
            order.asked = True
            self._pool.submit(self._tend, (stage, person))
        return self._said(order)

    def test(self, stage: str, person: str, seconds: float | None = None) -> Stopping | None:
        """The stopping test on what a person has decided so far, or None where it takes longer than that."""
        task, target = self._review.task(stage, person), self._review.screening
        with self._testing:
            made_of, found = self._tests.get((stage, person), (None, None))
            if found is None or made_of != (task, task.version):
                made_of = (task, task.version)
                found = self._pool.submit(_tested, task, target["recall_target"], target["confidence"])
                self._tests[stage, person] = made_of, found
        try:
            return found.result(seconds)
        except TimeoutError:
            return None

    def close(self) -> None:
        """End the process, and learn nothing more."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(cancel_futures=True)
        self._end()

    def _order(self, key: Key) -> _Order:
        # In one step and without the lock: while a process is started, nobody who decides is to wait for it.
        return self._orders.setdefault(key, _Order())

    def _said(self, order: _Order) -> State:
        learner = order.learner
        if learner is None:
            return State(failed=order.failed)
        now = learner.state
        return State(
            order.shown.trained_at, order.shown.n_labels, order.shown.n_included, order.shown.order, now.busy,
            order.failed or now.failed,
        )  # fmt: skip

    def _tend(self, key: Key) -> None:
        """Give a person's learner what there is to learn from."""
        order = self._order(key)
        # What is decided from here on is told next time.
        order.asked = False
        try:
            task, (settled, until) = self._review.task(*key), self._settled.of(key[0])
            version, (votes, last) = task.version, task.votes()
            if order.told == (told := (task, version, until, id(settled))) and order.learner:
                return
            given, basis = labels([], votes) | settled, Basis(_up_to(last), until)
            if order.learner or len(set(given.values())) == 2:
                self._learner(key).learn(given, basis)
                order.told = told
        except Exception as error:  # the page goes on without, and says so
            logging.getLogger("uvicorn.error").exception("the order of relevance")
            order.failed = f"nothing more is learned: {type(error).__name__}: {error}"

    def _learner(self, key: Key) -> Learner:
        """The learner of a person at a stage, with the texts as they are now."""
        with self._lock:
            order, reports = self._orders[key], self._review.reports.columns
            if self._texts is not reports and (self._texts is None or not _same(self._texts, reports)):
                self._end()
                rows = reports.select(_TEXT).iter_rows()
                self._workshop = Workshop({report: text_of(*parts) for report, *parts in rows})
            self._texts = reports
            if order.learner is None and self._workshop is not None:
                note, changed = Log(self._review.root, *key).append, partial(self._show, key, self._workshop)
                seed = self._review.screening["seed"]
                order.learner = Learner(self._workshop, seed, note=note, changed=changed)
                # As in Review.task: what stays need not be searched for garbage while somebody decides.
                gc.freeze()
            assert order.learner is not None
            return order.learner

    def _show(self, key: Key, made_by: Workshop) -> None:
        """Let what waits stand in the order that was learned, or in the random one where nothing is learned any
        more."""
        order = self._order(key)
        learner, task = order.learner, self._review.task(*key)
        if learner is None or self._workshop is not made_by:
            return
        state, assigned = learner.state, task.assigned
        order.ranking = learner.order(assigned) if state.trained_at else None
        if order.ranking is None:
            task.reorder(arranged(assigned, "random", self._review.screening["seed"], key[1], {}))
        else:
            task.reorder(order.ranking)
        order.shown = state

    def _end(self) -> None:
        if self._workshop:
            self._workshop.close()
            self._workshop = None
        for order in list(self._orders.values()):
            if order.learner:
                order.learner.close()
                order.learner = None


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.select(_TEXT).equals(other.select(_TEXT))


def _up_to(last: Event | None) -> str:
    """The event up to which a person's decisions go; where it has no id or no time, a time."""
    if last and last.event_id and last.decided_at:
        return last.event_id
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return last.decided_at if last and last.decided_at else now


def _tested(task: Task, recall_target: float, confidence: float) -> Stopping:
    with task.lock:
        votes, n = task.votes()[0], task.left + task.done
    return stopping(votes.values(), n, recall_target, confidence)
