"""Agreement of the reviewers, what they disagreed on, and decisions from before a change of the protocol."""

import re
from collections import Counter

from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Heading,
    Link,
    Paragraph,
    Row,
    Section,
    Table,
    col,
    num,
    paragraph,
    row,
    wide,
)
from reviewflow.tables import parse_time, split_list

from .review import Line, Review

_NOT_ESTIMABLE = "not estimable"
_ROUNDS = {"all": "all", "pilot": "pilot", "main": "after the pilot"}
# Parts of a protocol that say what is screened and how.
_ABOUT_SCREENING = re.compile(r"screening|eligibility|selection|criteri", re.IGNORECASE)


def section(review: Review) -> Section:
    """The section on agreement and conflicts."""
    blocks: list[Block] = [
        paragraph(
            "Agreement is computed from each reviewer's own votes, before any consensus; "
            f"{_unsure(review)} A mind that was changed after all had decided, or after the first adjudication, counts "
            "as it was before. A report is left out for a pair of whom one decided only after the adjudication, or "
            "said different things on its records. "
            "Kappa depends on how often reports are included, so it stands beside the prevalence- and bias-adjusted "
            "kappa (PABAK), the prevalence index (PI), the bias index (BI), and the agreement on include (P_pos) and "
            "on exclude (P_neg). The band is Cochrane's (Orwin 1994): below 0.40 poor, "
            "0.40 to 0.59 fair, 0.60 to 0.74 good, 0.75 and above excellent."
        ),
        *_pairs(review),
        *_all(review),
        *_amended(review),
        Heading("Conflicts", "conflicts"),
        _kinds(review),
        _left(review),
    ]
    return Section("agreement", "Agreement between reviewers", "Agreement", tuple(blocks))


def _unsure(review: Review) -> str:
    """What unsure counts as in the agreement, and that it is otherwise a conflict where config.yaml says so."""
    if review.setting("screening", "unsure_counts_as") == "conflict":
        return "in these figures alone unsure stands with include, whereas in screening it is a conflict."
    return "unsure counts as include."


def _pairs(review: Review) -> list[Block]:
    """The measures, and below them the counts that they are made of: in one table they are wider than the page."""
    lines = sorted(review.lines("screening/agreement"), key=_order)
    who = (col("Stage"), col("Round"), col("Reviewers"), num("Reports"))
    measures = (
        *who, num("Raw agreement"), num("Kappa (95% CI)"), col("Band"), num("PABAK"), num("PI"), num("BI"),
        num("P_pos"), num("P_neg"),
    )  # fmt: skip
    counts = (
        *who, num("Both include"), num("First only"), num("Second only"), num("Both exclude"), num("Left out"),
        num("Raw, unsure apart"), num("Same reason"),
    )  # fmt: skip
    title, empty = "Agreement of each pair of reviewers", "No report has been judged by two reviewers yet."
    table = Table("agreement_pairs", title, measures, tuple(map(_measured, lines)), empty=empty, file="agreement")
    return [table, *([Table("agreement_counts", "Their votes", counts, tuple(map(_counted, lines)))] if lines else [])]


def _order(line: Line) -> tuple[int, int]:
    return list(wording.STAGES).index(line["stage"]), list(_ROUNDS).index(line.get("round", "all"))


def _who(line: Line) -> tuple[str, str, str, str]:
    pair = f"{line['reviewer_a']}, {line['reviewer_b']}"
    return wording.STAGES[line["stage"]], _ROUNDS[line["round"]], pair, wording.integer(line["n"])


def _measured(line: Line) -> Row:
    kappa = wording.estimate((line["kappa"], line["kappa_lower"], line["kappa_upper"]), 3)
    if wording.known(line["kappa"]) and not wording.known(line["kappa_lower"]):
        kappa = wording.number(line["kappa"], 3)
    return row(
        *_who(line), _share(line["agreement"]), kappa if wording.known(line["kappa"]) else _NOT_ESTIMABLE, line["band"],
        *(_share(line[name]) for name in ("pabak", "prevalence_index", "bias_index", "p_pos", "p_neg")),
    )  # fmt: skip


def _counted(line: Line) -> Row:
    names = ("both_include", "only_a_includes", "only_b_includes", "both_exclude", "left_out")
    counted = (wording.integer(line[name]) for name in names)
    return row(*_who(line), *counted, _share(line["agreement_three"]), _reason(line))


def _share(value: object) -> str:
    return wording.number(value, 3) or _NOT_ESTIMABLE


def _reason(line: Line) -> str:
    """Agreement on the reason among the reports that both excluded at full text; at title and abstract none is
    asked for."""
    if not wording.known(line["reason_n"]):
        return ""
    return f"{_share(line['reason_agreement'])} of {line['reason_n']}" if line["reason_n"] else _NOT_ESTIMABLE


def _all(review: Review) -> list[Block]:
    """Agreement of all reviewers together, where more than two voted."""
    lines = sorted(review.lines("screening/agreement_all"), key=_order)
    if all(len(split_list(line["reviewers"])) < 3 for line in lines):
        return []
    heads = (
        col("Stage"), col("Round"), num("Reviewers"), num("Reports"), num("Votes"), num("Raw agreement"),
        num("Fleiss' kappa"), num("Krippendorff's alpha"), col("Krippendorff 2004"),
    )  # fmt: skip
    rows = tuple(
        row(
            wording.STAGES[line["stage"]], _ROUNDS[line["round"]], str(len(split_list(line["reviewers"]))),
            str(line["n_reports"]), str(line["n_votes"]), _share(line["agreement"]), _share(line["fleiss_kappa"]),
            _share(line["krippendorff_alpha"]), line["band"],
        )
        for line in lines
    )  # fmt: skip
    text = (
        "Of more than two reviewers, raw agreement is that of the pairs of votes on a report, averaged over reports. "
        "Fleiss' kappa is not estimable where reports have different numbers of votes; Krippendorff's alpha (nominal) "
        "is. The band is that of alpha (Krippendorff 2004): below 0.667 unreliable, 0.667 to 0.799 tentative, 0.800 "
        "and above reliable."
    )
    return [
        paragraph(text),
        Table("agreement_all", "Agreement of all reviewers together", heads, rows, file="agreement_all"),
    ]


def _amended(review: Review) -> list[Paragraph]:
    """How many decisions are older than each change of the protocol that concerns screening."""
    changes = [line for line in review.lines("records/amendments") if _ABOUT_SCREENING.search(line["section"])]
    if not changes:
        return []
    votes = review.table("screening/votes")
    decisions = votes[(votes["role"] == "reviewer") & (votes["decision"] != "withdraw")]
    times = [parse_time(cell) for cell in decisions["decided_at"].tolist()]
    dated = [time for time in times if time]
    undated = len(times) - len(dated)
    rest = f"; {wording.several(undated, 'decision')} without a time" if undated else ""
    texts = []
    for change in sorted(changes, key=lambda line: line["date"]):
        day = parse_time(change["date"])
        older = sum(day is not None and time < day for time in dated)
        if older:
            texts.append(
                f"The protocol was amended on {change['date']} ({change['section']}: {change['change']}): "
                f"{wording.several(older, 'decision')} of reviewers before that day, {len(dated) - older} on it or "
                f"later{rest}."
            )
    return [paragraph(text) for text in texts]


def _kinds(review: Review) -> Table:
    """Conflicts by what differs, those that are settled and those that are left."""
    resolved: Counter[tuple[str, str]] = Counter()
    for stage in ("title_abstract", "full_text"):
        table = review.table(f"screening/{stage}")
        resolved.update((stage, kind) for kind in table[table["consensus"] == "adjudicated"]["kind"].tolist())
    left = Counter((line["stage"], line["kind"]) for line in review.lines("screening/conflicts"))
    rows = tuple(
        row(
            wording.STAGES[stage], wording.human(kind), str(resolved[stage, kind] + left[stage, kind]),
            str(resolved[stage, kind]), str(left[stage, kind]),
        )
        for stage in ("title_abstract", "full_text") for kind in ("decision", "reason", "collision")
        if resolved[stage, kind] + left[stage, kind]
    )  # fmt: skip
    heads = (col("Stage"), col("What differs"), num("Conflicts"), num("Adjudicated"), num("Left"))
    return Table("conflict_kinds", "Conflicts by what differs", heads, rows, empty="No conflict so far.")


def _left(review: Review) -> Table:
    rows = tuple(
        row(
            Link(line["report_id"], wording.to("report", line["report_id"])), wording.STAGES[line["stage"]],
            wording.human(line["kind"]), ", ".join(split_list(line["votes"])), line["title"],
        )
        for line in sorted(review.lines("screening/conflicts"), key=_order)
    )  # fmt: skip
    heads = (col("Report"), col("Stage"), col("What differs"), col("Votes"), wide("Title"))
    empty = (
        "None: every difference between reviewers is resolved." if len(review.table("screening/agreement")) else "None."
    )
    return Table("conflicts_left", "Reports in conflict", heads, rows, empty=empty, file="conflicts")
