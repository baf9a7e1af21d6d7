"""Serving the page: the socket, who is let in there, the server and its end."""

import argparse
import asyncio
import errno
import signal
import socket
import ssl
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from reviewflow.faults import DataFaults, Fault, raise_faults

from .address import LOOPBACK, TEAM_PORT, address, faults
from .door import HEADER_LIMIT, Door
from .invites import Invites
from .people import people_of, unknown
from .tls import tls_context
from .tokens import OwnGate

# Headers that come in pieces; the door looks at whole ones. They are sent at once, and should not take long.
_HEADER_BYTES = HEADER_LIMIT
_HEADER_SECONDS = 20.0
# Requests take milliseconds; whoever ends the server is not kept longer than this by one that hangs.
_LAST_SECONDS = 10
# Browsers open six connections each.
_CONNECTIONS = 500
_CLEAR = {
    errno.EADDRINUSE: ("is in use by another program", "end that one, or name another port with --port"),
    errno.EACCES: ("needs more rights than this user has", "name a port above 1023 with --port"),
    errno.EADDRNOTAVAIL: ("is no address of this computer", "name one of its addresses with --host"),
}


@dataclass(frozen=True)
class Stand:
    """A socket that listens, and who is let in there. `opening` is where the browser of this computer goes."""

    listener: socket.socket
    door: Door
    tls: ssl.SSLContext | None
    greeting: Sequence[str]
    opening: str = ""


def stand(chosen: argparse.Namespace, root: Path, config: Mapping[str, Any]) -> Stand:
    """Listen where the options of `reviewflow screen` say. Raises DataFaults where that would not work or be safe."""
    if chosen.port is not None and not 0 <= chosen.port < 65536:
        raise_faults([Fault("--port", 0, "", f"{chosen.port} is no port", "name one from 1024 to 65535")])
    return _team(chosen, root, config) if chosen.team else _single(chosen, config)


def _single(chosen: argparse.Namespace, config: Mapping[str, Any]) -> Stand:
    options = {"--host": chosen.host, "--cert": chosen.cert, "--key": chosen.key, "--url": chosen.url}
    problem, mend = "is for --team; one person is served at this computer only", "leave it out, or give --team"
    refused = [Fault(option, 0, "", problem, mend) for option, given in options.items() if given]
    raise_faults([*unknown(chosen.person, config), *refused])
    listener = _listen(LOOPBACK, chosen.port or 0)
    place = address(LOOPBACK, listener.getsockname()[1], "", tls=False)
    gate = OwnGate(chosen.person)
    greeting = (
        f"{chosen.person} screens at {place.url}/enter?token={gate.token}",
        "The address is yours alone: who has it decides in your name. Ctrl-C ends it.",
    )
    return Stand(listener, Door(gate, place), None, greeting, f"{place.url}/enter?token={gate.ticket()}")


def _team(chosen: argparse.Namespace, root: Path, config: Mapping[str, Any]) -> Stand:
    given, host = chosen.cert is not None or chosen.key is not None, chosen.host or LOOPBACK
    found = faults(host, chosen.url, tls=given)
    try:
        tls = tls_context(chosen.cert, chosen.key)
    except DataFaults as error:
        found += error.faults
    raise_faults(found)
    invites = Invites(root, people_of(config))
    invites.every()
    listener = _listen(host, TEAM_PORT if chosen.port is None else chosen.port)
    place = address(host, listener.getsockname()[1], chosen.url, tls=given)
    invites.served_at(place.url)
    greeting = (
        f"the team screens at {place.url}",
        "Each person comes in by a link of their own: reviewflow invite NAME. Ctrl-C ends it.",
    )
    return Stand(listener, Door(invites, place), tls, greeting)


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the place, so that a port that is taken is told before anything is read."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise DataFaults(
            [Fault("--host", 0, "", f"{host} cannot be found", "name an address of this computer")]
        ) from error
    try:
        # Elsewhere than on Windows this lets a server begin again at once, and never shares a port.
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen()
    except OSError as error:
        listener.close()
        problem, mend = _CLEAR.get(error.errno or 0, (f"cannot be used ({error.strerror})", "name another"))
        raise DataFaults([Fault(f"{host}:{port}", 0, "", problem, mend)]) from error
    return listener


class _Protocol(H11Protocol):
    """HTTP that does not wait for ever for the headers of a request."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of the headers, as long as there is a rest."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._patience = self.loop.call_later(_HEADER_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = None


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._ready()


def serve(application: ASGIApp, place: Stand, *, browser: bool = True) -> None:
    """Serve until Ctrl-C or SIGTERM; requests that have begun are finished. Nothing is logged but errors, for addresses
    may hold tokens.
    """

    def ready() -> None:
        sys.stdout.write("".join(f"{line}\n" for line in place.greeting))
        sys.stdout.flush()
        if browser and place.opening:
            # In the terminal alone, a browser would hold up the server.
            threading.Thread(target=webbrowser.open, args=(place.opening,), daemon=True).start()

    server = _Server(_settings(application, place), ready)
    # The server sends itself its signal once more when it has ended, and that is to end nothing else: what the
    # caller closes must still be closed.
    before = {number: signal.signal(number, _ended) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run([place.listener])
    finally:
        place.listener.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(number: int, frame: FrameType | None) -> None:
    """A signal that has done its work."""


def _settings(application: ASGIApp, place: Stand) -> uvicorn.Config:
    settings = uvicorn.Config(
        application,
        http=_Protocol,
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        # Only a proxy on this computer is believed about whom it speaks for.
        proxy_headers=not place.opening,
        forwarded_allow_ips=LOOPBACK,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=_LAST_SECONDS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
    )
    settings.load()
    # As it was checked, with Python's ciphers; uvicorn's own context asks for older ones.
    settings.ssl = place.tls
    return settings
