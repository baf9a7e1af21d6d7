"""The PRISMA 2020 flow diagram as data: which boxes, which lines, and where each count leads.

Texts are those of the official templates for new reviews (Page et al. 2021, BMJ 372:n71); lines about what awaits
are ours and stand only in a review that is not finished.
"""

from dataclasses import dataclass

from reviewflow.page import wording

from .review import Review

# What each count of flow.csv is called; also the rows of the table beside the diagram.
LABELS = {
    "database_results": "Records identified from databases",
    "database_specific_results": "from",
    "register_results": "Records identified from registers",
    "register_specific_results": "from",
    "duplicates": "Duplicate records removed",
    "excluded_automatic": "Records marked as ineligible by automation tools",
    "excluded_other": "Records removed for other reasons",
    "records_screened": "Records screened",
    "records_excluded": "Records excluded",
    "records_awaiting": "Records awaiting a decision",
    "dbr_sought_reports": "Reports sought for retrieval",
    "dbr_notretrieved_reports": "Reports not retrieved",
    "dbr_awaiting_retrieval": "Reports awaiting retrieval",
    "dbr_assessed": "Reports assessed for eligibility",
    "dbr_awaiting_assessment": "Reports awaiting a decision",
    "dbr_excluded": "Reports excluded",
    "website_results": "Records identified from websites",
    "organisation_results": "Records identified from organisations",
    "citations_results": "Records identified from citation searching",
    "other_results": "Records identified from other sources",
    "other_sought_reports": "Reports sought for retrieval (other methods)",
    "other_notretrieved_reports": "Reports not retrieved (other methods)",
    "other_awaiting_retrieval": "Reports awaiting retrieval (other methods)",
    "other_assessed": "Reports assessed for eligibility (other methods)",
    "other_awaiting_assessment": "Reports awaiting a decision (other methods)",
    "other_excluded": "Reports excluded (other methods)",
    "new_studies": "Studies included in review",
    "new_reports": "Reports of included studies",
    "total_studies": "All studies included, earlier versions of the review counted",
    "total_reports": "All reports of included studies, earlier versions of the review counted",
}
OTHER_SOURCES = {
    "website_results": "Websites",
    "organisation_results": "Organisations",
    "citations_results": "Citation searching",
    "other_results": "Other sources",
}
# Counts that take in what is still to decide: the count of that, and how the box is called while there is any.
UNDECIDED = {
    "records_screened": ("records_awaiting", "Records to screen"),
    "dbr_assessed": ("dbr_awaiting_assessment", "Reports to assess for eligibility"),
    "other_assessed": ("other_awaiting_assessment", "Reports to assess for eligibility (other methods)"),
}
Counts = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Line:
    """A line of a box; `href` leads to the records that are counted. Lines about what awaits look different."""

    text: str
    n: int | None = None
    href: str = ""
    indent: int = 0
    awaiting: bool = False


BoxLines = tuple[Line, ...]


@dataclass(frozen=True)
class Column:
    """One column of the diagram: main boxes by row, and the boxes at their right."""

    header: str
    main: dict[str, BoxLines]
    side: dict[str, BoxLines]


@dataclass(frozen=True)
class Flow:
    """The whole diagram; `other` is None in a review of databases and registers only."""

    title: str
    description: str
    databases: Column
    other: Column | None
    included: BoxLines


def flow_of(review: Review) -> Flow:
    """The diagram of all waves."""
    others = any(review.count(data) for data in (*OTHER_SOURCES, "other_sought_reports"))
    kind = "databases, registers and other sources" if others else "databases and registers only"
    databases = Column(
        "Identification of studies via databases and registers", _database_main(review), _database_side(review)
    )
    included = tuple(_counted(review, data, LABELS[data]) for data in ("new_studies", "new_reports"))
    return Flow(
        "PRISMA 2020 flow diagram",
        f"Flow diagram for new systematic reviews which included searches of {kind}. {spoken(review)}",
        databases,
        Column("Identification of studies via other methods", _other_main(review), _other_side(review))
        if others
        else None,
        included,
    )


def spoken(review: Review) -> str:
    """The diagram in a sentence."""
    counts = {data: review.count(data) for data in LABELS}
    identified = counts["database_results"] + counts["register_results"]
    return (
        f"{wording.several(identified, 'record')} identified from databases and registers, "
        f"{wording.several(counts['duplicates'], 'duplicate')} removed, "
        f"{_spoken_of(review, 'records_screened', 'screened', 'to screen')}, "
        f"{counts['records_excluded']} excluded; {wording.several(counts['dbr_sought_reports'], 'report')} sought, "
        f"{counts['dbr_notretrieved_reports']} not retrieved, "
        f"{_spoken_of(review, 'dbr_assessed', 'assessed', 'to assess')}, "
        f"{counts['dbr_excluded']} excluded; {wording.several(counts['new_studies'], 'study', 'studies')} in "
        f"{wording.several(counts['new_reports'], 'report')} included."
    )


def _counted(review: Review, data: str, text: str, part: str = "", indent: int = 0, awaiting: bool = False) -> Line:
    n = review.count(data, part)
    return Line(text, n, wording.to("box", f"{data}/{part}" if part else data) if n else "", indent, awaiting)


def label(review: Review, data: str) -> str:
    """What a count is called, which says so where some of it is still to decide."""
    awaiting, text = UNDECIDED.get(data, ("", ""))
    return text if awaiting and review.count(awaiting) else LABELS.get(data, wording.human(data))


def decided(review: Review, data: str) -> int | None:
    """How many of a count are decided; None where all are."""
    awaiting = review.count(UNDECIDED[data][0])
    return review.count(data) - awaiting if awaiting else None


def _judged(review: Review, data: str) -> BoxLines:
    text, n = label(review, data).removesuffix(" (other methods)"), decided(review, data)
    part = () if n is None else (Line("of which decided", n, indent=1, awaiting=True),)
    return (_counted(review, data, text), *part)


def _spoken_of(review: Review, data: str, done: str, to_do: str) -> str:
    n = decided(review, data)
    return f"{review.count(data)} {done if n is None else f'{to_do} ({n} decided)'}"


def _awaiting(review: Review, data: str, text: str) -> BoxLines:
    return (_counted(review, data, text, awaiting=True),) if review.count(data) else ()


def _sources(review: Review, data: str) -> BoxLines:
    names = [part for (name, part) in review.flow if name == data and part]
    return tuple(_counted(review, data, name, part=name, indent=2) for name in names)


def _database_main(review: Review) -> dict[str, BoxLines]:
    identified = (
        Line("Records identified from:"),
        _counted(review, "database_results", "Databases", indent=1),
        *_sources(review, "database_specific_results"),
        _counted(review, "register_results", "Registers", indent=1),
        *_sources(review, "register_specific_results"),
    )
    return {
        "identified": identified,
        "screened": _judged(review, "records_screened"),
        **_reports_main(review, "dbr"),
    }


def _reports_main(review: Review, route: str) -> dict[str, BoxLines]:
    return {
        "sought": (_counted(review, f"{route}_sought_reports", "Reports sought for retrieval"),),
        "assessed": _judged(review, f"{route}_assessed"),
    }


def _database_side(review: Review) -> dict[str, BoxLines]:
    removed = (
        Line("Records removed before screening:"),
        _counted(review, "duplicates", "Duplicate records removed", indent=1),
        Line("Records marked as ineligible by automation tools", review.count("excluded_automatic"), indent=1),
        Line("Records removed for other reasons", review.count("excluded_other"), indent=1),
    )
    excluded = _counted(review, "records_excluded", "Records excluded")
    return {
        "identified": removed,
        "screened": (excluded, *_awaiting(review, "records_awaiting", "Records awaiting a decision")),
        **_reports_side(review, "dbr"),
    }


def _reports_side(review: Review, route: str) -> dict[str, BoxLines]:
    not_retrieved = _counted(review, f"{route}_notretrieved_reports", "Reports not retrieved")
    data = f"{route}_excluded"
    found = [part for (name, part) in review.flow if name == data and part and review.flow[name, part]]
    known = [reason for reason in review.reasons if reason in found]
    reasons = [*known, *(part for part in found if part not in known)]
    labels = {reason: review.reasons.get(reason, reason) for reason in reasons}
    return {
        "sought": (not_retrieved, *_awaiting(review, f"{route}_awaiting_retrieval", "Reports awaiting retrieval")),
        "assessed": (
            _counted(review, data, f"Reports excluded{':' if reasons else ''}"),
            *(_counted(review, data, labels[reason], part=reason, indent=1) for reason in reasons),
            *_awaiting(review, f"{route}_awaiting_assessment", "Reports awaiting a decision"),
        ),
    }


def _other_main(review: Review) -> dict[str, BoxLines]:
    sources = tuple(
        _counted(review, data, text, indent=1)
        for data, text in OTHER_SOURCES.items()
        if data != "other_results" or review.count(data)
    )
    return {"identified": (Line("Records identified from:"), *sources), **_reports_main(review, "other")}


def _other_side(review: Review) -> dict[str, BoxLines]:
    return _reports_side(review, "other")
