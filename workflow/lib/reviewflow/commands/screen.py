"""`reviewflow screen`: the screening page in the browser."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewflow.desk.review import Review

_STAGES = ("title_abstract", "full_text")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    screen = commands.add_parser("screen", help="screen in the browser")
    who = screen.add_mutually_exclusive_group(required=True)
    who.add_argument("--as", dest="person", default="", metavar="NAME", help="who decides, at this computer")
    who.add_argument("--team", action="store_true", help="serve all whom `reviewflow invite` gave a link")
    screen.add_argument("--stage", choices=_STAGES, default="", help="begin there (default: with all that waits)")
    screen.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    screen.add_argument("--port", type=int, metavar="N", help="default: any that is free; with --team 8765")
    screen.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")
    team = screen.add_argument_group("with --team")
    host = "address to listen at (default 127.0.0.1, where a proxy on this computer reaches it)"
    team.add_argument("--host", default="", metavar="ADDRESS", help=host)
    team.add_argument("--cert", type=Path, metavar="FILE", help="certificate for https, PEM, with its chain")
    team.add_argument("--key", type=Path, metavar="FILE", help="key of the certificate, PEM, without passphrase")
    team.add_argument("--url", default="", metavar="URL", help="address in the reviewers' browsers, if another")
    screen.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Serve the page until Ctrl-C."""
    from reviewflow.config import CONFIG, read_config
    from reviewflow.desk.app import application, finish
    from reviewflow.desk.review import Review
    from reviewflow.desk.serve import serve, stand
    from reviewflow.desk.sources import NotReady

    root = chosen.directory
    place = stand(chosen, root, read_config(root / CONFIG))
    try:
        review = Review(root)
    except NotReady as error:
        sys.stderr.write(f"{error}\n")
        return 1
    page = application(review, place.door, chosen.stage)
    try:
        if chosen.person:
            review.require(chosen.person)
            sys.stdout.write(_told(review, chosen.person))
        serve(page, place, browser=not chosen.no_browser)
    finally:
        finish(page)
    return 0


def _told(review: "Review", person: str) -> str:
    """What waits, or why it cannot be decided on."""
    told = []
    for stage in _STAGES if "reviewer" in review.roles(person) else ():
        task = review.task(stage, person)
        told.append(f"{stage}: {task.left} wait, {task.done} decided\n")
        told += [f"  {said}\n" for said in (task.busy, task.mended) if said]
    return "".join(
        [*told, f"{review.stale} is newer than results/: run `snakemake screening`\n" if review.stale else ""]
    )
