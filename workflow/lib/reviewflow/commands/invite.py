"""`reviewflow invite`: a link by which one person comes to the screening page of the team."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reviewflow.faults import Fault, raise_faults

if TYPE_CHECKING:
    from reviewflow.desk.invites import Invites

# Screening takes weeks; a link that is lost should not open for years.
_DAYS, _MOST_DAYS = 90, 3650


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    about = "make a link for one person to the page that `reviewflow screen --team` serves"
    invite = commands.add_parser("invite", help=about, description=about)
    invite.add_argument("person", nargs="?", default="", metavar="NAME", help="a reviewer, or the adjudicator")
    invite.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    invite.add_argument("--days", type=int, default=_DAYS, help=f"how long the link is good (default: {_DAYS})")
    url = "address of the page (default: where `reviewflow screen --team` served it last)"
    invite.add_argument("--url", default="", help=url)
    instead = invite.add_mutually_exclusive_group()
    instead.add_argument("--revoke", action="store_true", help="end the person's links and sessions, at once")
    instead.add_argument("--list", action="store_true", help="who was invited, and what has become of it")
    invite.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make a link and show it once, or list or revoke what there is."""
    from reviewflow.config import read_config
    from reviewflow.desk.invites import Invites
    from reviewflow.desk.people import people_of, unknown

    config = read_config(chosen.directory / "config/config.yaml")
    invites = Invites(chosen.directory, people_of(config))
    if chosen.list:
        return _list(invites, chosen.person)
    raise_faults(
        [] if chosen.person else [Fault("NAME", 0, "", "nobody is named", "reviewflow invite NAME, or --list")]
    )
    # Who has left the team is no longer in the protocol, and that is when a link is revoked.
    if chosen.revoke:
        return _revoke(invites, chosen.person)
    days = [] if 1 <= chosen.days <= _MOST_DAYS else [f"{chosen.days} days is no time that a link can be good"]
    mend = f"from 1 to {_MOST_DAYS}"
    raise_faults([*unknown(chosen.person, config), *(Fault("--days", 0, "", problem, mend) for problem in days)])
    return _make(invites, chosen)


def _make(invites: "Invites", chosen: argparse.Namespace) -> int:
    from reviewflow.desk.address import TEAM_PORT, address, faults

    default = address("127.0.0.1", TEAM_PORT, "", tls=False).url
    url = chosen.url or invites.url or default
    raise_faults(faults("127.0.0.1", url, tls=False))
    earlier = sum(i.person == chosen.person and i.state(datetime.now(UTC)) == "live" for i in invites.every())
    token, made = invites.make(chosen.person, chosen.days)
    sys.stdout.write(f"{url.rstrip('/')}/enter?token={token}\n")
    words = [
        f"This link is {chosen.person}'s until {made.expires[:10]}, and is shown this once. Who has it decides as "
        f"{chosen.person}: send it in a message to that person alone."
    ]
    if earlier:
        words.append(
            f"Earlier links of {chosen.person} that stay good: {earlier}. --revoke ends all of them, this one too."
        )
    if not chosen.url and not invites.url:
        words.append("The page was not served to the team yet; where its address becomes another, say so with --url.")
    sys.stderr.write("".join(f"{line}\n" for line in words))
    return 0


def _revoke(invites: "Invites", person: str) -> int:
    revoked = invites.revoke(person)
    if not revoked:
        sys.stderr.write(f"{person} has no link that is good\n")
        return 1
    sys.stdout.write(f"links of {person} revoked: {revoked}; sessions that came in by them have ended\n")
    return 0


def _list(invites: "Invites", person: str) -> int:
    now = datetime.now(UTC)
    chosen = [i for i in invites.every() if person in ("", i.person)]
    rows = [("invite", "person", "state", "created", "expires", "revoked")]
    rows += [(i.invite, i.person, i.state(now), i.created, i.expires, i.revoked or "-") for i in chosen]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0
