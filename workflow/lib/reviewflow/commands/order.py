"""`reviewflow order`: the order of relevance that a person was shown, made again from the events."""

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewflow.faults import Fault, raise_faults

if TYPE_CHECKING:
    import pandas as pd

_STAGES = ("title_abstract", "full_text")
_ALL = datetime.max.replace(tzinfo=UTC)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    told = "make an order of relevance again from the events, print it, and compare it with the one that was shown"
    order = commands.add_parser("order", help="make an order of relevance again from the events", description=told)
    order.add_argument("--as", dest="person", required=True, metavar="REVIEWER", help="whose order")
    order.add_argument("--stage", choices=_STAGES, default="title_abstract", help="(default: title_abstract)")
    until = "event_id of the reviewer's event, or the time, that it goes up to (default: all events)"
    order.add_argument("--until", default="", metavar="EVENT_OR_TIME", help=until)
    checked = "make every order again that is noted in .reviewflow/orders, and print none"
    order.add_argument("--check", action="store_true", help=checked)
    order.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    order.set_defaults(run=run)


class _Review(NamedTuple):
    """What orders are made from."""

    config: Mapping[str, Any]
    decisions: "dict[str, dict[str, pd.DataFrame]]"
    adjudication: "dict[str, pd.DataFrame]"
    results: "Callable[[str], pd.DataFrame]"
    people: "Callable[[str], pd.DataFrame]"


def run(chosen: argparse.Namespace) -> int:
    """Print the order, or check all that were noted; 1 where one is not the same again."""
    from reviewflow.order import Log, text_of
    from reviewflow.order.replay import Texts

    review = _review(chosen.directory)
    _known(chosen.person, review.config)
    reports = review.results("dedupe/reports")
    columns = (reports[name] for name in ("report_id", "title", "translated_title", "abstract"))
    texts = Texts.of({report: text_of(*parts) for report, *parts in zip(*columns, strict=True)})
    trainings = Log(chosen.directory, chosen.stage, chosen.person).read()
    if chosen.check:
        return _check(chosen, review, texts, trainings)
    return _print(chosen, review, texts, trainings)


def _print(chosen: argparse.Namespace, review: _Review, texts: Any, trainings: list[dict[str, Any]]) -> int:
    from reviewflow.order.replay import again, difference

    last = _time(chosen.until, chosen, review) if chosen.until else _ALL
    if last is None:
        file = f"records/screening/{chosen.stage}/{chosen.person}.csv"
        problem = f'"{chosen.until}" is no event of this file, and no time'
        raise_faults([Fault(file, 0, "event_id", problem, "name an event_id, or a time as 2020-05-17T09:30:00Z")])
    shown = next((t for t in reversed(trainings) if chosen.until and t.get("event_id") == chosen.until), None)
    labels = _labels(chosen, review, last, _settled(shown, chosen, review) if shown else last)
    ranking, made = again(texts, labels, review.config["screening"]["seed"])
    rows = zip(ranking.order, ranking.scores, strict=True)
    lines = (f"{place},{_cell(report)},{score}\n" for place, (report, score) in enumerate(rows, 1))
    sys.stdout.write("place,report_id,score\n" + "".join(lines))
    learned = f"learned from {made['n_labels']} decisions, {made['n_included']} of them inclusions"
    why = "random by seed: to learn, it takes an inclusion and an exclusion"
    sys.stderr.write(f"order {made['order']}: {learned if ranking.learned else why}\n")
    shown = shown or next((t for t in reversed(trainings) if t.get("labels") == made["labels"]), None)
    if shown is None:
        sys.stderr.write("no order of these decisions is noted, so there is none to compare it with\n")
        return 0
    differs = difference(shown, made)
    sys.stderr.write(_compared(shown, differs))
    return 1 if differs else 0


def _check(chosen: argparse.Namespace, review: _Review, texts: Any, trainings: list[dict[str, Any]]) -> int:
    from reviewflow.order.replay import again, difference

    differing = 0
    for training in trainings:
        event = training.get("event_id", "")
        last = _time(event or training.get("trained_at", ""), chosen, review)
        differs = f"its event {event} is not in the file any more"
        if last is not None:
            labels = _labels(chosen, review, last, _settled(training, chosen, review))
            differs = difference(training, again(texts, labels, review.config["screening"]["seed"])[1])
        differing += bool(differs)
        sys.stderr.write(_compared(training, differs))
    sys.stderr.write(f"{len(trainings) - differing} of {len(trainings)} orders are the same again\n")
    return 1 if differing else 0


def _compared(training: Mapping[str, Any], differs: str) -> str:
    """What came of making a training again."""
    said = f"not the same again: {differs}" if differs else "the same again"
    return f"order {training.get('order')} of {training.get('trained_at')}: {said}\n"


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def _labels(
    chosen: argparse.Namespace, review: _Review, last: datetime | None, settled: datetime | None
) -> dict[str, bool]:
    """What the order was learned from: the person's own events up to one time, settled decisions as of another."""
    from reviewflow.order import labels
    from reviewflow.order.replay import until
    from reviewflow.screening import People, build
    from reviewflow.screening.votes import votes
    from reviewflow.tables import rows_of

    clusters = review.results("dedupe/clusters")
    report_of = dict(zip(clusters["record_id"], clusters["report_id"], strict=True))
    mine = until(review.decisions[chosen.stage][chosen.person], last)
    own = {report: vote.decision for report, vote in votes(mine, report_of).items()}
    decisions = {s: {who: until(f, settled) for who, f in files.items()} for s, files in review.decisions.items()}
    people = People(
        decisions,
        {stage: until(events, settled) for stage, events in review.adjudication.items()},
        review.people("records/screening/retrieval"),
        review.people("records/extraction/study_reports"),
    )
    found = [review.results(name) for name in ("search/records", "dedupe/clusters", "dedupe/reports", "dedupe/notices")]
    tables = build(review.config, people, review.people("records/search/searches"), *found)
    return labels(rows_of(tables[chosen.stage]), own)


def _time(until: str, chosen: argparse.Namespace, review: _Review) -> datetime | None:
    """The time that is meant; that of an event of the person is the time at which it was decided."""
    from reviewflow.tables import parse_time

    events = review.decisions[chosen.stage][chosen.person]
    named = events[events["event_id"] == until]
    return parse_time(named["decided_at"].iloc[0] if len(named) else until)


def _settled(training: Mapping[str, Any], chosen: argparse.Namespace, review: _Review) -> datetime | None:
    return _time(training.get("settled_until", ""), chosen, review)


def _known(person: str, config: Mapping[str, Any]) -> None:
    everyone = [*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]]
    if person not in everyone:
        mend = f"name one of {', '.join(everyone)}" if everyone else "name the reviewers there"
        raise_faults([Fault("config/config.yaml", 0, "screening.reviewers", f'"{person}" is none of them', mend)])


def _review(root: Path) -> _Review:
    """Read what people decided; results as they are asked for."""
    from functools import cache

    from reviewflow.config import read_config
    from reviewflow.tables import empty_people, read_people, read_result

    def people(table: str, file: str = "") -> "pd.DataFrame":
        path = root / (file or f"{table}.csv")
        return read_people(path, table, root) if path.is_file() else empty_people(table)

    @cache
    def results(name: str) -> "pd.DataFrame":
        path = root / f"results/{name}.csv"
        if not path.is_file():
            raise_faults([Fault(str(path), 0, "", "is not there", "run `snakemake screening` first")])
        return read_result(path)

    config = read_config(root / "config/config.yaml")
    everyone = [*config["screening"]["reviewers"], *config["screening"]["former_reviewers"]]
    folder, table = "records/screening", "records/screening/decisions"
    decisions = {s: {who: people(table, f"{folder}/{s}/{who}.csv") for who in everyone} for s in _STAGES}
    adjudication = {s: people("records/screening/adjudication", f"{folder}/{s}/adjudication.csv") for s in _STAGES}
    return _Review(config, decisions, adjudication, results, people)
