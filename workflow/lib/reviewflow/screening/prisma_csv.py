"""The flow as the CSV that the PRISMA2020 package for R reads (Haddaway et al. 2022, Campbell Syst Rev 18:e1230).

Keys, nodes and boxes are those of its inst/extdata/PRISMA.csv; box texts are the official ones of PRISMA 2020.
"""

import csv
import io
from collections.abc import Mapping

import pandas as pd

_ROWS = (
    ("NA", "node4", "prevstud", "Previous studies"),
    ("previous_studies", "node5", "box1", "Studies included in previous version of review"),
    ("previous_reports", "NA", "box1", "Reports of studies included in previous version of review"),
    ("NA", "node6", "newstud", "Identification of studies via databases and registers"),
    ("database_results", "node7", "box2", "Databases"),
    ("database_specific_results", "NA", "box2", "Databases"),
    ("register_results", "NA", "box2", "Registers"),
    ("register_specific_results", "NA", "box2", "Registers"),
    ("NA", "node16", "othstud", "Identification of studies via other methods"),
    ("website_results", "node17", "box11", "Websites"),
    ("organisation_results", "NA", "box11", "Organisations"),
    ("citations_results", "NA", "box11", "Citation searching"),
    ("duplicates", "node8", "box3", "Duplicate records removed"),
    ("excluded_automatic", "NA", "box3", "Records marked as ineligible by automation tools"),
    ("excluded_other", "NA", "box3", "Records removed for other reasons"),
    ("records_screened", "node9", "box4", "Records screened"),
    ("records_excluded", "node10", "box5", "Records excluded"),
    ("dbr_sought_reports", "node11", "box6", "Reports sought for retrieval"),
    ("dbr_notretrieved_reports", "node12", "box7", "Reports not retrieved"),
    ("other_sought_reports", "node18", "box12", "Reports sought for retrieval"),
    ("other_notretrieved_reports", "node19", "box13", "Reports not retrieved"),
    ("dbr_assessed", "node13", "box8", "Reports assessed for eligibility"),
    ("dbr_excluded", "node14", "box9", "Reports excluded"),
    ("other_assessed", "node20", "box14", "Reports assessed for eligibility"),
    ("other_excluded", "node21", "box15", "Reports excluded"),
    ("new_studies", "node15", "box10", "Studies included in review"),
    ("new_reports", "NA", "box10", "Reports of included studies"),
    ("total_studies", "node22", "box16", "Total studies included in review"),
    ("total_reports", "NA", "box16", "Reports of total included studies"),
    ("identification", "node1", "identification", "Identification"),
    ("screening", "node2", "screening", "Screening"),
    ("included", "node3", "included", "Included"),
)
_LISTS = frozenset({"database_specific_results", "register_specific_results", "dbr_excluded", "other_excluded"})
# The package splits lists at these and pastes labels between apostrophes.
_UNSAFE = str.maketrans({",": " ", ";": " ", "'": "\u2019"})


def prisma_csv(flow: pd.DataFrame, reasons: pd.DataFrame) -> str:
    """Text of the CSV, over all waves."""
    every = flow[flow["wave"] == "all"]
    whole = every[every["part"] == ""]
    total = dict(zip(whole["data"], whole["n"], strict=True))
    labels = dict(zip(reasons["reason"], reasons["label"], strict=True))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"])
    for data, node, box, text in _ROWS:
        n = _list(every, data, labels) if data in _LISTS else str(total.get(data, 0))
        writer.writerow([data, node, box, text, text, text, f"{data if data != 'NA' else box}.html", n])
    return buffer.getvalue()


def _list(every: pd.DataFrame, data: str, labels: Mapping[str, str]) -> str:
    """Parts as "name, n; name, n", the form that the package splits; blank where there is none."""
    rows = every[(every["data"] == data) & (every["part"] != "")]
    parts = rows[["part", "n"]].itertuples(index=False)
    return "; ".join(f"{' '.join(labels.get(part, part).translate(_UNSAFE).split())}, {n}" for part, n in parts)
