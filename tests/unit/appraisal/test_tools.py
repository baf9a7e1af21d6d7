"""The bundled tools are whole, and people's words for their parts are understood."""

import pytest
import yaml
from reviewflow.appraisal import read_tools, tool_faults
from reviewflow.appraisal.tools import extended
from reviewflow.records import bundled_tools

from tests.unit.appraisal.bundled_tools import tool, tools

NAMES = [
    "JBI case series", "NIH before-after", "Newcastle-Ottawa (cohort)", "QUADAS-2", "ROBINS-I (2016)", "ROBINS-I V2",
    "RoB 2", "RoB 2 (adhering)",
]  # fmt: skip


def test_the_bundled_tools_are_these() -> None:
    assert tools().names == NAMES


def test_no_bundled_tool_has_a_fault_when_it_is_checked_as_a_reviews_own() -> None:
    texts = bundled_tools()
    for name, text in texts.items():
        base = yaml.load(text, Loader=yaml.BaseLoader).get("extends")
        others = {n: t for n, t in texts.items() if n == f"{base}.yaml"}
        assert tool_faults({name: text}, others) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_says_its_source_and_what_was_verified(name: str) -> None:
    found = tool(name)
    assert found.source
    assert found.version
    assert len(found.year) == 4
    assert found.verified


@pytest.mark.parametrize(
    ("word", "name"),
    [("rob2", "RoB 2"), ("Cochrane RoB 2", "RoB 2"), ("NOS", "Newcastle-Ottawa (cohort)"), ("QUADAS2", "QUADAS-2"),
     ("ROBINS-I", "ROBINS-I (2016)"), ("robins-i v2", "ROBINS-I V2"), ("NIH  before-after", "NIH before-after")],
)  # fmt: skip
def test_a_tool_is_found_by_any_of_its_names(word: str, name: str) -> None:
    assert tool(word).name == name
    assert tools().find("RoB 3") is None


def test_domains_and_judgements_are_found_by_any_of_their_names() -> None:
    rob = tool("RoB 2")
    assert [d.code for d in rob.parts] == ["D1", "D2", "D3", "D4", "D5", "overall"]
    for word in ("d1", "Randomization process", "randomisation"):
        found = rob.domain(word)
        assert found
        assert found.code == "D1"
    overall = rob.domain("Overall")
    assert overall
    words = ["Low", "low risk", "some concerns", "Some_concerns", "HIGH", "fair"]
    levels = [overall.judgement(word) for word in words]
    assert [j.code if j else None for j in levels] == ["low", "low", "some_concerns", "some_concerns", "high", None]


@pytest.mark.parametrize(("name", "questions"), [("NIH before-after", 12), ("JBI case series", 10), ("NOS", 8)])
def test_a_checklist_has_as_many_questions_as_its_form(name: str, questions: int) -> None:
    assert sum(len(d.questions) for d in tool(name).domains) == questions


def test_stars_of_newcastle_ottawa_are_at_most_four_two_and_three() -> None:
    most = [sum(max(q.stars.values()) for q in d.questions) for d in tool("NOS").domains]
    assert most == [4, 2, 3]


def test_quadas_2_has_four_domains_of_bias_and_three_of_applicability() -> None:
    groups = [d.group for d in tool("QUADAS-2").domains]
    assert groups == ["bias"] * 4 + ["applicability"] * 3


def test_robins_i_has_seven_domains_and_its_second_version_six() -> None:
    assert (len(tool("ROBINS-I").domains), len(tool("ROBINS-I V2").domains)) == (7, 6)


def test_a_tool_that_extends_another_takes_over_all_but_what_it_says() -> None:
    own = """
tool: our_rob
extends: rob_2
name: Our RoB
domains:
  - {code: D3, label: Loss}
  - {code: D6, label: Carry-over}
"""
    found = read_tools(bundled_tools() | {"our.yaml": own}).find("Our RoB")
    assert found
    assert [(d.code, d.label) for d in found.domains][2:] == [
        ("D3", "Loss"), ("D4", "Measurement of the outcome"), ("D5", "Selection of the reported result"),
        ("D6", "Carry-over"),
    ]  # fmt: skip
    assert found.aliases == ()
    assert [j.code for j in found.domains[0].judgements] == ["low", "some_concerns", "high"]


def test_extending_leaves_the_base_as_it_is() -> None:
    raw = [yaml.load(text, Loader=yaml.BaseLoader) for text in bundled_tools().values()]
    before = yaml.safe_dump(raw)
    extended(raw)
    assert yaml.safe_dump(raw) == before
