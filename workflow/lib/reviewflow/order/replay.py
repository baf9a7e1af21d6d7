"""Making an order again from the events, and comparing it with what was noted when it was first made."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewflow.tables import parse_time

from .features import Features, chunks
from .ranking import Ranking, Seed
from .trainer import TextsDigest, noted, trained

if TYPE_CHECKING:
    import pandas as pd


class Texts(NamedTuple):
    """The texts of a review, made ready once for any number of trainings."""

    features: Features
    digest: str

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Texts":
        """All of them."""
        features, digest = Features(), TextsDigest()
        for chunk in chunks(texts):
            features.add(*chunk)
            digest.add(*chunk)
        return cls(features, str(digest))


def until(events: "pd.DataFrame", last: datetime | None) -> "pd.DataFrame":
    """The events that were there at a time; those that were imported without a time always were. No time: none."""
    if last is None:
        return events.iloc[:0]
    times = [parse_time(cell) for cell in events["decided_at"]]
    return events.iloc[[i for i, time in enumerate(times) if time is None or time <= last]]


def again(texts: Texts, labels: Mapping[str, bool], seed: Seed) -> tuple[Ranking, dict[str, Any]]:
    """The order of all reports, and what would be noted of it."""
    ranking, training = trained(texts.features, labels, seed)
    return ranking, noted("", labels, {}, seed, texts.digest, training)


def difference(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """In words what differs between a training that was noted and the same made again; blank where its order is the
    same."""
    if then.get("order") == now["order"]:
        return ""
    if then.get("seed") != now["seed"]:
        return "the seed has changed since"
    if then.get("texts") != now["texts"]:
        return "texts have changed, come or gone since"
    if then.get("labels") != now["labels"]:
        counts = f"{then.get('n_labels')} labels then, {now['n_labels']} now"
        return f"the events up to there are others now ({counts}): some were merged in later, or changed"
    if then.get("versions") != now["versions"]:
        return f"it was made with other versions: {then.get('versions')}, now {now['versions']}"
    return "the same texts, labels, seed and versions gave another order"
