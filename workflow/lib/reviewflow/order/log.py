"""What each training was, in REVIEW/.reviewflow/orders/STAGE_PERSON.jsonl: enough to make its order again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Log:
    """The trainings of one person's order at one stage, one line each, the oldest first."""

    def __init__(self, root: Path, stage: str, person: str) -> None:
        self.path = root / ".reviewflow" / "orders" / f"{stage}_{person}.jsonl"

    def append(self, training: Mapping[str, Any]) -> None:
        """Write one training."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # A line that a crash cut off stays alone on its line.
        torn = self.path.is_file() and self.path.read_bytes()[-1:] not in (b"\n", b"")
        with open(self.path, "a", encoding="utf-8", newline="\n") as handle:
            handle.write(("\n" if torn else "") + json.dumps(training, ensure_ascii=False) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """All trainings; lines that a crash cut off are left out."""
        if not self.path.is_file():
            return []
        found = [_parsed(line) for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines()]
        return [training for training in found if training]


def _parsed(line: str) -> dict[str, Any]:
    try:
        training = json.loads(line)
    except ValueError:
        return {}
    return training if isinstance(training, dict) else {}
