"""The preset revman5 against the doubles that Review Manager 5 itself stored: ten outcomes of one Cochrane review,
risk ratios by Mantel-Haenszel with random effects, with empty cells, studies without events, and subgroups.

tau2 and Q are about the fixed Mantel-Haenszel estimate, which RevMan does not store beside them: it is what they hang
on, and an estimate by inverse variance would move Q in the second digit."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reviewflow.cli import main
from reviewflow.pooling import Analysis, analyse, preset, studies

REVMAN = json.loads(Path(__file__).with_name("revman_sore_throat.json").read_text(encoding="utf-8"))
OUTCOMES = {outcome["outcome"]: outcome for outcome in REVMAN["outcomes"]}
# The order of sums; RevMan's own tails are approximations, 3e-7 away from the exact ones at most.
EXACT, TAIL = 1e-12, 1e-6
CHOICE = preset("revman5", "RR")
LN10 = math.log(10)
each_outcome = pytest.mark.parametrize("name", OUTCOMES)


def pooled(rows: list[list[Any]]) -> tuple[Analysis, Any]:
    columns = dict(zip(REVMAN["studies"], np.array(rows, float).T, strict=True))
    found = studies("RR", {name: columns[name] for name in ("ai", "n1i", "ci", "n2i")}, CHOICE)
    return analyse("RR", found, CHOICE), found


def rows_of(outcome: Mapping[str, Any]) -> list[list[Any]]:
    return [row for group in outcome["groups"] for row in group["studies"]]


def differences(row: Mapping[str, Any], stored: Mapping[str, float]) -> Iterator[str]:
    # Of one study RevMan stores a Q of 0 on no degrees of freedom; for us there is none.
    one = not stored["df"]
    for name, value in stored.items():
        if one and name in ("q", "df", "q_p", "i2", "tau2"):
            if row.get(name) is not None:
                yield f"{name} of one study: {row[name]!r}"
            continue
        got = row[name] / LN10 if name in ("estimate", "ci_lower", "ci_upper") else row[name]
        got = abs(got) if name == "z" else got
        tail = name in ("p_value", "q_p")
        if not math.isclose(got, value, rel_tol=EXACT, abs_tol=TAIL if tail else 0.0):
            yield f"{name}: {got!r}, RevMan has {value!r}"


@each_outcome
def test_totals_are_those_that_revman_stored(name: str) -> None:
    done, _ = pooled(rows_of(OUTCOMES[name]))
    assert list(differences(done.row, OUTCOMES[name]["pooled"])) == []


@each_outcome
def test_subgroups_have_a_tau2_of_their_own(name: str) -> None:
    for group in OUTCOMES[name]["groups"]:
        done, _ = pooled(group["studies"])
        assert list(differences(done.row, group["pooled"])) == []


@each_outcome
def test_studies_and_their_weights_are_those_that_revman_stored(name: str) -> None:
    rows = rows_of(OUTCOMES[name])
    done, found = pooled(rows)
    for i, row in enumerate(rows):
        estimate, se, weight = row[4:]
        if estimate is None:
            assert np.isnan(found.y[i])
            assert found.why_not[i]
            assert weight == 0
            continue
        assert math.isclose(found.y[i] / LN10, estimate, rel_tol=EXACT, abs_tol=1e-15)
        assert math.isclose(math.sqrt(found.v[i]), se, rel_tol=EXACT)
        # Random weights are those of the whole analysis, in its subgroups too.
        assert math.isclose(done.weight_random[i], weight, rel_tol=EXACT)


@pytest.mark.parametrize("name", [name for name, outcome in OUTCOMES.items() if "between" in outcome])
def test_test_between_subgroups_is_that_which_revman_stored(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["ai,n1i,ci,n2i,part"]
    for nth, group in enumerate(OUTCOMES[name]["groups"]):
        lines += [",".join(map(str, [*row[:4], f"part {nth}"])) for row in group["studies"]]
    data = tmp_path / "studies.csv"
    data.write_text("\n".join(lines) + "\n", encoding="utf-8")
    call = ["pool", str(data), "--measure", "RR", "--preset", "revman5", "--subgroup", "part", "--json"]
    assert main(call) == 0
    test = json.loads(capsys.readouterr().out)["subgroup_differences"]
    stored = OUTCOMES[name]["between"]
    assert math.isclose(test["q"], stored["q"], rel_tol=EXACT)
    assert math.isclose(test["i2"], stored["i2"], rel_tol=EXACT, abs_tol=1e-300)
    assert math.isclose(test["p_value"], stored["p_value"], abs_tol=TAIL)


def test_the_outcomes_hold_the_hard_cases() -> None:
    rows = [row for outcome in OUTCOMES.values() for row in rows_of(outcome)]
    assert len(OUTCOMES) == 10
    assert any(row[0] == 0 < row[2] or row[2] == 0 < row[0] for row in rows)
    assert any(row[0] == row[2] == 0 for row in rows)
    assert sum("between" in outcome for outcome in OUTCOMES.values()) == 7
