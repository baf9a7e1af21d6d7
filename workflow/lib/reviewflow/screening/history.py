"""Every decision ever written, with the line it stands on and the state of its seal."""

from collections.abc import Mapping

import pandas as pd

from reviewflow.events import verify
from reviewflow.tables import frame, rows_of

from .votes import STAGES, holding

_KEPT = ("record_id", "decision", "reason", "note", "decided_at", "event_id", "seen", "imported")


def history(
    decisions: Mapping[str, Mapping[str, pd.DataFrame]],
    adjudication: Mapping[str, pd.DataFrame],
    report_of: Mapping[str, str],
) -> pd.DataFrame:
    """Rows of votes.csv: `decisions` by stage and reviewer, `adjudication` by stage."""
    rows: list[dict[str, object]] = []
    for stage in STAGES:
        files = [(name, "reviewer", events) for name, events in decisions[stage].items()]
        for person, role, events in [*files, ("adjudication", "adjudicator", adjudication[stage])]:
            lines = rows_of(events[events["decision"] != ""])
            held = set(holding(events)["_line"])
            for line, state in zip(lines, verify(stage, person, lines), strict=True):
                row: dict[str, object] = {"stage": stage, "report_id": report_of[line["record_id"]], "role": role}
                row |= {"reviewer": line["adjudicator"] if role == "adjudicator" else person}
                row |= {name: line[name] for name in _KEPT}
                row |= {"seal": state.state, "seal_problem": state.problem, "holds": line["_line"] in held}
                rows.append(row | {"file": line["_file"], "line": line["_line"]})
    return frame("results/screening/votes", rows)
