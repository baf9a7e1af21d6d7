"""The adjudicator's view: what the reviewers judge differently, side by side, and the decision that holds."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .app import STAGE_NAMES, Form, onward, page, plain_page, posted, stage_of
from .bench import Bench, Benches
from .cases import KINDS
from .choice import Changed, Choice, Refused, Stands
from .cleaning import note_of
from .markup import LONGEST_SHOWN
from .review import STAGES, Review
from .screen import TEXT_CHANGED, highlighter
from .sources import NotReady

DECISIONS = ("include", "exclude")
_ONLY = (
    "Conflicts show what every reviewer decided, so this page is for the adjudicator alone, whom config/config.yaml "
    "names under screening: adjudicator. A reviewer decides without knowing what others decided."
)
_DONE = {"include": "Included.", "exclude": "Excluded."}
_ELSEWHERE = (
    "Nothing was written: you have settled this report in another window meanwhile, or sent the form twice. What "
    "stands is shown below; you may decide again."
)
_VOTES_CHANGED = (
    "Nothing was written: the votes have changed since the page showed them to you. These are the votes as they are "
    "now; please decide again."
)


def links(review: Review, person: str) -> list[tuple[str, str]]:
    """What the navigation shows of this view."""
    if "adjudicator" not in review.roles(person):
        return []
    return [(f"/adjudicate/{stage}", f"Conflicts: {STAGE_NAMES[stage].lower()}") for stage in STAGES]


def bench_of(request: Request, stage: str) -> Bench:
    """The adjudicator's task at a stage. Raises NotReady and DataFaults."""
    state = request.app.state
    if not hasattr(state, "benches"):
        state.benches = Benches(state.review)
    benches: Benches = state.benches
    return benches[stage]


def show(request: Request) -> Response:
    """One conflict: that of the report which the address names, else the first that waits."""
    review: Review = request.app.state.review
    stage = stage_of(request)
    if "adjudicator" not in review.roles(request.state.person):
        return plain_page(request, 403, "Only for the adjudicator", _ONLY)
    review.refresh()
    try:
        bench = bench_of(request, stage)
    except NotReady as error:
        return plain_page(request, 409, "Not made yet", f"{error}.")
    bench.follow()
    report_id = request.query_params.get("report", "") or bench.first()
    if not report_id:
        return _finished(request, stage)
    if report_id not in review.reports or not bench.mine(report_id):
        return plain_page(
            request, 404, "No conflict", "The reviewers of this report do not differ, as far as is known."
        )
    return _show(request, stage, report_id)


def _finished(request: Request, stage: str, said: str = "") -> Response:
    review: Review = request.app.state.review
    bench = bench_of(request, stage)
    last = bench.before("")
    back = address(stage, last) if last else ""
    context = {"stage": stage, "task": bench, "cases": bench.cases, "stale": review.stale, "said": said, "back": back}
    return page(request, "adjudicate_done.html.j2", **context)


def _show(
    request: Request, stage: str, report_id: str, said: str = "", problem: str = "", status: int = 200,
    note: str | None = None,
) -> Response:  # fmt: skip
    review: Review = request.app.state.review
    bench, report = bench_of(request, stage), review.reports[report_id]
    case, own, mark = bench.case(report_id), bench.decided(report_id), highlighter(review, request.state.person)
    previous, following = bench.before(report_id), bench.after(report_id)
    return page(
        request, "adjudicate.html.j2", status, said=said, problem=problem, stage=stage, task=bench, report=report,
        own=own, case=case, kind=KINDS.get(case.kind, case.kind) if case else "", review=review, mark=mark,
        note=note if note is not None else (own.note if own else ""), records=bench.records(report_id),
        abstract=mark.abstract(report.abstract), cut=len(report.abstract) > LONGEST_SHOWN,
        expected=bench.expected(report_id), seen=review.reports.seen(report_id), votes=case.seen if case else "",
        retrieval=review.retrieval.get(report_id), stale=review.stale,
        back=address(stage, previous) if previous else "",
        forward=address(stage, following) if following and following != report_id else "",
    )  # fmt: skip


def address(stage: str, report_id: str) -> str:
    """Where a conflict is shown."""
    return f"/adjudicate/{stage}" + (f"?{urlencode({'report': report_id})}" if report_id else "")


def decide(request: Request, form: Form) -> Response:
    """Write the adjudicator's decision, for every record that it must cover, and show the next conflict."""
    review: Review = request.app.state.review
    stage, report_id = stage_of(request), form.get("report", "")
    if "adjudicator" not in review.roles(request.state.person):
        return plain_page(request, 403, "Only for the adjudicator", _ONLY)
    bench = bench_of(request, stage)
    if report_id not in review.reports or not bench.mine(report_id):
        return plain_page(request, 400, "Not understood", "The form names no report in conflict.")
    reason = form.get("reason", "")
    choice = Choice(form.get("decision", "") or ("exclude" if reason else ""), reason, note_of(form.get("note", "")))
    try:
        _write(review, bench, report_id, choice, form)
    except Refused as refused:
        return _show(request, stage, report_id, problem=str(refused), status=422, note=choice.note)
    except Changed as changed:
        return _show(request, stage, report_id, problem=str(changed), status=409, note=choice.note)
    except Stands:
        return _show(request, stage, report_id, problem=_ELSEWHERE, status=409)
    return _go(request, stage, bench.onward(report_id), f"{_DONE[choice.decision]} {bench.left} left.")


def _write(review: Review, bench: Bench, report_id: str, choice: Choice, form: Form) -> None:
    if choice.decision not in DECISIONS:
        raise Refused("The adjudicator's decision is include or exclude.")
    review.check(bench.stage, report_id, choice)
    case = bench.case(report_id)
    if form.get("votes", "") != (case.seen if case else ""):
        raise Changed(_VOTES_CHANGED)
    seen = form.get("seen", "")
    if seen != review.reports.seen(report_id):
        raise Changed(TEXT_CHANGED)
    bench.decide(report_id, choice, form.get("expected", ""), seen)


def undo(request: Request, form: Form) -> Response:
    """Take the newest decision back by events, on every record that it covered, and show its report."""
    review: Review = request.app.state.review
    stage = stage_of(request)
    if "adjudicator" not in review.roles(request.state.person):
        return plain_page(request, 403, "Only for the adjudicator", _ONLY)
    bench = bench_of(request, stage)
    try:
        report_id, holds = bench.undo(form.get("expected", ""))
    except Refused as refused:
        return plain_page(request, 422, "Nothing was undone", str(refused))
    except Stands as stands:
        return _show(request, stage, str(stands), problem=_ELSEWHERE, status=409)
    again = f"your earlier decision, {holds}, holds again" if holds else f"the conflict waits again. {bench.left} left"
    return _go(request, stage, report_id, f"Undone: {again}.")


def _go(request: Request, stage: str, report_id: str, said: str) -> Response:
    """Show a conflict at once where the page itself asks, and lead there where a form without script was sent."""
    if request.headers.get("hx-request") != "true":
        return onward(request, address(stage, report_id), said)
    answer = _show(request, stage, report_id, said) if report_id else _finished(request, stage, said)
    answer.headers["HX-Push-Url"] = address(stage, report_id)
    return answer


routes: list[BaseRoute] = [
    Route("/adjudicate/{stage}", show, methods=["GET"]),
    Route("/adjudicate/{stage}", posted(decide), methods=["POST"]),
    Route("/adjudicate/{stage}/undo", posted(undo), methods=["POST"]),
]
