"""The entries of an export as bytes, whichever of its forms a tool gave it in."""

from reviewflow.faults import DataFaults, Fault

from . import project, rayyan
from .archive import Archive, is_archive, text_of
from .formats import FORMATS
from .platforms import Rows

# The tools that decisions are taken in from.
TOOLS = ("covidence", "rayyan", "asreview")


def entries(name: str, content: bytes, file: str, log: bytes = b"", log_file: str = "") -> Rows:
    """Entries of an export of one of `TOOLS`; `log` is the log of Rayyan where it was taken out of its archive.
    Raises DataFaults where it cannot be read at all."""
    if log and name != "rayyan":
        raise DataFaults([Fault(log_file, 0, "", f"{FORMATS[name].label} has no such log", "leave out --log")])
    if name == "asreview" and is_archive(content) and "project.json" in Archive(content, file).names:
        return project.parse(content, file)
    place = log_file
    if name == "rayyan" and is_archive(content):
        text, logged = rayyan.unpacked(content, file)
        place = place if log else f"{file}/{rayyan.LOG}"
    elif is_archive(content):
        problem = "it is an archive, as a workbook is" if name != "covidence" else "it is no table"
        raise DataFaults([Fault(file, 0, "", problem, f"export from {FORMATS[name].label} as CSV")])
    else:
        text, logged = text_of(content, file), ""
    read = FORMATS[name].parse(text, file)
    if log:
        logged = text_of(log, log_file)
    if logged:
        read.faults.extend(rayyan.timed(read.entries, logged, place))
    return read
