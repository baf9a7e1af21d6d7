"""Screening: independent votes, consensus, ledger and flow."""

from .agreement import agreement
from .build import build
from .check import check
from .consensus import Consensus, Rules, decide
from .history import history
from .many import fleiss_kappa, krippendorff_alpha
from .prisma_csv import prisma_csv
from .queue import worksheets
from .settle import People, Said, said, states
from .votes import STAGES, Vote

__all__ = [
    "STAGES",
    "Consensus",
    "People",
    "Rules",
    "Said",
    "Vote",
    "agreement",
    "build",
    "check",
    "decide",
    "fleiss_kappa",
    "history",
    "krippendorff_alpha",
    "prisma_csv",
    "said",
    "states",
    "worksheets",
]
