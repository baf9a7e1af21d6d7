"""The views of one reviewer's decisions: what waits, one report at a time, deciding, undoing, putting off."""

import time
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .app import STAGE_NAMES, Form, onward, page, plain_page, posted, stage_of
from .choice import Changed, Choice, Refused, Stands
from .cleaning import note_of
from .enough import learned, tested
from .markup import LONGEST_SHOWN, Highlighter
from .review import STAGES, Review
from .task import Task

_WEEK = 7 * 24 * 3600
# The test is done at once except with many thousand decisions; what waits is shown without it then.
_MOMENT = 0.2
_DONE = {
    "include": "Included.",
    "exclude": "Excluded.",
    "unsure": "Marked as unsure.",
    "": "Taken back: it waits again.",
}
_ELSEWHERE = (
    "Nothing was written: you have decided on this report in another tab meanwhile, or sent the form twice. "
    "What stands is shown below; you may decide again."
)
TEXT_CHANGED = (
    "Nothing was written: the title or abstract of this report has changed since the page showed it to you. "
    "This is the text as it is now; please decide again."
)
_JOINED = (
    "Nothing was written: the record that the page showed to you belongs to another report since. "
    "This is that report; please decide again."
)


def links(review: Review, person: str) -> list[tuple[str, str]]:
    """What the navigation shows of these views."""
    if "reviewer" not in review.roles(person):
        return []
    return [(f"/screen/{stage}", STAGE_NAMES[stage]) for stage in STAGES]


def home(request: Request) -> Response:
    """What waits for this person."""
    review: Review = request.app.state.review
    person = request.state.person
    if (start := request.app.state.start) and "all" not in request.query_params:
        return onward(request, f"/screen/{start}")
    review.refresh()
    tasks = []
    if "reviewer" in review.roles(person):
        for stage in STAGES:
            task = review.task(stage, person)
            task.follow()
            tasks.append((stage, task, learned(request, stage)))
    return page(
        request,
        "home.html.j2",
        tasks=tasks,
        stale=review.stale,
        review=review,
        tested=tested(request, _MOMENT) if tasks else None,
    )


def screen(request: Request) -> Response:
    """One report: the one that the address names, else the next that waits."""
    review: Review = request.app.state.review
    stage = stage_of(request)
    if "reviewer" not in review.roles(request.state.person):
        return plain_page(request, 403, "Not for you", "Only reviewers of this review decide here.")
    review.refresh()
    task = review.task(stage, request.state.person)
    task.follow()
    report_id = request.query_params.get("report", "") or task.first()
    if not report_id:
        return _finished(request, stage)
    if report_id not in review.reports or not task.mine(report_id):
        return plain_page(request, 404, "Not among yours", "You are not asked to decide on this report.")
    return _show(request, stage, report_id)


def _finished(request: Request, stage: str, said: str = "") -> Response:
    review: Review = request.app.state.review
    task = review.task(stage, request.state.person)
    learned(request, stage)
    context = {"stage": stage, "task": task, "review": review, "stale": review.stale, "said": said}
    return page(request, "finished.html.j2", back=_address(stage, task.before("")), **context)


def _show(
    request: Request, stage: str, report_id: str, said: str = "", problem: str = "", status: int = 200,
    note: str | None = None,
) -> Response:  # fmt: skip
    review: Review = request.app.state.review
    person = request.state.person
    task = review.task(stage, person)
    report, own, mark = review.reports[report_id], task.decided(report_id), highlighter(review, person)
    previous, following = task.before(report_id), task.after(report_id)
    return page(
        request, "screen.html.j2", status, said=said, problem=problem, stage=stage, task=task, report=report, own=own,
        note=note if note is not None else (own.note if own else ""), mark=mark,
        abstract=mark.abstract(report.abstract), cut=len(report.abstract) > LONGEST_SHOWN,
        expected=task.expected(report_id), seen=review.reports.seen(report_id), review=review,
        retrieval=review.retrieval.get(report_id), sought=review.sought(stage, report_id),
        back=_address(stage, previous) if previous else "",
        forward=_address(stage, following) if following and following != report_id else "",
        pace=_pace(task), stale=review.stale, learned=learned(request, stage),
    )  # fmt: skip


def highlighter(review: Review, person: str) -> Highlighter:
    """Marks the words of the team and of the person."""
    team, own = review.screening["highlight"], review.settings(person)
    return Highlighter((*team["include"], *own.include), (*team["exclude"], *own.exclude))


def _address(stage: str, report_id: str) -> str:
    return f"/screen/{stage}" + (f"?{urlencode({'report': report_id})}" if report_id else "")


def _pace(task: Task) -> dict[str, float | None]:
    """Decisions an hour since the page was started and in the last seven days, and hours until nothing is left."""
    session, week = task.pace.per_hour(task.started), task.pace.per_hour(time.time() - _WEEK)
    speed = session or week
    return {"session": session, "week": week, "hours": task.left / speed if speed else None}


def decide(request: Request, form: Form) -> Response:
    """Write the decision that a form brings and show the next report."""
    review: Review = request.app.state.review
    review.refresh()
    stage, report_id = form.get("stage", ""), form.get("report", "")
    joined = review.report_of.get(report_id, report_id)
    if stage in STAGES and joined != report_id and joined in review.reports:
        return _again(request, stage, joined, _JOINED, 409, form.get("note", ""))
    if stage not in STAGES or report_id not in review.reports:
        return plain_page(request, 400, "Not understood", "The form names no report of this review.")
    reason = form.get("reason", "")
    decision = form.get("decision", "") or ("exclude" if reason else "")
    choice = Choice(decision, reason, note_of(form.get("note", "")))
    expected, seen = form.get("expected", ""), form.get("seen", "")
    try:
        review.decide(stage, request.state.person, report_id, choice, expected, seen)
    except Refused as refused:
        return _again(request, stage, report_id, str(refused), 422, form.get("note", ""))
    except Changed:
        return _again(request, stage, report_id, TEXT_CHANGED, 409, form.get("note", ""))
    except Stands:
        return _again(request, stage, report_id, _ELSEWHERE, 409, None)
    task = review.task(stage, request.state.person)
    return _go(request, stage, task.onward(report_id), f"{_DONE[decision]} {task.left} left.")


def _again(request: Request, stage: str, report_id: str, problem: str, status: int, note: str | None) -> Response:
    """The same report with what was wrong, or only that where it is not this person's to see here."""
    review: Review = request.app.state.review
    person = request.state.person
    if "reviewer" not in review.roles(person) or not review.task(stage, person).mine(report_id):
        return plain_page(request, 403, "Nothing was written", problem)
    return _show(request, stage, report_id, problem=problem, status=status, note=note)


def _go(request: Request, stage: str, report_id: str, said: str) -> Response:
    """Show a report at once where the page itself asks, and lead there where a form without script was sent."""
    if request.headers.get("hx-request") != "true":
        return onward(request, _address(stage, report_id), said)
    answer = _show(request, stage, report_id, said) if report_id else _finished(request, stage, said)
    answer.headers["HX-Push-Url"] = _address(stage, report_id)
    return answer


def undo(request: Request, form: Form) -> Response:
    """Take the newest decision back and show its report."""
    review: Review = request.app.state.review
    review.refresh()
    stage, person = form.get("stage", ""), request.state.person
    if stage not in STAGES or "reviewer" not in review.roles(person):
        return plain_page(request, 400, "Not understood", "The form names no stage of yours.")
    try:
        report_id, holds = review.task(stage, person).undo(form.get("expected", ""))
    except Refused as refused:
        return plain_page(request, 422, "Nothing was undone", str(refused))
    except Stands as stands:
        return _again(request, stage, str(stands), _ELSEWHERE, 409, None)
    if holds:
        said = f"Undone: your earlier decision, {holds}, holds again."
    else:
        said = f"Undone: this report waits again. {review.task(stage, person).left} left."
    return _go(request, stage, report_id, said)


def skip(request: Request, form: Form) -> Response:
    """Put a report off until all others are done."""
    review: Review = request.app.state.review
    stage, report_id, person = form.get("stage", ""), form.get("report", ""), request.state.person
    if stage not in STAGES or "reviewer" not in review.roles(person) or not review.task(stage, person).mine(report_id):
        return plain_page(request, 400, "Not understood", "The form names no report that waits for you.")
    task = review.task(stage, person)
    following = task.after(report_id)
    review.skip(stage, person, report_id)
    return _go(request, stage, following, f"Put off; it comes again at the end. {task.left} left.")


def find(request: Request) -> Response:
    """Reports among one's own, waiting and decided, whose titles and authors have the words."""
    review: Review = request.app.state.review
    stage, person = stage_of(request), request.state.person
    if "reviewer" not in review.roles(person):
        return plain_page(request, 403, "Not for you", "Only reviewers of this review decide here.")
    words = request.query_params.get("q", "")[:200].split()
    task = review.task(stage, person)
    found = review.reports.found(words) if words else set()
    mine = [r for r in (*task.waiting(), *task.own()) if r in found]
    rows = [(review.reports[r], task.decided(r), _address(stage, r)) for r in mine[:_MOST_FOUND]]
    context = {"stage": stage, "rows": rows, "n": len(mine), "words": " ".join(words), "most": _MOST_FOUND}
    return page(request, "find.html.j2", task=task, **context)


def sought(request: Request) -> Response:
    """Reports whose full text is still being sought."""
    review: Review = request.app.state.review
    review.refresh()
    found = sorted(r for r in review.awaiting_retrieval if r in review.reports)
    shown = [review.reports[r] for r in found[:_MOST_SOUGHT]]
    return page(request, "sought.html.j2", reports=shown, n=len(found))


_MOST_FOUND, _MOST_SOUGHT = 100, 500

routes: list[BaseRoute] = [
    Route("/", home),
    Route("/screen/{stage}", screen),
    Route("/find/{stage}", find),
    Route("/sought", sought),
    Route("/decide", posted(decide), methods=["POST"]),
    Route("/undo", posted(undo), methods=["POST"]),
    Route("/skip", posted(skip), methods=["POST"]),
]
