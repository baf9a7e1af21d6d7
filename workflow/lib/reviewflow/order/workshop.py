"""The process that trains, as the page sees it: it is given all texts once, and makes the orders of any number of
people."""

import multiprocessing
import threading
import time
from collections.abc import Mapping
from typing import Any

from .features import chunks
from .ranking import Seed
from .trainer import Trained, serve


class Workshop:
    """One process with the features of all texts.

    `train` may be asked by several threads; it makes one order after the other. What it is asked fails with EOFError
    or ConnectionError where the process is gone, and with OSError, in words, where the process could not do it.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.ids = sorted(texts)
        self.row = {report: row for row, report in enumerate(self.ids)}
        self._texts: Mapping[str, str] = texts
        self._digest = ""
        self._lock = threading.Lock()
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        # With the other end held by the process alone, each side notices the end of the other.
        theirs.close()

    def feed(self) -> str:
        """The digest of the texts; when first asked for, they are given to the process, and kept here no longer."""
        with self._lock:
            return self._fed()

    def train(self, labels: Mapping[str, bool], seed: Seed) -> Trained:
        """One order of all texts."""
        with self._lock:
            self._fed()
            self._line.send(("labels", (labels, seed)))
            trained: Trained = self._answer()
            return trained

    def close(self) -> None:
        """End the process, whatever it does; who waits for an answer is told so."""
        self.process.kill()
        self.process.join()
        with self._lock:
            self._line.close()

    def _fed(self) -> str:
        if not self._digest:
            for chunk in chunks(self._texts):
                self._line.send(("texts", chunk))
                # Packing texts holds the interpreter; requests come in between.
                time.sleep(0)
            self._line.send(("end", None))
            self._digest = str(self._answer())
            self._texts = {}
        return self._digest

    def _answer(self) -> Any:
        answer = self._line.recv()
        if isinstance(answer, str) and answer.startswith("failed: "):
            raise OSError(answer)
        return answer
