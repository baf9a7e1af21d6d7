"""Retractions, errata and expressions of concern: what a record says of itself or of another report.

From PubMed's tags (nlm.nih.gov/bsd/mms/medlineelements.html#cc), the publication types of PubMed, Embase, Scopus and
Web of Science, and the openings of titles that publishers use.
"""

import re
from functools import lru_cache

RETRACTION, CONCERN, ERRATUM = "retraction", "concern", "erratum"
# role: "notice" is the notice itself, "subject" the report that a notice is about.
_LINKS = {
    "ROF": (RETRACTION, "notice"), "RIN": (RETRACTION, "subject"),
    "ECF": (CONCERN, "notice"), "ECI": (CONCERN, "subject"),
    "EFR": (ERRATUM, "notice"), "EIN": (ERRATUM, "subject"),
}  # fmt: skip
_TYPES = {
    "retracted publication": (RETRACTION, "subject"), "retracted article": (RETRACTION, "subject"),
    "retracted": (RETRACTION, "subject"), "withdrawn publication": (RETRACTION, "subject"),
    "retraction of publication": (RETRACTION, "notice"), "retraction notice": (RETRACTION, "notice"),
    "retraction": (RETRACTION, "notice"), "withdrawal": (RETRACTION, "notice"),
    "expression of concern": (CONCERN, "notice"),
    "published erratum": (ERRATUM, "notice"), "erratum": (ERRATUM, "notice"), "corrigendum": (ERRATUM, "notice"),
    "correction": (ERRATUM, "notice"), "correction, addition": (ERRATUM, "notice"),
    "trial registry erratum": (ERRATUM, "notice"),
}  # fmt: skip
# What must follow the word, so that "Retraction of the foreskin" and "Correction of hyponatraemia" are none.
_STOP = r"(?:\s(?:notice|note|statement))?(?:\s(?:to|of|for|on))?\s?[:：.\"“'‘\[(]"
_TITLES = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"\[?(?:retracted|withdrawn)(?:\s(?:article|publication|chapter))?\s?[:：\]]", (RETRACTION, "subject")),
        (rf"(?:retraction|withdrawal){_STOP}", (RETRACTION, "notice")),
        (r"notice\sof\s(?:retraction|withdrawal)\b|retraction\s(?:note|notice)\b", (RETRACTION, "notice")),
        (r"(?:editorial\s)?expressions?\sof\sconcern\b", (CONCERN, "notice")),
        (r"(?:errat(?:um|a)|corrigend(?:um|a)|(?:author|publisher)\scorrection)\b", (ERRATUM, "notice")),
        (r"corrections?(?:\snotice)?(?:\s(?:to|for))?\s?[:：\"“'‘]", (ERRATUM, "notice")),
        (r"撤稿|撤销|撤回", (RETRACTION, "notice")),
        (r"勘误|更正|编辑部更正", (ERRATUM, "notice")),
    )
)
_ORDER = (RETRACTION, CONCERN, ERRATUM)
_HINTS = ("retract", "withdra", "concern", "errat", "corrig", "correction", "撤", "勘误", "更正")


@lru_cache(maxsize=1 << 12)
def _hints(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _HINTS)


def notice(title: str, types: list[str], links: list[str]) -> tuple[str, str]:
    """The gravest notice and the record's role in it ("notice" or "subject"), or two blanks."""
    found = [_LINKS[link] for link in links if link in _LINKS]
    if found or _hints(title[:60]) or any(map(_hints, types)):
        found += [kind for name in types if (kind := _TYPES.get(name.casefold().strip(" .")))]
        found += [kind for pattern, kind in _TITLES if pattern.match(title)]
    # A record that is the notice itself says so before what it says of its own corrections.
    return min(found, key=lambda kind: (_ORDER.index(kind[0]), kind[1] != "notice"), default=("", ""))
