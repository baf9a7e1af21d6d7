"""The settings of one person: shortcuts on or off, and words of one's own to highlight."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .app import Form, onward, page, posted
from .review import Review
from .settings import words_of


def links(_review: Review, _person: str) -> list[tuple[str, str]]:
    """What the navigation shows of this view."""
    return [("/settings", "Settings")]


def show(request: Request) -> Response:
    """The form."""
    review: Review = request.app.state.review
    kept = review.settings(request.state.person)
    words = {"include": "\n".join(kept.include), "exclude": "\n".join(kept.exclude)}
    return page(request, "settings.html.j2", words=words, problem="", team=review.screening["highlight"])


def keep(request: Request, form: Form) -> Response:
    """Keep what the form says."""
    review: Review = request.app.state.review
    person = request.state.person
    words = {kind: form.get(kind, "") for kind in ("include", "exclude")}
    try:
        include, exclude = words_of(words["include"]), words_of(words["exclude"])
    except ValueError as wrong:
        problem = f"Nothing was kept: {wrong}."
        return page(request, "settings.html.j2", 422, words=words, problem=problem, team=review.screening["highlight"])
    shortcuts = form.get("shortcuts", "") == "on"
    review.keep(person, replace(review.settings(person), shortcuts=shortcuts, include=include, exclude=exclude))
    return onward(request, "/settings", "Kept.")


routes: list[BaseRoute] = [Route("/settings", show), Route("/settings", posted(keep), methods=["POST"])]
