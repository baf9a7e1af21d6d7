"""Learning beside the page: a thread for one person's order, which asks the process that trains."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from .ranking import Seed, chance, shuffled
from .trainer import noted
from .workshop import Workshop


class Basis(NamedTuple):
    """Up to where the labels of a training go: the person's newest event (or a time, where that has no id), and the
    newest time of a decision among those that results/ knew (`settled_until`). Only noted, so that the training can be
    repeated from the events."""

    event_id: str = ""
    settled_until: str = ""


@dataclass(frozen=True)
class State:
    """What can be said of the order that is shown.

    `trained_at` is blank while the order is random; `n_labels` and `n_included` are those that it was learned from;
    `order` is its digest; `busy` while features are made or a training runs; `failed` says in words why nothing more
    is learned, blank while all is well.
    """

    trained_at: str = ""
    n_labels: int = 0
    n_included: int = 0
    order: str = ""
    busy: bool = False
    failed: str = ""


class Learner:
    """The order of relevance of one person at one stage, kept up to date while the person screens.

    `learn` and `order` return at once: features are made and trainings run in another process, at low priority, and a
    new order takes the place of the old one in one step. Until there is one, and while there is no inclusion or no
    exclusion among the labels, the order is random by seed. A training starts when `every` labels have come, changed or
    gone since the last one, and the first one as soon as it can. `note` is given each training as a mapping, and
    `changed` is called, on another thread, when another order has taken the place of the one before. Instead of texts
    it takes a Workshop that several learners share; whoever made that ends it.
    """

    def __init__(
        self,
        texts: Mapping[str, str] | Workshop,
        seed: Seed,
        every: int = 10,
        note: Callable[[Mapping[str, Any]], None] | None = None,
        changed: Callable[[], None] | None = None,
    ) -> None:
        self._shared = isinstance(texts, Workshop)
        self.workshop = texts if isinstance(texts, Workshop) else Workshop(texts)
        self._seed, self._every, self._note, self._changed = seed, every, note, changed
        self._ids, self._row = self.workshop.ids, self.workshop.row
        self._random = _random_places(self._ids, seed)
        self._places = self._random
        self._sequence: tuple[Any, list[str]] = (None, [])
        self._show(self._random)
        self._state = State(busy=True)
        self._change = threading.Condition()
        self._wanted: tuple[dict[str, bool], Basis] | None = None
        self._learned: dict[str, bool] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """What can be said of the order now."""
        return self._state

    def learn(self, labels: Mapping[str, bool], basis: Basis = Basis()) -> None:  # noqa: B008 it cannot be changed
        """Take the labels as they are now, all of them; trains if enough is new, and returns at once."""
        with self._change:
            self._wanted = (dict(labels), basis)
            self._change.notify_all()

    def order(self, candidates: Iterable[str]) -> list[str]:
        """The candidates, the most relevant first: all of them, each once, and nothing else. Those that came after the
        texts were given stand last."""
        places = self._places
        known: list[str] = []
        later: list[str] = []
        for report in candidates:
            (known if report in self._row else later).append(report)
        best = places[[self._row[report] for report in known]].argsort(kind="stable").tolist() if known else []
        return [*(known[i] for i in best), *shuffled(later, self._seed)]

    def first(self, waiting: Collection[str], n: int = 1) -> list[str]:
        """The first n of `order(waiting)`, without ordering the others: quick where `waiting` is a set of many."""
        places, sequence = self._sequence
        if places is not self._places:
            places = self._places
            sequence = [self._ids[row] for row in places.argsort().tolist()]
            self._sequence = places, sequence
        found = list(islice((report for report in sequence if report in waiting), n))
        return found if len(found) == min(n, len(waiting)) else self.order(waiting)[:n]

    def wait(self, seconds: float) -> bool:
        """Wait until there is nothing to do, at most so long; whether it came to that."""
        with self._change:
            return self._change.wait_for(lambda: not self._state.busy and not self._due(), seconds)

    def close(self) -> None:
        """Learn nothing more, and end the process unless it is shared. The order stays as it is."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        if not self._shared:
            self.workshop.close()
            self._thread.join()

    def _due(self) -> bool:
        """Whether there are labels to train on, or none any more."""
        if self._wanted is None or self._state.failed:
            return False
        labels = self._wanted[0]
        if not self._state.trained_at or not _learnable(labels):
            return _learnable(labels) or bool(self._state.trained_at)
        new = sum(self._learned.get(report) != label for report, label in labels.items())
        return new + len(self._learned.keys() - labels) >= self._every

    def _keep(self) -> None:
        try:
            self.workshop.feed()
            while True:
                with self._change:
                    self._set(busy=False)
                    self._change.wait_for(lambda: self._closed or self._due())
                    if self._closed or not self._wanted:
                        return
                    labels, basis = self._wanted
                    self._set(busy=True)
                self._train(labels, basis)
                if self._changed and not self._closed:
                    self._changed()
        except (EOFError, ConnectionError):
            self._fail("its process has ended")
        except OSError as error:
            self._fail(str(error))

    def _fail(self, why: str) -> None:
        if not self._closed:
            self._set(busy=False, failed=f"nothing more is learned: {why}")

    def _train(self, labels: dict[str, bool], basis: Basis) -> None:
        if not _learnable(labels):
            self._show(self._random)
            self._learned = {}
            self._set(trained_at="", n_labels=0, n_included=0, order="")
            return
        trained = self.workshop.train(labels, self._seed)
        if self._closed:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._note:
            self._note(noted(now, labels, basis._asdict(), self._seed, self.workshop.feed(), trained))
        with self._change:
            self._show(trained.places)
            self._learned = labels
            self._set(trained_at=now, n_labels=len(labels), n_included=sum(labels.values()), order=trained.order)

    def _show(self, places: Any) -> None:
        """Put another order in the place of the one before."""
        self._places = places

    def _set(self, **changes: Any) -> None:
        with self._change:
            self._state = replace(self._state, **changes)
            self._change.notify_all()


def _learnable(labels: Mapping[str, bool]) -> bool:
    return len(set(labels.values())) == 2


def _random_places(ids: list[str], seed: Seed) -> Any:
    """The place of each report in the random order."""
    import numpy as np

    keys = [chance(report, seed) for report in ids]
    places = np.empty(len(ids), dtype=np.int32)
    places[sorted(range(len(ids)), key=keys.__getitem__)] = np.arange(len(ids), dtype=np.int32)
    return places
