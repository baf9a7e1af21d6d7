"""The doubtful pairs side by side, and the rulings on them."""

import threading
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from reviewflow.events import Busy
from reviewflow.faults import DataFaults

from .app import Form, onward, page, plain_page, posted
from .choice import LONGEST_NOTE
from .doubts import PAIRS, Doubt, Doubts
from .review import Review
from .rulings import Refused, Rulings, key

VERDICTS = {"duplicate": "Duplicates", "distinct": "Distinct"}


def links(review: Review, person: str) -> list[tuple[str, str]]:
    """What the navigation shows of this view."""
    waits = (review.root / PAIRS).is_file() and review.roles(person)
    return [("/pairs", "Doubtful pairs")] if waits else []


class Room:
    """The pairs and rulings of a review; the pairs are read anew when the workflow has made them anew."""

    def __init__(self, review: Review) -> None:
        self._root = review.root
        self._lock = threading.Lock()
        self._doubts: Doubts | None = None
        self.rulings = Rulings(review.root)

    @property
    def doubts(self) -> Doubts:
        """The doubtful pairs as they are now."""
        with self._lock:
            if self._doubts is None or not self._doubts.current:
                self._doubts = Doubts(self._root)
            return self._doubts


def room(request: Request) -> Room:
    """The pairs and rulings of the application."""
    state = request.app.state
    if not hasattr(state, "pairs"):
        state.pairs = Room(state.review)
    found: Room = state.pairs
    return found


def show(request: Request) -> Response:
    """One pair: the one that the address names, or the first that waits behind the one to skip."""
    try:
        ruled = room(request).rulings.newest()
    except DataFaults as error:
        return _unreadable(request, error)
    doubts = room(request).doubts
    asked = request.query_params
    if "a" in asked:
        doubt = doubts.by_pair.get(key(asked["a"], asked.get("b", "")))
        if doubt is None:
            text = "This pair is not among those that are in doubt now; results/dedupe/doubtful_pairs.csv lists them."
            return plain_page(request, 404, "No such pair", text)
        return _pair(request, doubt)
    waiting = doubts.waiting(ruled)
    after = int(asked["after"]) if asked.get("after", "").isdecimal() and len(asked["after"]) < 10 else -1
    behind = [doubt for doubt in waiting if doubt.at > after]
    if behind:
        return _pair(request, behind[0])
    if waiting:
        return _pair(request, waiting[0], said="That was the last pair; here is the first of those you skipped.")
    return page(request, "pairs_done.html.j2", view="pairs", n=len(doubts.doubts))


def _unreadable(request: Request, error: DataFaults) -> Response:
    return plain_page(request, 409, "The rulings cannot be read", str(error))


def _pair(
    request: Request, doubt: Doubt, status: int = 200, *, said: str = "", note: str = "", alarm: str = ""
) -> Response:  # fmt: skip
    doubts, ruled = room(request).doubts, room(request).rulings.newest()
    at = doubt.at
    answer = page(
        request,
        "pairs.html.j2",
        status,
        view="pairs",
        doubt=doubt,
        fields=doubt.fields(),
        sides=[(record, doubts.sightings(record)) for record in doubt.pair],
        ruling=ruled.get(key(*doubt.pair)),
        ruled=ruled,
        key=key,
        progress=doubts.progress(doubt, ruled),
        left=len(doubts.waiting(ruled)),
        n=len(doubts.doubts),
        back=address(doubts.doubts[at - 1]) if at else "",
        onward=address(doubts.doubts[at + 1]) if at + 1 < len(doubts.doubts) else "",
        address=address,
        verdicts=VERDICTS,
        note=note,
        alarm=alarm,
        said=said,
    )
    if request.headers.get("hx-request") == "true":
        answer.headers["HX-Push-Url"] = address(doubt)
    return answer


def address(doubt: Doubt) -> str:
    """Where a pair is shown."""
    return f"/pairs?{urlencode(dict(zip('ab', doubt.pair, strict=True)))}"


def rule(request: Request, form: Form) -> Response:
    """Write a ruling, then go on to the next pair that waits."""
    doubts, person = room(request).doubts, request.state.person
    doubt = doubts.by_pair.get(key(form.get("a", ""), form.get("b", "")))
    verdict, note = form.get("verdict", ""), " ".join(form.get("note", "").split())
    if doubt is None or verdict not in VERDICTS:
        return plain_page(request, 400, "Not understood", "The form names no pair in doubt, or no verdict.")
    if len(note) > LONGEST_NOTE:
        return _pair(request, doubt, 422, note=note, alarm=f"A note has {LONGEST_NOTE} characters at most.")
    try:
        room(request).rulings.rule(doubt.pair, verdict, person, note, over=form.get("over", ""))
    except DataFaults as error:
        return _unreadable(request, error)
    except (Refused, Busy) as error:
        return _pair(request, doubt, 409, note=note, alarm=str(error))
    left = len(doubts.waiting(room(request).rulings.newest()))
    return onward(request, f"/pairs?after={doubt.at}", f"{VERDICTS[verdict]}. {left} left.")


def undo(request: Request, _form: Form) -> Response:
    """Take the person's last ruling back, and show its pair."""
    try:
        pair = room(request).rulings.take_back(request.state.person)
    except (Refused, Busy, DataFaults) as error:
        return onward(request, "/pairs", str(error))
    doubt = room(request).doubts.by_pair.get(pair)
    return onward(request, address(doubt) if doubt else "/pairs", "The ruling was taken back.")


routes: list[BaseRoute] = [
    Route("/pairs", show, methods=["GET"]),
    Route("/pairs", posted(rule), methods=["POST"]),
    Route("/pairs/undo", posted(undo), methods=["POST"]),
]
