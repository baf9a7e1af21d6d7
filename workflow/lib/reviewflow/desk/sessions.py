"""Who is in: sessions, kept in memory, and how often wrong tokens were tried."""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from .tokens import Admission, Gate, digest, new_token

# A working day; the link opens the next one.
LIFETIME = 12 * 3600.0
# Devices of one person. The oldest session ends when there are more, so that a link cannot fill the memory.
_EACH = 20
# Wrong tokens of one address within a minute; a person who pastes half a link needs a few.
_TRIES, _WINDOW = 10, 60.0
_ADDRESSES = 1000


@dataclass(frozen=True)
class Session:
    """One browser that came in by one admission."""

    admission: Admission
    csrf: str
    until: float


class Sessions:
    """Sessions by the digest of their identifier, so that the time of a look-up says nothing about identifiers."""

    def __init__(self, gate: Gate, clock: Callable[[], float] = time.monotonic) -> None:
        self._gate, self._clock = gate, clock
        self._key = secrets.token_bytes(32)
        self._open: dict[str, Session] = {}

    def start(self, admission: Admission) -> str:
        """Open a session; the identifier that its cookie carries."""
        self._open = {key: held for key, held in self._open.items() if self._holds(held)}
        own = [key for key, held in self._open.items() if held.admission.person == admission.person]
        for key in own[: max(0, len(own) - _EACH + 1)]:
            del self._open[key]
        identifier = new_token()
        csrf = hmac.new(self._key, identifier.encode(), hashlib.sha256).hexdigest()
        self._open[digest(identifier)] = Session(admission, csrf, self._clock() + LIFETIME)
        return identifier

    def find(self, identifier: str) -> Session | None:
        """The session of an identifier, unless it has ended or what admitted to it holds no longer."""
        held = self._open.get(digest(identifier))
        if held and not self._holds(held):
            self.end(identifier)
            return None
        return held

    def end(self, identifier: str) -> None:
        """Close a session."""
        self._open.pop(digest(identifier), None)

    def _holds(self, session: Session) -> bool:
        return self._clock() < session.until and self._gate.holds(session.admission)


class Attempts:
    """Wrong tokens by address, in a table of bounded size: the address that was quiet longest is forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def too_many(self, address: str) -> bool:
        """Whether the address must wait."""
        recent = [at for at in self._wrong.get(address, []) if self._clock() - at < _WINDOW]
        return len(recent) >= _TRIES

    def wrong(self, address: str) -> None:
        """Note a wrong token."""
        self._wrong[address] = [*self._wrong.pop(address, []), self._clock()][-_TRIES:]
        while len(self._wrong) > _ADDRESSES:
            self._wrong.popitem(last=False)
