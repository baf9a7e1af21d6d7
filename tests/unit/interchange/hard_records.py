"""Records whose texts try to break a format, and the comparison that every format must stand."""

import pandas as pd
from hypothesis import strategies as st
from reviewflow.interchange import DECISION, FIELDS, FORMATS
from reviewflow.interchange.columns import LISTS, PHASES, one_line

# What means something to one of the formats, to a tool or to a spreadsheet.
TRAPS = (
    "TY  - JOUR", "ER  - ", "\nER  - \n", "\r\nTI  - x", "AB  - ", "Record #1 of 2", "1.", "=1+1", "+1", "-1", "@a",
    "'=1", "''=1", "＝1", "\t=1", "'", '"', '""', ",", "%", "%2C", "%zz", "%ff", "|", " | ", "a and b", "and", "and x",
    "x and", "[x]", "{x}", "=>", "<p>note</p>", "<i>x</i>", "&amp;", "RAYYAN-INCLUSION: {\"A\"=>\"Included\"}",
    "RAYYAN-EXCLUSION-REASONS: x,y", "USER-NOTES: {\"A\"=>[\"b\"]}", "ASReview_relevant", "asreview_note: \"x\"",
    "reviewflow: record_id=other; decision=include", "status:included", "Reason:x", "status: post", "reason",
    "Exclusion reason: x", "494-6", "12-12", "1-2-3", "S1-S9", "\u2028", "\x85", "\x0b", "\x1c", "\x00", "\u00a0",
    "\u3000", "\ufeff", "间充质干细胞", "红斑狼疮，系统性", "é", "\U0001f600", "  two  blanks  ", "2020.0", "nan", "NA",
)  # fmt: skip
_TEXT = st.lists(
    st.one_of(st.sampled_from(TRAPS), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)), max_size=4
).map(lambda parts: "".join(parts).replace(";", ","))


@st.composite
def tables(draw):
    """A table as `reviewflow.interchange.records` gives it. Its cells are chosen from a few texts: to draw each on its
    own takes ten times as long as the test itself."""
    texts = draw(st.lists(_TEXT, min_size=1, max_size=8))
    words = [word for text in texts if (word := one_line(text))] or ["x"]
    chance = draw(st.randoms(use_true_random=False))

    def some(least=0):
        return "; ".join(chance.choices(words, k=chance.randint(least, 3)))

    rows = []
    for number in range(draw(st.integers(1, 3))):
        row = {name: some() if name in LISTS else chance.choice(["", *texts]) for name in FIELDS}
        row |= {"year": chance.choice(["", "2020"]), "pmid": chance.choice(["", "123"]), "record_ids": some(1)}
        row |= {"record_id": f"S{number}:{chance.choice(words)}", PHASES: "search"} | dict.fromkeys(DECISION, "")
        decision = chance.choice(["", "include", "exclude", "unsure"])
        if decision:
            row |= {name: chance.choice(["", *texts]) for name in ("note", "reviewer")} | {"decision": decision}
            row["stage"] = chance.choice(["title_abstract", "full_text"])
            row["reason"] = chance.choice(["", *texts]) if decision == "exclude" else ""
            row["decided_at"] = chance.choice(["", "2020-05-17", "2020-05-17T09:30:00Z"])
        rows.append(row)
    return pd.DataFrame(rows, columns=[*FIELDS, *DECISION, PHASES], dtype=object)


def differences(name, table, back):
    """What a format changed, beyond white space, in what it has a place for."""
    fields = [column for column in FIELDS if column not in FORMATS[name].lost]
    found = [f"{len(back.records)} of {len(table)}"] if len(back.records) != len(table) else []
    found += [str(fault) for fault in back.faults]
    for left, columns in ((back.records, fields), (back.decisions, DECISION)):
        for column in columns:
            pairs = zip(table[column], left[column], strict=False)
            found += [f"{column}: {a!r} -> {b!r}" for a, b in pairs if one_line(a) != one_line(b)]
    return found
