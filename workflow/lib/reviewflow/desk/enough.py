"""What the page says of an order of relevance: of which training it is, and the test of whether enough was screened."""

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .app import page, plain_page, stage_of
from .review import Review

if TYPE_CHECKING:
    from reviewflow.order import State

    from .relevance import Orders

# At full text the reports were chosen already, so that recall is no question.
_STAGE = "title_abstract"
_NONE = (
    "The test is there at title and abstract, for reviewers, where config/config.yaml says order: relevance under "
    "screening."
)


def learned(request: Request, stage: str) -> "State | None":
    """Of which training the order is that this person is shown; None where it is not one of relevance."""
    orders: Orders | None = request.app.state.orders
    return orders.follow(stage, request.state.person) if orders else None


def tested(request: Request, seconds: float | None) -> dict[str, Any] | None:
    """The stopping test of this person for a template: `found` is None where it takes longer than that. None where
    there is no test."""
    orders: Orders | None = request.app.state.orders
    if orders is None:
        return None
    from reviewflow.order import ASSUMPTIONS

    from .curve import curve

    found = orders.test(_STAGE, request.state.person, seconds)
    return {"found": found, "curve": curve(found) if found else None, "assumptions": ASSUMPTIONS}


def show(request: Request) -> Response:
    """The stopping test on a page of its own."""
    review: Review = request.app.state.review
    stage = stage_of(request)
    if stage != _STAGE or request.app.state.orders is None or "reviewer" not in review.roles(request.state.person):
        return plain_page(request, 404, "No stopping test here", _NONE)
    review.refresh()
    review.task(stage, request.state.person).follow()
    return page(request, "stopping.html.j2", stage=stage, tested=tested(request, None))


routes: list[BaseRoute] = [Route("/stopping/{stage}", show, methods=["GET"])]
