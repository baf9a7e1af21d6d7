"""What a token admits to. Tokens are 256 random bits: they are found by their digest, and cannot be guessed."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_BYTES = 32
# Long enough for a slow browser to start.
_TICKET_SECONDS = 60.0


@dataclass(frozen=True)
class Admission:
    """Who comes in, and by which grant; a session holds no longer than its grant."""

    person: str
    grant: str


class Gate(Protocol):
    """Who decides which tokens are good."""

    @property
    def advice(self) -> str:
        """What to do when a token is not good."""

    def admit(self, token: str, *, spend: bool) -> Admission | None:
        """Whom the token admits, if anybody. `spend` says that it is used now rather than looked at."""

    def holds(self, admission: Admission) -> bool:
        """Whether what was granted is granted still."""


def new_token() -> str:
    """A token that fits into an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """What is kept of a token. A random token of this length needs no salt and no slow function."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that does not say where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


class OwnGate:
    """The gate of one person at their own computer.

    Its token is good as often as the person likes while the process lives: browsers reopen tabs and lose cookies, and
    only the terminal shows it. What the browser is started with is a ticket instead, good once and for a minute, since
    every user of the computer sees the arguments of a running program.
    """

    advice = "Use the address that the terminal shows."

    def __init__(self, person: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.person, self.token = person, new_token()
        self._clock = clock
        self._ticket: tuple[str, float] | None = None

    def ticket(self) -> str:
        """A token for one use within a minute."""
        token = new_token()
        self._ticket = (digest(token), self._clock() + _TICKET_SECONDS)
        return token

    def admit(self, token: str, *, spend: bool) -> Admission | None:
        """The person, where the token is the process's own or its unused ticket."""
        given = digest(token)
        lasting = same(given, digest(self.token))
        once = self._ticket is not None and same(given, self._ticket[0]) and self._clock() < self._ticket[1]
        if once and spend:
            self._ticket = None
        return Admission(self.person, "own") if lasting or once else None

    def holds(self, admission: Admission) -> bool:
        """True: the grant ends with the process."""
        return admission == Admission(self.person, "own")
