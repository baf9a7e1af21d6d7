"""Cells that a spreadsheet would take for a formula: an apostrophe before them keeps them text, and comes off again."""

import re

# What makes a spreadsheet take a cell for a formula, also in full width as East Asian keyboards write it, and what
# stands for a tab or a line end before one.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what would be one, and one more
    before a cell that has apostrophes there already, so that `plain` gives exactly the cell."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """The cell that `neutral` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
