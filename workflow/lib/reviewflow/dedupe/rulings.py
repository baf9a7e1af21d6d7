"""What people ruled on pairs of records."""

from collections.abc import Collection

import pandas as pd

from reviewflow.tables import Fault, parse_time, rows_of

from .cluster import cluster


def ruled_rows(record_ids: list[str], rulings: pd.DataFrame) -> pd.DataFrame:
    """The newest ruling on each pair, as row numbers a < b; rulings on records that are not there any more rest."""
    rows = {record_id: row for row, record_id in enumerate(record_ids)}
    newest: dict[tuple[int, int], str] = {}
    for ruling in sorted(rows_of(rulings), key=lambda r: (parse_time(r["ruled_at"]), r["verdict"])):
        pair = sorted((rows.get(ruling["record_a"], -1), rows.get(ruling["record_b"], -1)))
        if pair[0] >= 0:
            newest[pair[0], pair[1]] = ruling["verdict"]
    return pd.DataFrame([(a, b, v) for (a, b), v in sorted(newest.items())], columns=["a", "b", "verdict"])


def check(rulings: pd.DataFrame, record_ids: Collection[str] | None) -> list[Fault]:
    """Faults of rulings.csv: unknown records (unless `record_ids` is None), a record ruled on with itself, rulings that
    contradict each other."""
    faults = []
    for ruling in rows_of(rulings):
        for column in ("record_a", "record_b"):
            if record_ids is not None and ruling[column] not in record_ids:
                problem, mend = (
                    f'no record is called "{ruling[column]}"',
                    "copy it from results/dedupe/doubtful_pairs.csv",
                )
                faults.append(Fault(ruling["_file"], ruling["_line"], column, problem, mend))
        if ruling["record_a"] == ruling["record_b"]:
            faults.append(
                Fault(
                    ruling["_file"],
                    ruling["_line"],
                    "record_b",
                    "a record is ruled on with itself",
                    "name two",
                )
            )
    return faults + _contradictions(rulings[rulings["record_a"] != rulings["record_b"]])


def _contradictions(rulings: pd.DataFrame) -> list[Fault]:
    ids = sorted({*rulings["record_a"], *rulings["record_b"]})
    newest = ruled_rows(ids, rulings)
    same = newest[newest["verdict"] == "duplicate"].assign(verdict="duplicate", rule="ruling", strength=0, score=100.0)
    joined = cluster(len(ids), same, newest.iloc[:0]).cluster
    faults = []
    for a, b in newest[newest["verdict"] == "distinct"][["a", "b"]].itertuples(index=False):
        if joined[a] == joined[b]:
            pair = {ids[a], ids[b]}
            line = next(r for r in rows_of(rulings) if {r["record_a"], r["record_b"]} == pair)
            problem = f'"{ids[a]}" and "{ids[b]}" are ruled distinct, yet other rulings join them'
            faults.append(Fault(line["_file"], line["_line"], "verdict", problem, "correct one of the rulings"))
    return faults
