"""The dedupe stage: which records index the same report."""

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, empty_result, frame, parse_time, rows_of

from .cluster import Links, cluster
from .judge import judge
from .merge import merge, unique_records
from .normalise import normalise
from .pairs import candidates, compare

_SIDE = ("title", "authors", "year", "journal", "volume", "pages", "doi")


def build(config: Mapping[str, Any], sightings: pd.DataFrame, rulings: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables clusters, reports and doubtful_pairs from records.csv and rulings.csv."""
    if sightings.empty:
        return {name: empty_result(f"results/dedupe/{name}") for name in ("clusters", "reports", "doubtful_pairs")}
    records = unique_records(sightings, config["dedupe"]["source_order"])
    verdicts = _verdicts(records)
    ruled = _ruled_rows(records, rulings)
    links = cluster(len(records), verdicts, ruled)
    return {
        "clusters": _clusters(records, sightings, links),
        "reports": merge(records, links.cluster, sightings),
        "doubtful_pairs": _doubtful(records, verdicts, ruled, links),
    }


def _verdicts(records: pd.DataFrame) -> pd.DataFrame:
    normal = normalise(records)
    return judge(compare(normal, candidates(normal)))


def _ruled_rows(records: pd.DataFrame, rulings: pd.DataFrame) -> pd.DataFrame:
    """The newest ruling on each pair, as row numbers a < b; rulings on records that are not there any more rest."""
    rows = {record_id: row for row, record_id in enumerate(records["record_id"])}
    newest: dict[tuple[int, int], str] = {}
    for ruling in sorted(rows_of(rulings), key=lambda r: (parse_time(r["ruled_at"]), r["verdict"])):
        pair = sorted((rows.get(ruling["record_a"], -1), rows.get(ruling["record_b"], -1)))
        if pair[0] >= 0:
            newest[pair[0], pair[1]] = ruling["verdict"]
    return pd.DataFrame([(a, b, v) for (a, b), v in sorted(newest.items())], columns=["a", "b", "verdict"])


def _clusters(records: pd.DataFrame, sightings: pd.DataFrame, links: Links) -> pd.DataFrame:
    ids = records["record_id"].tolist()
    rows = {record_id: row for row, record_id in enumerate(ids)}
    place = ["record_id", "search_id", "export_file", "position"]
    seen: set[str] = set()
    result: list[dict[str, Any]] = []
    for sighting in rows_of(sightings.sort_values(["wave", *place], kind="stable")[place]):
        row = rows[sighting["record_id"]]
        founder = links.cluster[row]
        again = sighting["record_id"] in seen
        seen.add(sighting["record_id"])
        to, rule, score = links.held_by.get(row, (row, "", None)) if row != founder else (row, "", None)
        line = {**sighting, "report_id": ids[founder], "founder": row == founder and not again}
        line |= {"matched_by": rule, "score": score, "matched_to": ids[to] if rule else ""}
        if again:
            line |= {"matched_by": "same_record", "score": 100.0, "matched_to": sighting["record_id"]}
        result.append(line)
    return frame("results/dedupe/clusters", result)


def _doubtful(records: pd.DataFrame, verdicts: pd.DataFrame, ruled: pd.DataFrame, links: Links) -> pd.DataFrame:
    """Doubtful pairs and broken links on which nobody has ruled: of two clusters the surest pair, most alike first."""
    asked = verdicts[verdicts["ask"]]
    doubts = pd.concat(
        [verdicts[verdicts["verdict"] == "doubtful"], asked.assign(rule="alike_but_other_" + asked["rule"])]
    )[["a", "b", "rule", "score"]]
    broken = pd.DataFrame(links.broken, columns=["a", "b", "rule", "score"])
    pairs = pd.concat([broken.assign(rule="veto_between_" + broken["rule"].astype(str)), doubts])
    cluster_of = pd.Series(links.cluster)
    sides = pd.DataFrame({side: cluster_of.reindex(pairs[side]).to_numpy() for side in "ab"}, index=pairs.index)
    pairs = pairs.assign(one=sides.min(axis=1), other=sides.max(axis=1))
    ruled_clusters = {tuple(sorted((links.cluster[a], links.cluster[b]))) for a, b in ruled[["a", "b"]].values}
    pairs = pairs[pairs["one"] != pairs["other"]].sort_values(["score", "a", "b"], ascending=[False, True, True])
    rows = rows_of(records)
    questions = [
        _pair(rows[pair["a"]], rows[pair["b"]], pair["rule"], pair["score"])
        for pair in rows_of(pairs.drop_duplicates(["one", "other"]))
        if (pair["one"], pair["other"]) not in ruled_clusters
    ]
    return frame("results/dedupe/doubtful_pairs", questions)


def _pair(a: Mapping[str, Any], b: Mapping[str, Any], why: str, score: float) -> dict[str, Any]:
    sides = {f"{name}_{side}": row[name] for side, row in (("a", a), ("b", b)) for name in _SIDE}
    blank = {name: "" if value is pd.NA else value for name, value in sides.items()}
    return {"record_a": a["record_id"], "record_b": b["record_id"], "score": score, "why": why} | blank


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
    return faults or _contradictions(rulings)


def _contradictions(rulings: pd.DataFrame) -> list[Fault]:
    ids = sorted({*rulings["record_a"], *rulings["record_b"]})
    newest = _ruled_rows(pd.DataFrame({"record_id": ids}), rulings)
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
