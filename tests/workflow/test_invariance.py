"""Order and names that carry no meaning change no result."""

import random
from collections.abc import Callable, Iterable

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import Review

pytestmark = pytest.mark.workflow
SHEET = "records/search/searches.csv"
EXPORTS = "records/search/exports"
# How the entries of each kind of export begin.
_STARTS = {".nbib": "PMID- ", ".ris": "TY  - ", ".txt": "{Reference Type}"}


def _reorder(review: Review, order: Callable[[list[str]], Iterable[str]]) -> None:
    """Every CSV in records/ with its lines in another order; the protocol's order is that of the report's lists."""
    for name in review.written():
        if name.startswith("records/") and name.endswith(".csv"):
            head, *lines = review.text(name).splitlines(keepends=True)
            review.write(name, "".join([head, *order(lines)]))


def reverse_tables(review: Review) -> None:
    """Every CSV in records/ the other way round: each pair of lines changes its order."""
    _reorder(review, reversed)


def shuffle_tables(review: Review) -> None:
    """Every CSV in records/ in a random order, the same each time."""
    draw = random.Random(2020)
    _reorder(review, lambda lines: draw.sample(lines, len(lines)))


def reverse_exports(review: Review) -> None:
    """Entries of each export the other way round."""
    for path in sorted(review.path(EXPORTS).iterdir()):
        start = next((s for end, s in _STARTS.items() if path.name.endswith(end)), "")
        text = path.read_text(encoding="utf-8")
        mark = text[: text.index(start)]
        entries = [f"{start}{part.rstrip()}\n" for part in text.split(start)[1:]]
        review.write(f"{EXPORTS}/{path.name}", mark + "\n".join(reversed(entries)))


def rename_exports(review: Review) -> None:
    """Other names, which sort the other way round, some with a space."""
    sheet = review.text(SHEET)
    paths = sorted(review.path(EXPORTS).iterdir())
    for number, path in enumerate(paths):
        new = f"{len(paths) - number} export{path.suffix}"
        sheet = sheet.replace(path.name, new)
        path.rename(path.with_name(new))
    review.write(SHEET, sheet)


def reverse_people(review: Review) -> None:
    """Reviewers, extractors and assessors in another order in config.yaml."""
    for names in ("reviewers: [reviewer_1, reviewer_2]", "extractors: [dora, emil]", "assessors: [dora, emil]"):
        key, first, second = names.replace("[", "").replace("]", "").replace(",", "").split()
        review.edit("config/config.yaml", names, f"{key} [{second}, {first}]")


def reorder_config(review: Review) -> None:
    """The groups of config.yaml the other way round."""
    text = review.text("config/config.yaml")
    groups: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith((" ", "#")) and groups:
            groups[-1] += line
        elif not line.startswith("#"):
            groups.append(line)
    review.write("config/config.yaml", "".join(reversed(groups)))


@pytest.mark.parametrize(
    "change", [reverse_tables, reverse_exports, rename_exports, reverse_people], ids=lambda change: change.__name__
)
def test_order_and_names_that_carry_no_meaning_change_no_result(
    change: Callable[[Review], None], review: MakeReview
) -> None:
    done = review("full", built=True)
    tables = done.tables()
    shown = done.results("report")
    change(done)
    assert done.run().stages
    assert done.tables() == tables
    _assert_same_figures(done, shown)


def _assert_same_figures(done: Review, shown: dict[str, bytes]) -> None:
    """Figures and the summary show counts and estimates only, so that they are the same to the byte."""
    now = done.results("report")
    same = [name for name in shown if name.endswith((".svg", "summary.txt"))]
    assert len(same) > 3
    assert {name: now[name] for name in same} == {name: shown[name] for name in same}


def test_order_of_the_keys_of_config_changes_nothing_but_the_digests(review: MakeReview) -> None:
    done = review("full", built=True)
    tables = done.tables()
    reorder_config(done)
    assert done.run().stages == ("report",)
    assert done.tables() == tables


def test_the_bundled_review_in_another_order_is_the_same_review(review: MakeReview) -> None:
    done = review("bundled", built=True)
    tables = done.tables()
    shuffle_tables(done)
    _reverse_bundled_exports(done)
    rename_exports(done)
    done.edit("config/config.yaml", "[reviewer_1, reviewer_2]", "[reviewer_2, reviewer_1]")
    done.edit("config/config.yaml", "[extractor_1, extractor_2]", "[extractor_2, extractor_1]")
    done.run("synthesis", "appraisal")
    assert done.tables() == tables


def _reverse_bundled_exports(review: Review) -> None:
    """CENTRAL numbers its records, so that its export stays as it is."""
    kept = "cochrane_library.ris"
    content = review.path(f"{EXPORTS}/{kept}").read_bytes()
    reverse_exports(review)
    review.path(f"{EXPORTS}/{kept}").write_bytes(content)
