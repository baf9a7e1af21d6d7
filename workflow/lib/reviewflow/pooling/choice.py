"""What can be chosen about a synthesis, and the presets that choose it all at once."""

from dataclasses import dataclass, replace

MEASURES = ("OR", "RR", "RD", "PETO", "MD", "SMD", "ROM", "GIV")
BINARY, MEANS = ("OR", "RR", "RD", "PETO"), ("MD", "SMD", "ROM")
RATIOS = ("OR", "RR", "PETO", "ROM")
METHODS = ("IV", "MH", "PETO")
MODELS = ("fixed", "random", "q_test")
TAU2 = ("DL", "PM", "REML", "ML", "SJ", "HE", "HS", "EB")
CI = ("wald", "hksj", "hksj_adhoc")
PREDICTION = ("none", "z", "t_kminus1", "t_kminus2")


@dataclass(frozen=True)
class Choice:
    """All that decides what comes out of the same data.

    `method`: inverse variance, Mantel-Haenszel or Peto; with a random model the fixed method gives Q (and, where
    `q_about_method`, tau2 by DL) and the random estimate has inverse-variance weights, RevMan's "M-H, Random".
    `prediction`: degrees of freedom of the prediction interval. `i2_from_q`: I2 and H2 from Q in random models too.
    `correct_mh`: 0.5 in every cell of studies with a zero cell within the Mantel-Haenszel sums too. `rd_corrected`: the
    risk difference itself, not only its variance, from corrected cells. `rd_variance`: of the Mantel-Haenszel risk
    difference, greenland or sato. `smd`: hedges or revman.
    """

    method: str = "IV"
    model: str = "random"
    tau2: str = "REML"
    ci: str = "hksj"
    level: float = 95.0
    prediction: str = "t_kminus1"
    q_threshold: float = 0.1
    i2_from_q: bool = False
    q_about_method: bool = True
    correct_mh: bool = True
    rd_corrected: bool = False
    rd_variance: str = "greenland"
    smd: str = "revman"


# RevMan 5: Deeks and Higgins 2010, Statistical algorithms in Review Manager 5. Cochrane since January 2025: REML,
# Hartung-Knapp, prediction interval, I2 from tau2, in RevMan's conventions for zero cells and the SMD. metafor: the
# defaults of its rma.uni, rma.mh and escalc(drop00 = TRUE).
PRESETS = {
    "revman5": Choice(tau2="DL", ci="wald", prediction="none", i2_from_q=True),
    "cochrane2025": Choice(),
    "metafor": Choice(
        ci="wald", prediction="z", q_about_method=False, correct_mh=False, rd_corrected=True, rd_variance="sato",
        smd="hedges",
    ),
}  # fmt: skip


def preset(name: str, measure: str) -> Choice:
    """A preset for a measure: RevMan 5 pools 2x2 tables by Mantel-Haenszel unless told otherwise, and Peto's odds ratio
    has a method of its own, which is a fixed one."""
    chosen = PRESETS[name]
    if measure == "PETO":
        return replace(chosen, method="PETO", model="fixed")
    return replace(chosen, method="MH") if name == "revman5" and measure in BINARY else chosen
