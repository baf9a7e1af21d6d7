"""Methods as text, generated from config/ and the data (PRISMA 2020 items 5 to 15)."""

from collections import Counter
from collections.abc import Sequence

from reviewflow.page import wording
from reviewflow.page.document import Block, Heading, Inline, Link, Section, paragraph
from reviewflow.protocol import RATIOS

from . import pooling_text
from .review import Review
from .search import coverage

_AS_STATED = " stand as config.yaml states them."


def section(review: Review) -> Section:
    """The section on methods."""
    parts: tuple[tuple[str, str, list[list[Inline]]], ...] = (
        ("Eligibility (item 5)", "eligibility", [[Link("The criteria", "#question"), _AS_STATED]]),
        ("Information sources and strategies (items 6 and 7)", "sources", _sources(review)),
        ("Selection (item 8)", "selection", [[text] for text in (_duplicates(review), *_selection(review))]),
        ("Data collection and data items (items 9 and 10)", "collection", [[text] for text in _collection(review)]),
        ("Risk of bias (item 11)", "bias", [[_bias(review)]]),
        ("Effect measures (item 12)", "measures", [[_measures(review)]]),
        ("Synthesis (item 13)", "synthesis", [[text] for text in pooling_text.synthesis(review)]),
        ("Reporting bias and certainty (items 14 and 15)", "certainty", [[_certainty(review)]]),
        ("Software", "software", [[_software(review)]]),
    )
    blocks: list[Block] = []
    for title, name, texts in parts:
        blocks.append(Heading(title, wording.anchor("methods", name)))
        blocks += [paragraph(*parts_of) for parts_of in texts if "".join(map(str, parts_of))]
    return Section("methods", "Methods", "Methods", tuple(blocks))


def _sources(review: Review) -> list[list[Inline]]:
    searches = review.lines("records/search/searches")
    if not searches:
        return [["No source has been searched yet."]]
    listed = wording.listed(
        f"{line['source']}{_via(line['platform'])} ({line['date_run']}; coverage {coverage(line)})" for line in searches
    )
    texts: list[Inline] = [f"Searched were {listed}."]
    if any(review.strategies.get(line["strategy_file"]) for line in searches):
        texts += [" ", Link("The strategies", "#strategies"), " are the files of records/search/strategies/, verbatim."]
    return [texts]


def _via(platform: str) -> str:
    return f" via {platform}" if platform else ""


def _duplicates(review: Review) -> str:
    rules = Counter(review.table("dedupe/clusters")["matched_by"])
    rules.pop("", None)
    if not rules:
        return "No record is a duplicate of another so far."
    named = wording.listed(f"{wording.human(rule)} ({n})" for rule, n in sorted(rules.items()))
    return (
        f"Records of one report are joined by named rules, which joined this many sightings: {named}. Pairs that "
        "the rules leave in doubt are ruled on by a person."
    )


def _selection(review: Review) -> list[str]:
    reviewers = review.setting("screening", "reviewers", [])
    if not reviewers:
        return ["Nobody is named to screen yet."]
    votes = review.setting("screening", "reviewers_per_report", 2)
    unsure = "a conflict" if review.setting("screening", "unsure_counts_as") == "conflict" else "include"
    independent = " independently, each in a file of their own" if votes > 1 else ""
    who = _people("reviewer", reviewers)
    if len(reviewers) > votes:
        who = f"{wording.word(votes)} of the reviewers {wording.listed(reviewers)}"
    texts = [
        f"Each record is judged by title and abstract, and each report that is sought by its full text, by {who}"
        f"{independent}.",
        *_drawn(review, reviewers, votes),
    ]
    return [
        " ".join(texts),
        f"At title and abstract, unsure counts as {unsure}; at full text it is a conflict. "
        f"{_resolved('Conflicts', review.setting('screening', 'adjudicator'))} Each report excluded at full text has "
        "one primary reason. No automation tool makes a decision.",
    ]


def _drawn(review: Review, reviewers: Sequence[str], votes: int) -> list[str]:
    """Who is drawn for what, and who left."""
    pilot, sample = review.setting("screening", "pilot", 0), review.setting("screening", "check_sample", 0)
    former = review.setting("screening", "former_reviewers", [])
    seed = review.setting("screening", "seed")
    texts = []
    if len(reviewers) > votes:
        texts.append("Who judges which is drawn by digests of report and reviewer.")
    if pilot and len(reviewers) > 1:
        texts.append(f"A pilot of {wording.several(pilot, 'record')}, drawn by digest, is judged by every reviewer.")
    if sample:
        texts.append(f"A second reviewer judges a check sample of {sample:g}%, drawn by digest.")
    if texts and seed:
        texts.append(f'The seed of the draws is "{seed}".')
    if former:
        texts.append(f"What {wording.listed(former)} decided before leaving counts.")
    return texts


def _people(role: str, names: Sequence[str]) -> str:
    noun = role if len(names) == 1 else f"{role}s"
    return f"{wording.word(len(names))} {noun} ({wording.listed(names)})"


def _resolved(what: str, person: str) -> str:
    return f"{what} are resolved by {person}." if person else f"Nobody is named to resolve {what.lower()}."


def _collection(review: Review) -> list[str]:
    extractors = review.setting("extraction", "extractors", [])
    if not extractors:
        return ["Nobody is named to extract yet."]
    how = " independently" if len(extractors) > 1 else ""
    fields = [field["label"] for field in review.setting("extraction", "study_fields", [])]
    outcomes = [
        f"{line['label']} ({', '.join(filter(None, (line['kind'], line['unit'])))})"
        for line in review.outcomes.values()
    ]
    who = wording.sentence(f"{_people('extractor', extractors)} extracted{how}; each value carries its page")
    text = f"{who.removesuffix('.')}, and its quote where one is given."
    if len(extractors) > 1:
        text += f" {_resolved('Disagreements', review.setting('extraction', 'adjudicator'))}"
    items = f"Characteristics read from each study: {wording.listed(fields)}." if fields else ""
    return [text, f"{items} {f'Outcomes: {wording.listed(outcomes)}.' if outcomes else ''}".strip()]


def _bias(review: Review) -> str:
    assessors = review.setting("appraisal", "assessors", [])
    note = wording.sentence(review.setting("appraisal", "note"))
    if not assessors:
        return f"Risk of bias is not assessed. {note}".strip()
    tools = sorted({line["tool"] for line in review.lines("appraisal/risk_of_bias") if line["tool"]})
    how = f" with {wording.listed(tools)}" if tools else ""
    return f"Risk of bias is assessed by {_people('assessor', assessors)}{how}. {note}".strip()


def _measures(review: Review) -> str:
    found: dict[str, list[str]] = {}
    for line in review.analyses:
        found.setdefault(line["measure"], []).append(review.outcome(line["outcome"]))
    if not found:
        return "No analysis is specified."
    texts = (
        f"{wording.measure(measure).lower()} ({measure}) for {wording.listed(dict.fromkeys(outcomes))}"
        for measure, outcomes in found.items()
    )
    ratio = " Ratios are pooled as logarithms." if RATIOS & set(found) else ""
    return f"{wording.sentence('; '.join(texts))}{ratio}"


def _certainty(review: Review) -> str:
    graded = [line for line in review.lines("appraisal/certainty") if line["certainty"] != "not_assessed"]
    rated = "rated by GRADE" if graded else "not rated"
    return f"{pooling_text.small_studies(review)} Certainty of the evidence is {rated}."


def _software(review: Review) -> str:
    versions = review.provenance.get("versions", {})
    others = wording.listed(f"{name} {version}" for name, version in sorted(versions.items()))
    return f"Computed with reviewflow {review.provenance.get('reviewflow', '')}{f', {others}' if others else ''}."
