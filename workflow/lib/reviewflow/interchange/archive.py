"""Files within an archive that a tool exports: a project of ASReview, an export of Rayyan. All of it stays in memory:
no name in the archive becomes a place on disk."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator

from reviewflow.faults import DataFaults, Fault, raise_faults

# The largest file that is unpacked: a data set of a million records with their abstracts is about as large.
LIMIT = 2**31
# What zipfile raises where an archive is damaged, encrypted, or packed in a way that it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError)


class Archive:
    """The files of an archive by their names. Raises DataFaults where it cannot be read."""

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self.names = [info.filename for info in self._zip.infolist() if not info.is_dir()]
        except _UNREADABLE as error:
            problem = f"the archive cannot be read ({error})"
            raise DataFaults([Fault(file, 0, "", problem, "export it again")]) from error
        raise_faults(self._twice())

    def _twice(self) -> Iterator[Fault]:
        for name in sorted(name for name, times in Counter(self.names).items() if times > 1):
            yield Fault(self._file, 0, "", f"{name} is in the archive twice", "export it again")

    def read(self, name: str) -> bytes:
        """One file, whole. What it unpacks to is measured while it is unpacked, whatever the archive says of it."""
        try:
            with self._zip.open(name) as handle:
                content = handle.read(LIMIT + 1)
        except _UNREADABLE as error:
            problem = f"{name} in it cannot be read ({error})"
            raise DataFaults([Fault(self._file, 0, "", problem, "export it again")]) from error
        if len(content) > LIMIT:
            problem = f"{name} in it is larger than {LIMIT} bytes"
            raise_faults([Fault(self._file, 0, "", problem, "give the table of the records in place of the archive")])
        return content


def is_archive(content: bytes) -> bool:
    """Whether a file is a zip archive, by its first bytes."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def text_of(content: bytes, file: str) -> str:
    """The text of a file as spreadsheets and tools write it. Raises DataFaults where it is none."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataFaults([Fault(file, line, "", "the file is not UTF-8", 'save it as "CSV UTF-8"')]) from error
