"""The application: its routes behind the door, its pages, and what every page shows."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from reviewflow.events import Busy
from reviewflow.faults import DataFaults
from reviewflow.formulas import plain
from reviewflow.page.render import escaping

from .markup import LONGEST_SHOWN, language, visible
from .review import STAGES, Review
from .sources import NotReady

if TYPE_CHECKING:
    from .relevance import Orders

TEMPLATES = Path(__file__).parents[3] / "templates" / "desk"
STAGE_NAMES = {"title_abstract": "Title and abstract", "full_text": "Full text"}
_PLAIN = {
    400: ("Not understood", "The address or the form is not as the page makes it."),
    403: ("Not for you", "This belongs to another person or role."),
    404: ("Not here", "There is nothing at this address."),
    405: ("Not in this way", "This address takes forms of the page alone."),
    413: ("Too much", "The form is larger than any that the page sends."),
}
Form = Mapping[str, str]


class Doorway(Protocol):
    """What lets people in: it puts `person` and `csrf` into the state of each request that it lets through."""

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application behind it."""


class _Guard:
    """The door as a middleware of Starlette."""

    def __init__(self, app: ASGIApp, door: Doorway) -> None:
        self._app = door.around(app)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)


def application(review: Review, door: Doorway, start: str = "") -> Starlette:
    """The page of one review. `start`: the stage that people come to first, instead of all that waits for them."""
    routes: list[BaseRoute] = [route for view in _views() for route in view.routes]
    routes.append(Mount("/static", StaticFiles(directory=TEMPLATES / "static"), name="static"))
    handlers: dict[Any, Any] = {HTTPException: _refused}
    handlers |= dict.fromkeys((DataFaults, NotReady, Busy, OSError), _stopped)
    app = Starlette(routes=routes, middleware=[Middleware(_Guard, door=door)], exception_handlers=handlers)
    app.state.review = review
    app.state.orders = _orders(review)
    app.state.start = start
    app.state.said = {}
    return app


def finish(app: Starlette) -> None:
    """End what runs beside the page, and let other processes write the decision files."""
    for held in (app.state.orders, getattr(app.state, "benches", None), app.state.review):
        if held is not None:
            held.close()


def _orders(review: Review) -> "Orders | None":
    """The orders of relevance, where the protocol asks for them; else nothing of what they need is loaded."""
    if review.screening["order"] != "relevance":
        return None
    from .relevance import Orders

    return Orders(review)


@cache
def _views() -> tuple[Any, ...]:
    """The modules of the views: each has `routes`, and `links(review, person)` where the navigation leads to it."""
    from . import adjudicate, enough, files, listing, pairs, preferences, screen

    return (screen, enough, adjudicate, listing, pairs, files, preferences)


def page(request: Request, name: str, status: int = 200, /, **context: Any) -> Response:
    """A page by its template, with what every page shows; only its main part where the page itself asks."""
    review: Review = request.app.state.review
    person = getattr(request.state, "person", "")
    partly = request.headers.get("hx-request") == "true"
    text = (
        _environment()
        .get_template(name)
        .render(
            layout="part.html.j2" if partly else "base.html.j2",
            request=request,
            person=person,
            csrf=getattr(request.state, "csrf", ""),
            title=review.config["review"]["title"],
            roles=review.roles(person),
            stages=STAGE_NAMES,
            links=[link for view in _views() if hasattr(view, "links") for link in view.links(review, person)],
            settings=review.settings(person),
            said=context.pop("said", "") or request.app.state.said.pop(person, ""),
            **context,
        )
    )
    # One address gives a page or its main part.
    return HTMLResponse(text, status, {"Vary": "HX-Request"})


def onward(request: Request, address: str, said: str = "") -> Response:
    """Lead to another page of the same application, which says `said` first."""
    if said:
        request.app.state.said[request.state.person] = said
    return RedirectResponse(address, 303)


def posted(handler: Callable[[Request, Form], Response]) -> Callable[[Request], Any]:
    """An endpoint for a form: `handler` gets its fields, and runs beside other requests."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=100) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
        return await run_in_threadpool(handler, request, fields)

    endpoint.__name__ = handler.__name__
    return endpoint


def stage_of(request: Request) -> str:
    """The stage that the address names; 404 for any other."""
    stage = str(request.path_params.get("stage", ""))
    if stage not in STAGES:
        raise HTTPException(404)
    return stage


def plain_page(request: Request, status: int, heading: str, text: str) -> Response:
    """A page with one message."""
    return page(request, "message.html.j2", status, heading=heading, text=text)


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    heading, text = _PLAIN.get(status, _PLAIN[400])
    return plain_page(request, status, heading, text)


def _stopped(request: Request, error: Exception) -> Response:
    """What a person can mend, in words: in a team nobody but its host sees the terminal."""
    said = error.strerror or "a file cannot be read or written" if isinstance(error, OSError) else str(error)
    logging.getLogger("uvicorn.error").error("%s %s: %s", request.method, request.url.path, said)
    text = f"{said}. Nothing was written after the last confirmed decision. When this is mended, load the page again."
    return plain_page(request, 409, "Not possible now", text)


@cache
def _environment() -> Environment:
    environment = escaping(TEMPLATES)
    environment.filters |= {"visible": visible, "plain": plain}
    environment.filters["moment"] = lambda time: f"{datetime.fromisoformat(time):%Y-%m-%d %H:%M} UTC"
    environment.filters["language_of"] = lambda text, stated: language(stated, text)
    environment.globals["most_shown"] = LONGEST_SHOWN
    return environment
