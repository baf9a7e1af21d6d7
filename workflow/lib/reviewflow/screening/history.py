"""Every decision ever written, with the line it stands on and the state of its seal."""

from collections.abc import Mapping

import pandas as pd

from reviewflow.events import VERIFIED, verify_columns
from reviewflow.tables import frame

from .votes import STAGES, holding

_KEPT = ("record_id", "decision", "reason", "note", "decided_at", "event_id", "seen", "imported")


def history(
    decisions: Mapping[str, Mapping[str, pd.DataFrame]],
    adjudication: Mapping[str, pd.DataFrame],
    report_of: Mapping[str, str],
) -> pd.DataFrame:
    """Table votes: `decisions` by stage and reviewer, `adjudication` by stage."""
    blank = frame("results/screening/votes", [])
    files = [(s, name, "reviewer", events) for s in STAGES for name, events in decisions[s].items()]
    files += [(s, "adjudication", "adjudicator", adjudication[s]) for s in STAGES]
    parts = [_part(*file, report_of) for file in files]
    whole = pd.concat([blank, *parts], ignore_index=True)
    return whole[blank.columns].astype(blank.dtypes.to_dict())


def _part(stage: str, person: str, role: str, events: pd.DataFrame, report_of: Mapping[str, str]) -> pd.DataFrame:
    """The lines of one file: columns are taken whole, for there may be hundreds of thousands of lines."""
    decided = events[events["decision"] != ""]
    lines = {name: decided[name].tolist() for name in VERIFIED if name in decided.columns}
    seals = verify_columns(stage, person, lines)
    columns: dict[str, object] = {name: decided[name] for name in _KEPT}
    columns |= {"stage": stage, "role": role, "report_id": [report_of[r] for r in decided["record_id"].tolist()]}
    columns |= {"reviewer": decided["adjudicator"] if role == "adjudicator" else person}
    columns |= {"seal": [s.state for s in seals], "seal_problem": [s.problem for s in seals]}
    columns |= {"holds": decided["_line"].isin(holding(events)["_line"])}
    return pd.DataFrame(columns | {"file": decided["_file"], "line": decided["_line"]}, index=decided.index)
