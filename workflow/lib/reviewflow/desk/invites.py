"""Invitations of team mode: who may come in by which link, until when. Only digests of the tokens are kept."""

import json
import os
import secrets
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from reviewflow.events import WORKROOM
from reviewflow.faults import DataFaults, Fault

from .tokens import Admission, digest, new_token, same

FILE = f"{WORKROOM}/invites.json"
# Another `reviewflow invite` needs milliseconds.
_LOCK_SECONDS = 10


@dataclass(frozen=True)
class Invite:
    """One invitation, as it is kept. Times are ISO 8601 in UTC; `revoked` is blank while it is not."""

    invite: str
    person: str
    token_sha256: str
    created: str
    expires: str
    revoked: str = ""

    def state(self, now: datetime) -> str:
        """live, revoked or expired."""
        if self.revoked:
            return "revoked"
        return "live" if now < datetime.fromisoformat(self.expires) else "expired"


class Invites:
    """The invitations of a review. Also the gate of team mode: `people` are those whom the protocol names today.

    The file is looked at again whenever it has changed, so that a revocation reaches a running server at once.
    """

    advice = "Ask the person who runs the review for a new link."

    def __init__(
        self, root: Path, people: Collection[str], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.path = root / FILE
        self._people, self._clock = frozenset(people), clock
        self._read: tuple[tuple[int, int, int], dict[str, Any]] | None = None

    def every(self) -> list[Invite]:
        """All invitations, in the order in which they were made."""
        return [Invite(**invite) for invite in self._content()["invites"]]

    @property
    def url(self) -> str:
        """The address at which the page was served last; blank before that."""
        return str(self._content()["url"])

    def served_at(self, url: str) -> None:
        """Keep the address for the links of invitations to come."""
        with self._lock():
            if self._content()["url"] != url:
                self._write(url, self.every())

    def make(self, person: str, days: int) -> tuple[str, Invite]:
        """A new invitation and its token, which is kept nowhere."""
        token, now = new_token(), self._clock()
        until = now + timedelta(days=days)
        made = Invite(f"in{secrets.token_hex(4)}", person, digest(token), _stamp(now), _stamp(until))
        with self._lock():
            self._write(self.url, [*self.every(), made])
        return token, made

    def revoke(self, person: str) -> int:
        """Revoke what is live of the person's; how many those were."""
        now = self._clock()
        with self._lock():
            before = self.every()
            after = [
                replace(invite, revoked=_stamp(now))
                if invite.person == person and invite.state(now) == "live"
                else invite
                for invite in before
            ]
            if after != before:
                self._write(self.url, after)
        return sum(old != new for old, new in zip(before, after, strict=True))

    def admit(self, token: str, *, spend: bool) -> Admission | None:  # noqa: ARG002 - a link may be used again
        """Whom the token admits. Every invitation is compared, whether or not one has matched before."""
        given = digest(token)
        matching = [invite for invite in self._live() if same(given, invite.token_sha256)]
        return Admission(matching[0].person, matching[0].invite) if matching else None

    def holds(self, admission: Admission) -> bool:
        """Whether the invitation is live still."""
        return any(Admission(invite.person, invite.invite) == admission for invite in self._live())

    def _live(self) -> list[Invite]:
        """Invitations that are good now; none where the file cannot be read, for nobody comes in on a doubt."""
        now = self._clock()
        try:
            return [i for i in self.every() if i.person in self._people and i.state(now) == "live"]
        except (OSError, DataFaults):
            return []

    def _lock(self) -> FileLock:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_SECONDS)

    def _content(self) -> dict[str, Any]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {"url": "", "invites": []}
        # The file is replaced and never changed, so another file is another content.
        mark = (found.st_ino, found.st_mtime_ns, found.st_size)
        if self._read is None or self._read[0] != mark:
            self._read = (mark, _parsed(self.path.read_bytes()))
        return self._read[1]

    def _write(self, url: str, invites: list[Invite]) -> None:
        text = json.dumps({"url": url, "invites": [asdict(invite) for invite in invites]}, indent=1) + "\n"
        beside = self.path.with_suffix(f".{secrets.token_hex(4)}.tmp")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(beside, self.path)
        finally:
            beside.unlink(missing_ok=True)


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        data = json.loads(content)
        for invite in data["invites"]:
            made = Invite(**invite)
            _ = (
                datetime.fromisoformat(made.created) < datetime.fromisoformat(made.expires),
                bytes.fromhex(made.token_sha256),
            )
        return {"url": str(data["url"]), "invites": data["invites"]}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        mend = "delete it and invite everybody again"
        raise DataFaults([Fault(FILE, 0, "", f"not as reviewflow writes it ({error})", mend)]) from error
