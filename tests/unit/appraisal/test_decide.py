"""The decision tables: each published line, all combinations of answers, and what an open answer does.

Lines of RoB 2: Sterne 2019 (BMJ 366:l4898) and its full guidance of 22 August 2019. Bands of Newcastle-Ottawa: AHRQ.
"""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from reviewflow.appraisal.decide import asked, propose, propose_overall
from reviewflow.appraisal.tools import Domain

from tests.unit.appraisal.bundled_tools import tool

YES, NO, SILENT = ("Y", "PY"), ("N", "PN"), ("N", "PN", "NI")
# A published line: the answers that it names (any others are not asked), and the judgement.
Lines = list[tuple[dict[str, tuple[str, ...]], str]]
OPEN = ("Y", "PY", "NI")
LINES: dict[tuple[str, str], Lines] = {
    ("RoB 2", "D1"): [
        ({"1.1": (*OPEN, *NO), "1.2": NO, "1.3": (*OPEN, *NO)}, "high"),
        ({"1.1": NO, "1.2": YES, "1.3": (*OPEN, *NO)}, "some_concerns"),
        ({"1.1": OPEN, "1.2": YES, "1.3": YES}, "some_concerns"),
        ({"1.1": OPEN, "1.2": YES, "1.3": SILENT}, "low"),
        ({"1.1": (*OPEN, *NO), "1.2": ("NI",), "1.3": YES}, "high"),
        ({"1.1": (*OPEN, *NO), "1.2": ("NI",), "1.3": SILENT}, "some_concerns"),
    ],
    ("RoB 2", "D2"): [
        ({"2.1": NO, "2.2": NO, "2.6": YES}, "low"),
        ({"2.1": NO, "2.2": OPEN, "2.3": NO, "2.6": YES}, "low"),
        ({"2.1": OPEN, "2.2": NO, "2.3": ("NI",), "2.6": YES}, "some_concerns"),
        ({"2.1": OPEN, "2.2": OPEN, "2.3": YES, "2.4": NO, "2.6": YES}, "some_concerns"),
        ({"2.1": OPEN, "2.2": NO, "2.3": YES, "2.4": OPEN, "2.5": YES, "2.6": YES}, "some_concerns"),
        ({"2.1": OPEN, "2.2": NO, "2.3": YES, "2.4": OPEN, "2.5": SILENT, "2.6": YES}, "high"),
        ({"2.1": NO, "2.2": NO, "2.6": SILENT, "2.7": NO}, "some_concerns"),
        ({"2.1": NO, "2.2": NO, "2.6": SILENT, "2.7": OPEN}, "high"),
        ({"2.1": OPEN, "2.2": NO, "2.3": YES, "2.4": OPEN, "2.5": SILENT, "2.6": SILENT, "2.7": NO}, "high"),
    ],
    ("RoB 2 (adhering)", "D2"): [
        ({"2.1": NO, "2.2": NO, "2.4": (*NO, "NA"), "2.5": (*NO, "NA")}, "low"),
        ({"2.1": OPEN, "2.2": NO, "2.3": (*YES, "NA"), "2.4": NO, "2.5": (*NO, "NA")}, "low"),
        ({"2.1": NO, "2.2": NO, "2.4": OPEN, "2.5": NO, "2.6": YES}, "some_concerns"),
        ({"2.1": NO, "2.2": NO, "2.4": NO, "2.5": OPEN, "2.6": SILENT}, "high"),
        ({"2.1": NO, "2.2": OPEN, "2.3": SILENT, "2.4": NO, "2.5": NO, "2.6": YES}, "some_concerns"),
        ({"2.1": NO, "2.2": OPEN, "2.3": SILENT, "2.4": NO, "2.5": NO, "2.6": SILENT}, "high"),
    ],
    ("RoB 2", "D3"): [
        ({"3.1": YES}, "low"),
        ({"3.1": SILENT, "3.2": YES}, "low"),
        ({"3.1": SILENT, "3.2": NO, "3.3": NO}, "low"),
        ({"3.1": SILENT, "3.2": NO, "3.3": OPEN, "3.4": NO}, "some_concerns"),
        ({"3.1": SILENT, "3.2": NO, "3.3": OPEN, "3.4": OPEN}, "high"),
    ],
    ("RoB 2", "D4"): [
        ({"4.1": YES, "4.2": (*OPEN, *NO)}, "high"),
        ({"4.1": SILENT, "4.2": YES}, "high"),
        ({"4.1": SILENT, "4.2": NO, "4.3": NO}, "low"),
        ({"4.1": SILENT, "4.2": NO, "4.3": OPEN, "4.4": NO}, "low"),
        ({"4.1": SILENT, "4.2": NO, "4.3": OPEN, "4.4": OPEN, "4.5": NO}, "some_concerns"),
        ({"4.1": SILENT, "4.2": NO, "4.3": OPEN, "4.4": OPEN, "4.5": OPEN}, "high"),
        ({"4.1": SILENT, "4.2": ("NI",), "4.3": NO}, "some_concerns"),
        ({"4.1": SILENT, "4.2": ("NI",), "4.3": OPEN, "4.4": NO}, "some_concerns"),
        ({"4.1": SILENT, "4.2": ("NI",), "4.3": OPEN, "4.4": OPEN, "4.5": NO}, "some_concerns"),
        ({"4.1": SILENT, "4.2": ("NI",), "4.3": OPEN, "4.4": OPEN, "4.5": OPEN}, "high"),
    ],
    ("RoB 2", "D5"): [
        ({"5.1": (*OPEN, *NO), "5.2": YES, "5.3": (*OPEN, *NO)}, "high"),
        ({"5.1": (*OPEN, *NO), "5.2": SILENT, "5.3": YES}, "high"),
        ({"5.1": (*OPEN, *NO), "5.2": ("NI",), "5.3": SILENT}, "some_concerns"),
        ({"5.1": (*OPEN, *NO), "5.2": NO, "5.3": ("NI",)}, "some_concerns"),
        ({"5.1": YES, "5.2": NO, "5.3": NO}, "low"),
        ({"5.1": SILENT, "5.2": NO, "5.3": NO}, "some_concerns"),
    ],
    ("ROBINS-I V2", "D3"): [
        ({"3.1": YES, "3.2": SILENT, "3.3": NO}, "low"),
        ({"3.1": YES, "3.2": SILENT, "3.3": OPEN, "3.4": NO}, "low"),
        ({"3.1": YES, "3.2": YES, "3.3": NO}, "moderate"),
        ({"3.1": ("WN", "NI"), "3.3": NO}, "moderate"),
        ({"3.1": YES, "3.2": NO, "3.3": OPEN, "3.4": ("NI",)}, "moderate"),
        ({"3.1": YES, "3.2": NO, "3.3": OPEN, "3.4": YES, "3.5": SILENT}, "moderate"),
        ({"3.1": ("SN",), "3.3": NO, "3.6": YES}, "moderate"),
        ({"3.1": ("SN",), "3.3": NO, "3.6": SILENT, "3.7": YES}, "moderate"),
        ({"3.1": ("SN",), "3.3": NO, "3.6": SILENT, "3.7": SILENT, "3.8": SILENT}, "serious"),
        ({"3.1": YES, "3.2": NO, "3.3": YES, "3.4": YES, "3.5": YES, "3.6": NO, "3.7": NO, "3.8": YES}, "critical"),
    ],
    ("ROBINS-I V2", "D5"): [
        ({"5.1": YES}, "serious"),
        ({"5.1": NO, "5.2": NO}, "low"),
        ({"5.1": NO, "5.2": OPEN, "5.3": NO}, "low"),
        ({"5.1": NO, "5.2": OPEN, "5.3": ("WY", "NI")}, "moderate"),
        ({"5.1": NO, "5.2": OPEN, "5.3": ("SY",)}, "serious"),
        ({"5.1": ("NI",), "5.2": NO}, "moderate"),
    ],
    ("ROBINS-I V2", "D6"): [
        ({"6.1": YES}, "low"),
        ({"6.1": SILENT, "6.2": NO, "6.3": NO, "6.4": NO}, "low"),
        ({"6.1": SILENT, "6.2": ("NI",), "6.3": NO, "6.4": SILENT[:2]}, "moderate"),
        ({"6.1": SILENT, "6.2": ("NI",), "6.3": ("NI",), "6.4": ("NI",)}, "serious"),
        ({"6.1": SILENT, "6.2": YES, "6.3": SILENT, "6.4": SILENT}, "serious"),
        ({"6.1": SILENT, "6.2": YES, "6.3": SILENT, "6.4": YES}, "critical"),
    ],
}  # fmt: skip
CASES = [(*place, answers, judgement) for place, lines in LINES.items() for answers, judgement in lines]
# The answers of each question from the best to the worst; those between commas of one text are alike.
GOOD_YES, GOOD_NO = ("NA", "Y", "PY", "NI", "PN", "N"), ("NA", "N", "PN", "NI", "PY", "Y")
BETTER_IF_YES = {"1.1", "1.2", "2.5", "2.6", "3.1", "3.2", "5.1"}
BETTER_IF_YES_ADHERING = {"2.3", "2.6"}
TABLES = [("RoB 2", code) for code in ("D1", "D2", "D3", "D4", "D5")] + [("RoB 2 (adhering)", "D2")]


def domain(name: str, code: str) -> Domain:
    found = tool(name).domain(code)
    assert found
    return found


def combinations(answers: Mapping[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    for chosen in product(*answers.values()):
        yield dict(zip(answers, chosen, strict=True))


@pytest.mark.parametrize(("name", "code", "answers", "judgement"), CASES)
def test_a_published_line_gives_its_judgement(
    name: str, code: str, answers: dict[str, tuple[str, ...]], judgement: str
) -> None:
    table = domain(name, code)
    for chosen in combinations(answers):
        assert propose(table, chosen).judgement == judgement, chosen


@pytest.mark.parametrize(("name", "code"), TABLES)
def test_every_combination_of_answers_has_a_judgement_and_a_worse_answer_never_a_better_one(
    name: str, code: str
) -> None:
    table = domain(name, code)
    if_yes = BETTER_IF_YES_ADHERING if "adhering" in name else BETTER_IF_YES
    orders = [[a for a in (GOOD_YES if q.code in if_yes else GOOD_NO) if a in q.answers] for q in table.questions]
    found = {}
    for chosen in product(*orders):
        answers = dict(zip([q.code for q in table.questions], chosen, strict=True))
        found[chosen] = table.rank(propose(table, answers).judgement)
    assert set(found.values()) == {0, 1, 2}
    for chosen, rank in found.items():
        for i, order in enumerate(orders):
            place = order.index(chosen[i])
            if place + 1 < len(order):
                worse = (*chosen[:i], order[place + 1], *chosen[i + 1 :])
                assert found[worse] >= rank, (chosen, worse)


@pytest.mark.parametrize(("name", "code"), [*TABLES, ("ROBINS-I V2", "D3"), ("ROBINS-I V2", "D6")])
def test_what_is_proposed_before_all_is_answered_is_what_every_further_answer_leaves(name: str, code: str) -> None:
    table = domain(name, code)
    codes = [q.code for q in table.questions][:5]
    some = [("", *[a for a in ("Y", "N", "NI", "SN") if a in q.answers]) for q in table.questions][:5]
    for chosen in product(*some):
        answers = {c: a for c, a in zip(codes, chosen, strict=True) if a}
        given = propose(table, answers)
        if given.judgement:
            for question in table.questions:
                if question.code not in answers:
                    for further in question.answers:
                        assert propose(table, {**answers, question.code: further}).judgement == given.judgement
        else:
            assert given.missing
            assert not {*given.missing} & {*answers}


def test_an_open_question_is_named() -> None:
    d1 = domain("RoB 2", "D1")
    assert propose(d1, {}).why == "cannot be proposed: 1.2 unanswered"
    assert propose(d1, {"1.2": "Y", "1.1": "Y"}).why == "cannot be proposed: 1.3 unanswered"
    assert propose(d1, {"1.2": "N"}).judgement == "high"
    d2 = domain("RoB 2", "D2")
    assert propose(d2, {"2.1": "N", "2.2": "NI", "2.6": "Y"}).missing == ("2.3",)


def test_a_question_that_is_not_asked_counts_as_not_applicable_whatever_stands_there() -> None:
    d3 = domain("RoB 2", "D3")
    assert propose(d3, {"3.1": "Y", "3.4": "Y"}).judgement == "low"
    assert asked(d3, {"3.1": "Y"}) == {"3.1": True, "3.2": False, "3.3": False, "3.4": False}
    assert asked(d3, {"3.1": "N"}) == {"3.1": True, "3.2": True, "3.3": None, "3.4": None}


@pytest.mark.parametrize(
    ("judgements", "overall"),
    [("low low low low low", "low"), ("low low low low some_concerns", "some_concerns"),
     ("some_concerns some_concerns some_concerns low low", "some_concerns"), ("high low low low low", "high"),
     ("some_concerns high low low low", "high")],
)  # fmt: skip
def test_the_overall_judgement_of_rob_2_is_the_worst(judgements: str, overall: str) -> None:
    known = dict(zip(["D1", "D2", "D3", "D4", "D5"], judgements.split(), strict=True))
    assert propose_overall(tool("RoB 2"), known).judgement == overall


def test_an_overall_judgement_waits_for_every_domain() -> None:
    known = dict.fromkeys(["D1", "D2", "D4", "D5"], "low")
    assert propose_overall(tool("RoB 2"), known).why == "cannot be proposed: D3 unanswered"


@pytest.mark.parametrize(
    ("some", "overall"),
    [(["low"], "low"), (["moderate"], "moderate"), (["moderate", "no_information"], "no_information"),
     (["no_information", "serious"], "serious"), (["serious", "critical"], "critical")],
)  # fmt: skip
def test_the_overall_judgement_of_robins_i(some: list[str], overall: str) -> None:
    found = tool("ROBINS-I (2016)")
    known = {d.code: "low" for d in found.domains} | dict(zip(["D2", "D5"], some, strict=False))
    assert propose_overall(found, known).judgement == overall


def test_version_two_of_robins_i_is_never_better_than_low_but_for_confounding() -> None:
    found = tool("ROBINS-I V2")
    assert propose_overall(found, {d.code: "low" for d in found.domains}).judgement == "low_except_confounding"


@pytest.mark.parametrize("code", ["D1", "D2", "D4"])
def test_where_the_table_is_not_verified_nothing_is_proposed(code: str) -> None:
    table = domain("ROBINS-I V2", code)
    assert propose(table, {q.code: "Y" for q in table.questions}).why == "the tool fixes no rule; people judge"


def test_answers_that_no_rule_covers_are_left_to_people() -> None:
    flow = domain("QUADAS-2", "D4")
    codes = [q.code for q in flow.questions]
    assert propose(flow, dict.fromkeys(codes, "Y")).judgement == "low"
    assert propose(flow, dict.fromkeys(codes, "Y") | {"4.1": "N"}).why == (
        "the tool gives no rule for these answers; people judge"
    )
    dual = domain("ROBINS-I V2", "D5")
    assert propose(dual, {"5.1": "NI", "5.2": "Y", "5.3": "SY"}).judgement == ""


def test_a_checklist_answer_is_the_judgement_itself() -> None:
    assert propose(domain("NIH before-after", "Q5"), {"5": "no"}).judgement == "no"
    assert propose(domain("NIH before-after", "Q5"), {}).missing == ("5",)
    assert propose_overall(tool("NIH before-after"), {}).why == "the tool fixes no rule; people judge"


def test_stars_are_added_and_the_bands_of_ahrq_follow() -> None:
    nos = tool("NOS")
    selection = domain("NOS", "selection")
    assert propose(selection, {"S1": "b", "S2": "a", "S3": "d", "S4": "a"}).judgement == "3"
    assert propose(selection, {"S1": "b", "S2": "a", "S3": "d"}).missing == ("S4",)
    assert propose(domain("NOS", "comparability"), {"C1": "ab"}).judgement == "2"
    for s, c, o in product(range(5), range(3), range(4)):
        known = {"selection": str(s), "comparability": str(c), "outcome": str(o)}
        poor = s <= 1 or c == 0 or o <= 1
        assert propose_overall(nos, known).judgement == ("poor" if poor else "fair" if s == 2 else "good")


def test_a_study_of_one_group_is_always_poor_by_newcastle_ottawa() -> None:
    best = {"selection": "3", "comparability": "0", "outcome": "3"}
    assert propose_overall(tool("NOS"), best).judgement == "poor"
