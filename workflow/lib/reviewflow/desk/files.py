"""Full texts: the PDF that retrieval.csv names, out of the review's own folder, and abstracts as plain text."""

from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from .app import plain_page
from .markup import visible
from .review import Review

# The format asks for the mark at the very beginning; readers accept it within the first kilobyte.
_MARK, _WITHIN = b"%PDF-", 1024


def pdf_of(root: Path, named: str) -> Path | None:
    """The PDF that a cell of retrieval.csv names, where it is one and lies in the review's folder."""
    name = PurePosixPath(named.strip().replace("\\", "/"))
    if not named.strip() or "\0" in named or name.is_absolute() or ".." in name.parts:
        return None
    if ":" in named:
        return None  # a drive, or a second stream of a file, on Windows
    try:
        home = root.resolve()
        place = (home / name).resolve(strict=True)
        hidden = any(part.startswith(".") for part in place.relative_to(home).parts)
        if hidden or not place.is_file():
            return None
        with place.open("rb") as handle:
            return place if _MARK in handle.read(_WITHIN) else None
    except (OSError, ValueError):
        return None


def pdf(request: Request) -> Response:
    """The full text of a report."""
    review: Review = request.app.state.review
    found = review.retrieval.get(request.query_params.get("report", ""))
    place = pdf_of(review.root, found.file) if found else None
    if place is None:
        text = "records/screening/retrieval.csv names no PDF for this report that lies in the folder of the review."
        return plain_page(request, 404, "No full text here", text)
    return FileResponse(place, media_type="application/pdf", filename=place.name, content_disposition_type="inline")


def text(request: Request) -> Response:
    """A long abstract, whole."""
    review: Review = request.app.state.review
    report_id = request.query_params.get("report", "")
    if report_id not in review.reports:
        return plain_page(request, 404, "Not here", "There is no such report.")
    report = review.reports[report_id]
    return PlainTextResponse(visible(f"{report.name}\n\n{report.abstract}\n"))


routes: list[BaseRoute] = [Route("/pdf", pdf), Route("/text", text)]
