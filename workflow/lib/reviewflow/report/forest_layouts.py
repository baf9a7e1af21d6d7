"""The layouts of a forest plot: RevMan's, metafor's and JAMA's. A layout is data; what it says is in forest_text."""

from dataclasses import dataclass

INK = "#1b1f24"


@dataclass(frozen=True)
class Layout:
    """Where columns stand and what they look like.

    `left` and `right` name the columns on either side of the plot: stats (one a side of the comparison and number),
    weight, effect. `square` is blank where the kind of outcome decides. `notes_below`: what is said of the whole
    synthesis stands under the axis, not beside the plot. `least` is the width of all left of the plot, at least;
    `largest` the side of the heaviest study's square.
    """

    name: str
    study: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    weight: str
    square: str = ""
    diamond: str = INK
    favours: str = "Favours"
    favours_on_top: bool = False
    dotted_prediction: bool = False
    notes_below: bool = False
    least: float = 0.0
    largest: float = 13.0


LAYOUTS = {
    "revman": Layout("revman", "Study or subgroup", ("stats", "weight", "effect"), (), "Weight"),
    "metafor": Layout(
        "metafor", "Study", (), ("weight", "effect"), "Weight", square=INK, dotted_prediction=True, notes_below=True,
        least=440.0,
    ),
    "jama": Layout(
        "jama", "Source", ("stats", "effect"), ("weight",), "Weight, %", square="#12326e", diamond="#9fc5e8",
        favours="Favors", favours_on_top=True, notes_below=True, least=300.0,
    ),
}  # fmt: skip
# Pooled estimates below each other, which have no weights.
SERIES = Layout("series", "Study", (), ("effect", "stats"), "", notes_below=True, least=200.0, largest=8.0)
