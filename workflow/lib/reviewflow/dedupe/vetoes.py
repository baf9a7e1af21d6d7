"""Vetoes: what keeps two records apart however alike they are. They come before every rule that would merge them."""

from .conditions import identifier, same_journal, same_place, same_range, same_supplement
from .rule import Rule

VETOES = (
    Rule("notice", "an erratum, retraction, comment or reply, and its subject", lambda f: ~f["same_notice"]),
    Rule(
        "part",
        "part I and part II, a phase II and a phase III trial; (一) and (二)",
        lambda f: (f["parts_differ"] | f["one_is_part"] & ~same_place(f)) & (f["pmid"] != 1),
    ),
    Rule("edition", "an update of a Cochrane review, with a DOI of its own", lambda f: f["edition"] == 0),
    Rule(
        "edition_in_print",
        "Cochrane reviews of one number in two consecutive years that share no DOI: a protocol, the review, its "
        "updates",
        lambda f: f["cochrane"] & (f["page"] == 1) & (f["years"] == 1) & ~identifier(f),
    ),
    Rule(
        "notice_by_type",
        "an erratum or a retraction that only its type tells from its subject",
        lambda f: f["typed_notice_differs"] & ~identifier(f),
    ),
    Rule(
        "thesis",
        "a thesis and the report of it in a journal",
        lambda f: f["thesis_differs"] & ~identifier(f) & ~same_place(f),
    ),
    Rule(
        "conference",
        "a conference abstract and the full report of the same work",
        lambda f: f["conference_differs"] & ~identifier(f) & ~same_supplement(f),
    ),
    Rule(
        "numbers",
        "titles that differ in a number, such as the years of follow-up",
        lambda f: (
            (f["numbers"] == 0)
            & (f["title"] < 100)
            & ~f["prefix"]
            & ~identifier(f)
            & ~((f["page"] == 1) & (f["volume"] == 1))
        ),
    ),
    Rule(
        "contrast",
        "titles that differ in a word that turns their meaning: men and women, with and without, type I and type II",
        lambda f: f["contrast_differs"] & (f["title"] < 100) & ~f["prefix"] & ~identifier(f) & ~same_range(f),
    ),
    Rule(
        "recurring",
        "titles that return in many issues, such as an editorial or an introduction to the special issue",
        lambda f: f["recurring"] & ((f["page"] == 0) | (f["issue"] == 0)) & ~identifier(f),
    ),
    Rule("pmid", "two PubMed records without a common DOI", lambda f: (f["pmid"] == 0) & (f["doi"] != 1)),
    Rule(
        "place",
        "the same title in another volume and on other pages, as recurring titles and second publications have it",
        lambda f: (f["volume"] == 0) & (f["page"] == 0) & ~identifier(f),
    ),
    Rule(
        "journal",
        "the same title in another journal and volume, as a conference abstract and a later report may have it",
        lambda f: (f["volume"] == 0) & f["journal"].notna() & ~same_journal(f) & ~identifier(f),
    ),
    Rule("trial", "reports of different registered trials", lambda f: f["trials_differ"] & ~identifier(f)),
)
