"""A page of two routes behind a door, and browsers in front of it."""

import re
from typing import TYPE_CHECKING

from reviewflow.desk.address import Address, address
from reviewflow.desk.door import Door
from reviewflow.desk.tokens import Admission, digest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.testclient import TestClient

PLACE = address("127.0.0.1", 4711, "", tls=False)


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class TwoPeople:
    """A gate with a token for each of two people."""

    advice = "Ask for a link."

    def __init__(self) -> None:
        self.tokens = {digest("token-1"): "reviewer_1", digest("token-2"): "reviewer_2"}

    def admit(self, token: str, *, spend: bool) -> Admission | None:
        person = self.tokens.get(digest(token))
        return Admission(person, f"of {person}") if person else None

    def holds(self, admission: Admission) -> bool:
        return admission.person in self.tokens.values()


def who(request: Request) -> Response:
    return PlainTextResponse(f"{request.state.person} {request.state.csrf}")


async def decide(request: Request) -> Response:
    form = await request.form()
    return PlainTextResponse(f"{request.state.person} said {form.get('decision')} for {form.get('person')}")


def broken(request: Request) -> Response:
    raise RuntimeError("a fault of the page")


def behind(door: Door) -> Starlette:
    routes = [
        Route("/", who),
        Route("/decide", decide, methods=["POST"]),
        Route("/undo", decide, methods=["DELETE", "PUT", "PATCH"]),
        Route("/broken", broken),
        Route("/static/desk.css", lambda request: PlainTextResponse("css")),
        Route("/pdf", lambda request: Response(b"%PDF-", media_type="application/pdf")),
    ]
    return Starlette(routes=routes, middleware=[Middleware(door.around)])


def browser(app: Starlette, place: Address = PLACE, client: str = "127.0.0.1") -> "TestClient":
    from starlette.testclient import TestClient

    return TestClient(
        app, base_url=place.url, follow_redirects=False, client=(client, 50000), raise_server_exceptions=False
    )


def enter(page: "TestClient", token: str, shows: str = "/") -> str:
    """Come in; the CSRF token of the session, which the page at `shows` has."""
    answer = page.post("/enter", data={"token": token}, headers={"Origin": str(page.base_url).rstrip("/")})
    assert answer.status_code == 303, answer.text
    found = re.search(r"\b[0-9a-f]{64}\b", page.get(shows).text)
    assert found
    return found[0]
