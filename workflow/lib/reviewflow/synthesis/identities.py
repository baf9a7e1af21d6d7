"""The PRISMA identity that ties the syntheses to the flow."""

import pandas as pd

from reviewflow.boxes import prove
from reviewflow.tables import frame


def identities(effects: pd.DataFrame, pooled: pd.DataFrame, studies: pd.DataFrame) -> pd.DataFrame:
    """H10: no more studies are pooled than are included, and none pools more than all syntheses hold.

    Raises BrokenIdentity where it does not hold.
    """
    used = effects[effects["used"]]["study_id"].nunique()
    known = int(effects["study_id"].isin(studies["study_id"]).sum())
    most = 0 if pooled.empty else int(pooled["k"].max())
    rows = [
        ("H10 studies", "studies in syntheses <= studies included", used, len(studies), used <= len(studies)),
        ("H10 most", "most studies of one analysis <= studies in syntheses", most, used, most <= used),
        ("H10 known", "every effect is one of an included study", len(effects), known, len(effects) == known),
    ]
    names = ("identity", "statement", "left", "right", "ok")
    return prove(frame("results/synthesis/identities", [dict(zip(names, row, strict=True)) for row in rows]))
