"""Records whose duplicates are known: what four databases would give of constructed reports.

A report is found by one to four sources, so that about 35 of 100 records are duplicates. Each source spells it in its
own way (names, journal, pages, case, Greek letters, what it leaves out), and now and then wrongly. Reports come with
what looks like them and is another report: errata, replies, second parts, follow-ups, conference abstracts, editorials.
Every block of 10,000 records has words and names of its own: the letters of the first block's change places. So a large
set is as hard as many small ones, and not a single crowd of the same words.
"""

import random
from collections.abc import Iterator
from typing import Any

# Reports whose records are about 10,000.
_REPORTS = 6_500
Row = dict[str, Any]

_CONDITIONS = """lupus nephritis|asthma|heart failure|stroke|depression|type 2 diabetes|psoriasis|hypertension|
migraine|sepsis|pneumonia|epilepsy|osteoporosis|breast cancer|obesity|chronic pain|rheumatoid arthritis|
schizophrenia|Crohn's disease|Sjögren's syndrome|atrial fibrillation|kidney failure|cirrhosis|glaucoma|anaemia|
insomnia|dementia|pancreatitis|endometriosis|tuberculosis|malaria|hepatitis C|multiple sclerosis|
cystic fibrosis|sarcoidosis|gout"""
_TREATMENTS = """mesenchymal stem cells|metformin|aspirin|cognitive therapy|exercise training|vitamin D|
warfarin|statins|rituximab|TNF-α inhibitors|interferon-β|prednisolone|acupuncture|yoga|insulin glargine|
beta-blockers|telemonitoring|omega-3 fatty acids|IL-6 blockade|low-dose heparin|early mobilisation|
zinc supplementation|azathioprine|surgery|nurse-led education|CD4<sup>+</sup> cell transfer|radiotherapy|
mindfulness|probiotics|oxygen|ketamine|botulinum toxin"""
_OUTCOMES = """mortality|quality of life|disease activity|renal function|relapse|hospital admission|
bone density|glycaemic control|blood pressure|pain intensity|cognitive decline|remission|survival|
adverse events|cost|fatigue|lung function|sleep|weight gain|inflammation|adherence|wound healing|fracture|
proteinuria|anxiety|mobility"""
_GROUPS = """adults|children|older people|pregnant women|adolescents|men|veterans|primary care|nursing homes|
intensive care|outpatients|rural areas|mice|rats|low-income countries|emergency departments|dialysis|athletes"""
_DESIGNS = """a randomised controlled trial|a systematic review and meta-analysis|a cohort study|a pilot study|
a case-control study|protocol for a randomised trial|results of a multicentre trial|a cross-sectional survey|
a case report|a review"""
_FILLERS = """patients treatment effect group control study results methods conclusion background significantly
increased decreased compared baseline weeks months outcome primary secondary analysis risk ratio confidence
interval difference between after before during with without response placebo dose daily safety efficacy
clinical score measured assessed reported included excluded trial sample mean median change follow intervention
usual care evidence associated levels serum tissue expression cells protein marker activity function severe
moderate mild early late higher lower"""
_JOURNALS = (
    ("Clinical Rheumatology", "Clin Rheumatol"), ("Annals of the Rheumatic Diseases", "Ann Rheum Dis"),
    ("Journal of Clinical Oncology", "J Clin Oncol"), ("The Lancet", "Lancet"), ("Stroke", "Stroke"),
    ("New England Journal of Medicine", "N Engl J Med"), ("PLoS ONE", "PLoS One"), ("Diabetes Care", "Diabetes Care"),
    ("British Journal of Psychiatry", "Br J Psychiatry"), ("European Heart Journal", "Eur Heart J"),
    ("International Journal of Molecular Sciences", "Int J Mol Sci"), ("Respiratory Medicine", "Respir Med"),
    ("American Journal of Respiratory and Critical Care Medicine", "Am J Respir Crit Care Med"),
    ("Journal of the American Medical Association", "JAMA"), ("BMJ Open", "BMJ Open"), ("Lupus", "Lupus"),
    ("Cochrane Database of Systematic Reviews", "Cochrane Database Syst Rev"), ("Trials", "Trials"),
    ("Zeitschrift für Rheumatologie", "Z Rheumatol"), ("Journal of Affective Disorders", "J Affect Disord"),
)  # fmt: skip
_NAMES = """Wang Li Zhang Liu Chen Kim Lee Park Nguyen Smith Müller García Rossi Jensen Kowalski Østergaard
Dubois Tanaka Sato Suzuki Patel Singh Kumar Ivanov Petrov Novák Silva Santos Oliveira Hansen Larsen Johnson
Williams Brown Jones Miller Davis Martínez López González Schmidt Schneider Fischer Weber Meyer Wagner Becker
Hoffmann O'Brien Murphy Walsh Eriksson Lindqvist Virtanen Papadopoulos Yılmaz Öztürk Cohen Levi Haddad Rahman
Okafor Mensah Dlamini Abebe van-den-Berg de-Vries Jansen Bakker Visser Andersen Nielsen Łukasiewicz Horváth
Szabó Popescu Ionescu Marković Thompson Robinson Clark Lewis Walker Young Allen King Wright Scott Hill Green
Adams Baker Nelson Carter Mitchell"""
_SHAPES = (
    "Effect of {t} on {o} in {g} with {c}: {d}", "{t} for {c} in {g}: {d}", "Predictors of {o} in {g} with {c}",
    "{o} and {u} after {t} in {g} with {c}", "{t} versus {v} in {c}: {d}", "{c} and {o}: the role of {t}",
    "{f} {w} {o} in {c} treated with {t}", "How {f} is {o} of {g} with {c}? {d}",
)  # fmt: skip
_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnprstvwz"


def _listed(text: str, mark: str = "|") -> list[str]:
    return [" ".join(part.split()) for part in text.split(mark)]


class _Words:
    """The vocabulary of one block."""

    def __init__(self, block: int, chance: random.Random) -> None:
        letters = {}
        for kind in (_VOWELS, _CONSONANTS) if block else ():
            changed = chance.sample(kind, len(kind))
            letters |= dict(zip(kind + kind.upper(), "".join(changed) + "".join(changed).upper(), strict=True))
        table = str.maketrans(letters)

        def own(text: str, mark: str = "|") -> list[str]:
            # Markup, Roman numerals and the like are not words.
            return ["<".join(_keep(t, table) for t in part.split("<")) for part in _listed(text, mark)]

        self.conditions, self.treatments, self.outcomes = own(_CONDITIONS), own(_TREATMENTS), own(_OUTCOMES)
        self.groups, self.designs = own(_GROUPS), _listed(_DESIGNS)
        self.fillers = own(" ".join(_FILLERS.split()), " ")
        stems = own(" ".join(_NAMES.split()), " ")
        self.names = [s.replace("-", " ") for s in stems] + [a + b.lower() for a in stems[:40] for b in stems[40:70]]


def _keep(text: str, table: dict[int, str]) -> str:
    tag, closed, rest = text.rpartition(">")
    return tag + closed + rest.translate(table)


def reports(number: int, seed: int = 1) -> Iterator[Row]:
    """Reports without end but for `number`; near copies of another report follow it."""
    chance, words, block = random.Random(seed), _Words(0, random.Random(0)), 0
    made = 0
    while made < number:
        if made // _REPORTS != block:
            block = made // _REPORTS
            words = _Words(block, random.Random(f"{seed}/{block}"))
        for report in _with_likes(_report(words, chance, made), words, chance):
            if made < number:
                yield report | {"report": made}
            made += 1


def _report(words: _Words, chance: random.Random, number: int) -> Row:
    shape = chance.choice(_SHAPES)
    pick = {
        "t": words.treatments, "v": words.treatments, "c": words.conditions, "o": words.outcomes, "u": words.outcomes,
        "g": words.groups, "d": words.designs, "f": words.fillers, "w": words.fillers,
    }  # fmt: skip
    title = shape.format(**{k: chance.choice(v) for k, v in pick.items()})
    if chance.random() < 0.25:
        title += f" over {chance.randint(2, 60)} {chance.choice(('weeks', 'months', 'years'))}"
    first = chance.randint(1, 2200)
    return {
        "title": title[0].upper() + title[1:],
        "names": [
            (chance.choice(words.names), "".join(chance.choices("ABCDEFGHJKLMPRSTW", k=chance.randint(1, 2))))
            for _ in range(chance.choice((1, 2, 3, 4, 5, 6, 8, 12)))
        ],
        "year": chance.randint(1985, 2025),
        "journal": chance.choice(_JOURNALS),
        "volume": chance.randint(1, 120),
        "issue": chance.randint(1, 12),
        "pages": (first, first + chance.randint(1, 14)),
        "doi": f"10.{chance.randint(1000, 1040)}/{chance.choice('abcdefgh')}{number:07d}",
        "abstract": ". ".join(" ".join(chance.choices(words.fillers, k=14)).capitalize() for _ in range(14)) + ".",
        "type": "Journal Article",
    }


def _with_likes(report: Row, words: _Words, chance: random.Random) -> Iterator[Row]:
    yield report
    first, last = report["pages"]
    later = {"doi": report["doi"] + "x", "pages": (first + 400, first + 401), "volume": report["volume"] + 1}
    kind = chance.random()
    if kind < 0.01:
        yield report | later | {"title": f"Erratum to: {report['title']}", "abstract": ""}
    elif kind < 0.02:
        yield report | later | {"title": f"Reply to: {report['title']}", "abstract": ""}
    elif kind < 0.03:
        yield report | later | {"title": f"{report['title']}: part II", "pages": (last + 1, last + 9)}
    elif kind < 0.05:
        where = ("Journal of Abstracts", "J Abstr")
        yield report | later | {"journal": where, "type": "Conference Abstract", "year": report["year"] - 1}
    elif kind < 0.06:
        yield report | later | {"title": f"{report['title']} at 5 years", "year": report["year"] + 4}
    elif kind < 0.08:
        own = _report(words, chance, 0)
        yield own | {"title": "Editorial", "doi": report["doi"] + "e", "abstract": "", "names": own["names"][:1]}


SOURCES = ("PubMed", "Embase", "Scopus", "Web of Science")


def records(number: int, seed: int = 1) -> Iterator[Row]:
    """That many rows of records.csv; besides, `report` is the number of the report that a row is of."""
    chance = random.Random(seed + 1)
    made = 0
    for report in reports(number, seed):
        copies = chance.choices((1, 2, 3, 4), (62, 25, 9, 4))[0]
        for source in chance.sample(SOURCES, copies):
            made += 1
            yield _spelt(report, source, made, chance)
            if made == number:
                return


def _spelt(report: Row, source: str, number: int, chance: random.Random) -> Row:
    full, short = report["journal"]
    first, last = report["pages"]
    title, names = report["title"], report["names"]
    place = (str(report["volume"]), str(report["issue"]))
    row: Row = {"source": source, "accession": f"{source[0]}{number}", "report": report["report"], "pmid": ""}
    if source == "PubMed":
        row |= {"authors": "; ".join(f"{n} {i}" for n, i in names), "journal": short, "pages": _short(first, last)}
        row |= {"title": title + ".", "pmid": str(10_000_000 + report["report"]) if chance.random() < 0.97 else ""}
    elif source == "Embase":
        row |= {
            "authors": "; ".join(f"{n}, {'. '.join(i)}." for n, i in names),
            "journal": ". ".join(short.split()) + ".",
        }
        row |= {"title": title.replace("α", "alpha").replace("β", "beta"), "pages": f"{first}-{last}"}
        row["pmid"] = str(10_000_000 + report["report"]) if chance.random() < 0.3 else ""
    elif source == "Scopus":
        row |= {"authors": "; ".join(f"{n} {i[0]}." for n, i in names), "journal": full, "pages": f"{first}-{last}"}
        row["title"] = title.replace("<sup>", "").replace("</sup>", "")
    else:
        row |= {
            "authors": "; ".join(f"{n}, {i}" for n, i in names),
            "journal": full.upper(),
            "pages": f"{first}-{last}",
        }
        row["title"] = title.replace("-", " ").replace("&", "&amp;").title() if chance.random() < 0.7 else title
    given = {"PubMed": 0.85, "Embase": 0.8, "Scopus": 0.9, "Web of Science": 0.6}[source]
    row |= {"doi": report["doi"] if chance.random() < given else "", "volume": place[0], "issue": place[1]}
    row |= {"year": report["year"], "abstract": report["abstract"] if chance.random() < given else ""}
    row["publication_type"] = report["type"]
    return row | _slips(row, names, chance)


def _short(first: int, last: int) -> str:
    """Pages as PubMed prints them: 494-6."""
    one, other = str(first), str(last)
    same = next((k for k in range(len(one)) if one[k] != other[k]), len(one) - 1) if len(one) == len(other) else 0
    return f"{one}-{other[same:]}"


def _slips(row: Row, names: list[tuple[str, str]], chance: random.Random) -> Row:
    """What goes wrong or missing in about one record of five."""
    kind, title = chance.random(), row["title"]
    if kind < 0.04:
        return {"volume": "", "issue": "", "pages": ""}
    if kind < 0.07:
        return {"year": row["year"] + chance.choice((-1, 1))}
    if kind < 0.09:
        return {"authors": f"{names[0][0]} {names[0][1]}; et al."}
    if kind < 0.11:
        return {"pages": row["pages"].split("-")[0]}
    if kind < 0.13:
        at = chance.randrange(1, len(title) - 1) if len(title) > 12 else len(title)
        return {"title": title[:at] + title[at + 1 :]}
    if kind < 0.14:
        return {"title": title.upper()}
    if kind < 0.15:
        return {"issue": ""}
    if kind < 0.16:
        return {"title": title.split(": ")[0] if len(title.split(": ")[0].split()) > 4 else title}
    if kind < 0.165:
        return {"authors": ""}
    return {}
