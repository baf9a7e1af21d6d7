"""Retractions, expressions of concern and errata, as the stages after dedupe look them up by report."""

from collections.abc import Iterable

import pandas as pd

from reviewflow.tables import join_list, rows_of

# From the gravest.
GRAVITY = ("retraction", "concern", "erratum")


def by_report(notices: pd.DataFrame) -> dict[str, str]:
    """What the notices say of each report, as a list cell: "retraction" where it is known, "maybe retraction" where
    the tie is doubtful, and "notice of retraction" where the report is the notice itself. The gravest first."""
    said: dict[str, set[tuple[int, str]]] = {}
    for line in rows_of(notices):
        rank = GRAVITY.index(line["notice"])
        if line["notice_role"] == "notice":
            said.setdefault(line["report_id"], set()).add((rank, f"notice of {line['notice']}"))
        if line["about"]:
            word = f"maybe {line['notice']}" if line["tie"] == "maybe" else line["notice"]
            said.setdefault(line["about"], set()).add((rank, word))
    return {report: join_list(_words(words)) for report, words in said.items()}


def _words(words: Iterable[tuple[int, str]]) -> list[str]:
    """The gravest first; what is known makes "maybe" idle."""
    known = {word for _, word in words}
    ordered = [word for _, word in sorted(words)]
    return [word for word in ordered if word.removeprefix("maybe ") == word or word[len("maybe ") :] not in known]
