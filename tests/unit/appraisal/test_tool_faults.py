"""A broken tool file gives all its faults, each with file, line and mend."""

import pytest
from reviewflow.appraisal import tool_faults
from reviewflow.records import bundled_tools

FILE = "config/tools/ours.yaml"
GOOD = """tool: ours
name: Our checklist
version: "1"
source: "The team, 2026"
answers: {Y: "yes", N: "no"}
judgements:
  - {code: low, label: Low, risk: low, symbol: "+", colour: "#02C100", ink: "#000000"}
  - {code: high, label: High, risk: high, symbol: "x", colour: "#BF0000", ink: "#FFFFFF"}
domains:
  - code: D1
    label: First
    questions:
      - {code: "1.1", text: "Well done?"}
      - {code: "1.2", text: "Sure?", asked: {"1.1": [Y]}}
    parts: [[{when: {"1.1": [Y], "1.2": [Y]}, then: low}, {then: high}]]
overall: {label: Overall, rule: worst}
"""


def faults(text: str, **others: str) -> list[str]:
    return [str(fault) for fault in tool_faults({FILE: text, **others}, bundled_tools())]


def test_a_good_file_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("then: low}, {", "then: good}, {", 15, '"good" is no judgement here; write one of low, high'),
        ('{"1.1": [Y]}', '{"1.9": [Y]}', 14, '"1.9" is not known here; write one of 1.1, 1.2'),
        ('{"1.1": [Y]}', '{"1.1": [PY]}', 14, '"PY" cannot be said of 1.1; write one of N, NA, Y'),
        ('"Well done?"}', '"Well done?", answers: [Y, maybe]}', 13, '"maybe" is not among answers; declare it in answers'),
        ('code: "1.2"', 'code: "1.1"', 13, "a question's code stands twice; give each its own code"),
        ("tool: ours", "tool: rob_2", 1, '"rob_2" is a name of the bundled tool RoB 2; give it a name of its own'),
        ("name: Our checklist", "name: ROB-2", 2, '"ROB-2" is a name of the bundled tool RoB 2'),
        ("tool: ours", "tool: Ours", 1, "'Ours' does not match"),
        ("rule: worst", "rule: best", 16, "'best' is not one of ['worst']"),
        ("tool: ours", "tool: ours\ncolour: red", 1, "Additional properties are not allowed ('colour' was unexpected)"),
        ('source: "The team, 2026"\n', "", 1, "'source' is a required property; add the key"),
        ("tool: ours", "extends: rob_9\ntool: ours", 1, 'no other tool is called "rob_9"; write one of'),
        ("tool: ours", "extends: rob_2_adhering\ntool: ours", 1, '"rob_2_adhering" extends another tool itself'),
        ("rule: worst}", 'parts: [[{when: {D9: [low]}, then: low}]]}', 16, '"D9" is not known here; write one of D1'),
        ("label: First\n", "label: First\n    label: Again\n", 12, "the key stands in line 11 too; keep one of them"),
        ("label: First\n", 'label: First\n    direct: "true"\n', 10, "a direct domain has 2 questions"),
        ('"Well done?"}', '"Well done?", stars: {Y: 2}}', 10, 'no judgement has the code "1"'),
    ],
)  # fmt: skip
def test_a_fault_names_its_line_and_the_mend(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    found = faults(GOOD.replace(old, new))
    assert any(text.startswith(f"{FILE}:{line}:") and words in text for text in found), found


def test_what_is_not_yaml_names_the_line() -> None:
    assert faults(GOOD.replace('text: "Sure?"', "text: Sure?}}"))[0].startswith(f"{FILE}:14: not YAML (")


def test_all_faults_come_at_once() -> None:
    broken = GOOD.replace("then: low}, {", "then: good}, {").replace('{"1.1": [Y]}', '{"1.9": [Y]}')
    assert len(faults(broken)) == 2


def test_two_files_for_one_tool_are_both_named() -> None:
    found = faults(GOOD, **{"config/tools/other.yaml": GOOD})
    assert len(found) == 2
    assert f'{FILE}:1: tool: "ours" is in config/tools/other.yaml too; give one of them another name' in found


def test_worst_needs_the_domains_levels_to_be_overall_levels() -> None:
    level = '{code: fine, label: Fine, risk: low, symbol: "+", colour: "#02C100", ink: "#000000"}'
    own = GOOD.replace("rule: worst}", f"rule: worst, judgements: [{level}]}}")
    assert any('"worst" may give "high", which is no overall judgement' in text for text in faults(own))
