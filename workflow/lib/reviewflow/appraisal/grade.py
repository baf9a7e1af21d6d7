"""GRADE: from the design's starting level and people's ratings to a level of certainty."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reviewflow.tables import join_list

Row = dict[str, Any]
LEVELS = ("very_low", "low", "moderate", "high")
SYMBOLS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕◯", "low": "⊕⊕◯◯", "very_low": "⊕◯◯◯"}
LOWERING = ("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")
CONSENSUS = "consensus"
_UNEXPLAINED = "certainty.csv says {}, the ratings of grade.csv give {}: mend one of them, or say why in explanation"
_RANDOMISED = re.compile(r"(?<!non-)(?<!non )(?<!quasi-)(?<!quasi )\b(RCTs?|randomi[sz]ed)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"non-?randomi[sz]ed|quasi|cohort|case|self-controlled|before|observational|cross-sectional", re.IGNORECASE
)


def start(config: Mapping[str, Any], comparison: str, *, starts_high: bool) -> str:
    """high, low, or blank where the protocol does not say.

    Randomised trials start high, other designs low (Handbook 14.2.1), or high where all studies were appraised by a
    tool such as ROBINS-I (`starts_high`; Schünemann 2019). A design of both kinds is for the protocol to settle.
    """
    said = config["appraisal"].get("start", {}).get(comparison, "")
    if said:
        return str(said)
    design = str(config.get("comparisons", {}).get(comparison, {}).get("design", ""))
    randomised, other = _RANDOMISED.search(design), _OTHER.search(design)
    if (randomised and other) or not design.strip():
        return ""
    return "high" if randomised or starts_high else "low"


def settled(lines: Sequence[Row]) -> Row:
    """What holds of one domain: rating, explanation, raters, status; `lines` are people's, at most one a rater."""
    if not lines:
        return {"rating": None, "explanation": "", "raters": "", "status": "not_rated"}
    ordered = sorted(lines, key=lambda line: line["rated_by"])
    consensus = [line for line in ordered if line["rated_by"] == CONSENSUS]
    raters = [line for line in ordered if line["rated_by"] != CONSENSUS]
    holds = consensus or raters
    said = list(dict.fromkeys(line["explanation"] for line in holds if line["explanation"]))
    agreed = len({line["rating"] for line in holds}) == 1
    status = "consensus" if consensus else "one_rater" if len(raters) == 1 else "agreed" if agreed else "conflict"
    return {
        "rating": int(holds[0]["rating"]) if agreed else None,
        "explanation": "; ".join(said),
        "raters": join_list(f"{line['rated_by']}={moved(line['rating'])}" for line in ordered),
        "status": status,
    }


def moved(rating: int) -> str:
    """A rating with its sign; 0 has none."""
    return f"{rating:+d}" if rating else "0"


def level(begin: str, ratings: Mapping[str, int | None]) -> str:
    """Certainty from the starting level and the ratings by domain, never above high or below very low; blank until
    all five domains that lower it are rated."""
    if not begin or any(ratings.get(domain) is None for domain in LOWERING):
        return ""
    place = LEVELS.index(begin) + sum(rating or 0 for rating in ratings.values())
    return LEVELS[min(max(place, 0), len(LEVELS) - 1)]


def certainty_row(analysis: str, begin: str, domains: Mapping[str, Row], decided: Row | None) -> Row:
    """The row of certainty.csv of results: people's word where there is one, else what follows from all ratings."""
    rated = level(begin, {name: row["rating"] for name, row in domains.items()})
    states = {row["status"] for row in domains.values()}
    row: Row = {"analysis": analysis, "start": begin, "rated": rated, "explanation": "", "differs": False, "issue": ""}
    if decided is not None:
        certainty = decided["certainty"]
        differs = bool(rated and rated != certainty)
        return row | {
            "certainty": certainty, "explanation": decided["explanation"], "status": "decided", "differs": differs,
            "issue": _UNEXPLAINED.format(certainty, rated) if differs and not decided["explanation"] else "",
        }  # fmt: skip
    if rated and "conflict" not in states:
        named = {name.replace("_", " "): d for name, d in domains.items() if d["rating"]}
        said = [f"{name} {moved(d['rating'])}: {d['explanation']}" for name, d in named.items()]
        return row | {"certainty": rated, "explanation": ". ".join(said), "status": "from_ratings"}
    status = "conflict" if "conflict" in states else "not_assessed" if states == {"not_rated"} else "incomplete"
    return row | {"certainty": "not_assessed", "status": status, "issue": _left(begin, domains, status)}


def _left(begin: str, domains: Mapping[str, Row], status: str) -> str:
    """What keeps the ratings from giving a level."""
    if status == "not_assessed":
        return ""
    differ = [name for name, d in domains.items() if d["status"] == "conflict"]
    lack = [name for name in LOWERING if domains[name]["status"] == "not_rated"]
    said = [f"the raters differ on {', '.join(differ)}: add a line rated by {CONSENSUS}"] if differ else []
    said += [f"rate {', '.join(lack)}"] if lack else []
    said += [] if begin else ["say in appraisal.start of config.yaml where the evidence starts"]
    return "; ".join(said)
