"""Plain pages of the door: what is wrong, and what to do."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.responses import HTMLResponse

_TEMPLATES = Path(__file__).parents[3] / "templates/desk"


@cache
def _template() -> Template:
    room = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return room.get_template("door.html.j2")


def notice(status: int, title: str, text: str, token: str = "") -> HTMLResponse:
    """A page of one heading and one sentence; with a token, also the button that goes in."""
    return HTMLResponse(_template().render(title=title, text=text, token=token), status)


class Refused(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(title)
        self.page = notice(status, title, text)
