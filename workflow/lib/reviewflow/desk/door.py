"""The door of the screening page: nothing reaches the page but requests of a known person from the page itself.

What is checked, in this order: the Host header (another name that leads here by DNS is refused), where the request
comes from, its size, the session, and on what changes anything the session's CSRF token. The person is that of the
session and never one that an address or a form names.
"""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .address import Address
from .headers import secured
from .notices import Refused, notice
from .sessions import Attempts, Session, Sessions
from .tokens import Admission, Gate, same

# A note of a decision has a few thousand characters; nothing that the page sends is larger.
BODY_LIMIT = 1_000_000
# Browsers send some hundred bytes, and cookies of other programs of this computer.
HEADER_LIMIT = 16_384
BODY_SECONDS = 30.0
_SAFE = ("GET", "HEAD")
_FORM = "application/x-www-form-urlencoded"
# Script and style of the page, the same for everybody.
_PUBLIC = "/static/"


class Door:
    """Lets people in and keeps everything else out. `around` is the middleware; the Door knows who is in."""

    def __init__(self, gate: Gate, address: Address, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.sessions = Sessions(gate, clock)
        self._gate, self._attempts = gate, Attempts(clock)

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application behind this door."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await app(scope, receive, send)
            elif scope["type"] == "http":
                await self._http(app, scope, receive, _Sender(secured(send, scope["path"])))
            else:
                await send({"type": f"{scope['type']}.close", "code": 1008})

        return guarded

    async def _http(self, app: ASGIApp, scope: Scope, receive: Receive, send: "_Sender") -> None:
        request = Request(scope, receive)
        try:
            self._check_source(request)
            body = b"" if request.method in _SAFE else await _body(request)
            answer, session = self._own(request, body), self._session(request)
            if answer is None and not _is_public(request):
                answer = self._check_session(request, body, session)
        except Refused as refused:
            answer = refused.page
        if answer is not None:
            await answer(scope, receive, send)
            return
        state = {**scope.get("state", {}), "person": "", "csrf": ""}
        if session:
            state |= {"person": session.admission.person, "csrf": session.csrf}
        try:
            await app({**scope, "state": state}, _replayed(body, receive, request.method), send)
        except Exception:
            if not send.started:
                text = "Go back and look whether this step was saved. The terminal of the server says what happened."
                await notice(500, "Something went wrong", text)(scope, receive, send)
            raise

    def _check_source(self, request: Request) -> None:
        """Refuse what comes by another name, or from another site."""
        if sum(len(name) + len(value) for name, value in request.headers.raw) > HEADER_LIMIT:
            raise Refused(431, "Too large", "The request has too many headers; the cookies of this host may be why.")
        hosts = request.headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self.address.hosts:
            raise Refused(400, "Wrong address", f"This page is at {self.address.url}.")
        site = request.headers.get("sec-fetch-site", "")
        if request.method in _SAFE:
            # Following a link is harmless; pictures, scripts and frames of another site are not.
            if site in ("cross-site", "same-site") and request.headers.get("sec-fetch-mode") != "navigate":
                raise Refused(403, "Refused", "The request came from another site.")
            return
        origins = request.headers.getlist("origin")
        own = [self.address.origin(hosts[0].lower())]
        if origins != own and (origins or site != "same-origin"):
            raise Refused(403, "Refused", "The request came from another site.")

    def _own(self, request: Request, body: bytes) -> Response | None:
        """The pages of the door itself."""
        if request.url.path == "/enter":
            if request.method in _SAFE:
                return self._knock(request)
            if request.method == "POST":
                return self._enter(request, _field(request, body, "token"))
        return None

    def _knock(self, request: Request) -> Response:
        """What a link leads to. The session's cookie is SameSite=Strict, and browsers do not send such a cookie along
        a link of another site, e-mail on the web included, nor along its redirects. There the page has a button, whose
        form is of our own site. An address that was typed or opened by a program goes straight in.
        """
        token = request.query_params.get("token", "")
        if not token:
            raise Refused(403, "Nobody is signed in", f"Come in by your own link. {self._gate.advice}")
        if request.method == "GET" and request.headers.get("sec-fetch-site") == "none":
            return self._enter(request, token)
        self._admit(request, token, spend=False)
        return notice(200, "Screening", "Your link is good.", token)

    def _enter(self, request: Request, token: str) -> Response:
        """Exchange a token for a session, which replaces the browser's earlier one."""
        identifier = self.sessions.start(self._admit(request, token, spend=True))
        self.sessions.end(request.cookies.get(self.address.cookie, ""))
        answer = RedirectResponse("/", 303)
        secure = self.address.secure
        answer.set_cookie(self.address.cookie, identifier, path="/", secure=secure, httponly=True, samesite="strict")
        return answer

    def _admit(self, request: Request, token: str, *, spend: bool) -> Admission:
        address = request.client.host if request.client else ""
        if self._attempts.too_many(address):
            raise Refused(429, "Too many wrong links", "Wait a minute, then try again.")
        admission = self._gate.admit(token, spend=spend)
        if admission is None:
            self._attempts.wrong(address)
            raise Refused(403, "This link is not good", f"It is wrong, has expired or was revoked. {self._gate.advice}")
        return admission

    def _session(self, request: Request) -> Session | None:
        return self.sessions.find(request.cookies.get(self.address.cookie, ""))

    def _check_session(self, request: Request, body: bytes, session: Session | None) -> Response | None:
        """Refuse what has no session, or changes something without its token; the answer to leaving."""
        if session is None:
            raise Refused(403, "Nobody is signed in", f"Come in by your own link. {self._gate.advice}")
        if request.method in _SAFE:
            return None
        given = request.headers.get("x-csrf-token") or _field(request, body, "csrf")
        if not same(given, session.csrf):
            raise Refused(403, "Nothing was saved", "The page is older than your session. Load it again.")
        if request.url.path != "/leave" or request.method != "POST":
            return None
        self.sessions.end(request.cookies[self.address.cookie])
        answer = notice(200, "Signed out", "What you decided is saved. Your link lets you in again.")
        secure = self.address.secure
        answer.delete_cookie(self.address.cookie, path="/", secure=secure, httponly=True, samesite="strict")
        return answer


class _Sender:
    """A send that knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send, self.started = send, False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self._send(message)


def _is_public(request: Request) -> bool:
    return request.method in _SAFE and request.url.path.startswith(_PUBLIC)


async def _body(request: Request) -> bytes:
    """The whole body; more than the limit, or slower than it, is refused."""
    stated = request.headers.get("content-length", "0")
    too_large = Refused(413, "Too large", "Nothing was saved: what was sent is larger than a decision can be.")
    if not stated.isdecimal() or int(stated) > BODY_LIMIT:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise too_large
    except TimeoutError as error:
        raise Refused(408, "Too slow", "Nothing was saved. Try again.") from error
    except ClientDisconnect as error:
        raise Refused(400, "Incomplete", "Nothing was saved: the request broke off.") from error
    return bytes(body)


def _replayed(body: bytes, receive: Receive, method: str) -> Receive:
    """`receive` that gives the body once more."""
    waiting = [] if method in _SAFE else [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _field(request: Request, body: bytes, name: str) -> str:
    """A field of a form; blank where it is none."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        return ""
    try:
        return parse_qs(body.decode("utf-8"), max_num_fields=1000).get(name, [""])[0]
    except ValueError:
        return ""
