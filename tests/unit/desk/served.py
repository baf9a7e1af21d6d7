"""A review's page, served by a process of its own as the command does it; run by the tests of serving."""

import argparse
import sys
import time
from pathlib import Path

from door_samples import behind
from reviewflow.commands import screen
from reviewflow.desk import serve as serving
from reviewflow.desk.door import Door
from reviewflow.desk.serve import serve, stand
from reviewflow.faults import DataFaults
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

CONFIG = {"screening": {"reviewers": ["reviewer_1", "reviewer_2"], "adjudicator": "reviewer_3"}}


def slow(request: Request) -> Response:
    """An answer that takes a while and says when it has begun."""
    (root / "begun").touch()
    time.sleep(1.0)
    return PlainTextResponse("finished")


def page(door: Door) -> Starlette:
    """The page of the samples, and one that is slow."""
    app = behind(door)
    app.router.routes.append(Route("/slow", slow))
    return app


if __name__ == "__main__":
    root = Path(sys.argv[1])
    serving._HEADER_SECONDS = 2.0
    parser = argparse.ArgumentParser()
    screen.add(parser.add_subparsers())
    chosen = parser.parse_args(["screen", *sys.argv[2:]])
    try:
        place = stand(chosen, root, CONFIG)
    except DataFaults as error:
        sys.exit(str(error))
    serve(page(place.door), place, browser=not chosen.no_browser)
    sys.stdout.write("closed\n")
