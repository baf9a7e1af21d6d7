"""All reports that concern a person at a stage, with filters: a plain form, so that it works without a script."""

import threading
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .adjudicate import bench_of
from .app import page, plain_page, stage_of
from .catalogue import Catalogue, Standings
from .query import DECISIONS, SIZES, SORTS, STATES, Query
from .reports import Reports
from .review import Review
from .task import Task


def links(review: Review, person: str) -> list[tuple[str, str]]:
    """What the navigation shows of this view."""
    return [("/list/title_abstract", "List")] if review.roles(person) else []


class Lists:
    """The lists of a review: the catalogue of its reports, and how these stand with each person."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._catalogue: tuple[Reports, Catalogue] | None = None
        self._standings: dict[tuple[str, str], tuple[object, int, Standings]] = {}

    def standings(self, review: Review, stage: str, person: str, task: Task) -> Standings:
        """How reports stand with a person; made anew where the person has decided something since."""
        with self._lock:
            catalogue = self._of(review.reports)
            made_of, version, found = self._standings.get((stage, person), (None, -1, None))
            if found is None or made_of is not task or version != task.version:
                version = task.version
                skipped = review.settings(person).skipped.get(stage, ())
                found = catalogue.standings(task.waiting(), task.own(), skipped)
                self._standings[stage, person] = task, version, found
            return found

    def _of(self, reports: Reports) -> Catalogue:
        if self._catalogue is None or self._catalogue[0] is not reports:
            self._catalogue = reports, Catalogue(reports.columns)
            self._standings.clear()
            # Most who open the list look for a word sooner or later, and the text takes a moment to make ready.
            threading.Thread(target=self._catalogue[1].warm, daemon=True).start()
        return self._catalogue[1]


def show(request: Request) -> Response:
    """The list, as the form asks for it."""
    stage = stage_of(request)
    review: Review = request.app.state.review
    person = request.state.person
    adjudicates = person == review.adjudicator
    if not review.roles(person):
        return plain_page(request, 403, "Not for you", "The protocol names you neither a reviewer nor the adjudicator.")
    task = bench_of(request, stage) if adjudicates else review.task(stage, person)
    query = Query.of(request.query_params)
    answer = _lists(request).standings(review, stage, person, task).answer(query)
    return page(
        request,
        "list.html.j2",
        view="list",
        stage=stage,
        query=query,
        answer=answer,
        choices=_choices(review, answer.counts, adjudicates=adjudicates),
        sorts=SORTS,
        sizes=SIZES,
        states=_states(adjudicates=adjudicates),
        reasons=review.reasons,
        opens=f"/adjudicate/{stage}" if adjudicates else f"/screen/{stage}",
        adjudicates=adjudicates,
    )


def _states(*, adjudicates: bool) -> dict[str, str]:
    if adjudicates:
        return {"waiting": "in conflict", "decided": "settled by me"}
    return STATES


def _choices(review: Review, counts: dict[str, dict[str, int]], *, adjudicates: bool) -> list[dict[str, Any]]:
    """The filters that are chosen from a list: name, label, and each value with its words and its count."""
    words: dict[str, dict[str, str]] = {
        "state": _states(adjudicates=adjudicates),
        "decision": {name: name for name in DECISIONS if not (adjudicates and name == "unsure")},
        "reason": dict(review.reasons),
        "source": {source: source for source in counts["source"]},
        "note": {"yes": "with a note"},
    }
    labels = {"state": "State", "decision": "Decision", "reason": "Reason", "source": "Source", "note": "Notes"}
    return [
        {"name": name, "label": labels[name], "values": [(v, w, counts[name].get(v, 0)) for v, w in named.items()]}
        for name, named in words.items()
    ]


def _lists(request: Request) -> Lists:
    state = request.app.state
    if not hasattr(state, "lists"):
        state.lists = Lists()
    found: Lists = state.lists
    return found


routes: list[BaseRoute] = [Route("/list/{stage}", show, methods=["GET"])]
