"""The form of extraction: what is extracted of each study, arm and result, and the worksheets in which people fill it
in. No stage: the gate, the stage of extraction, the command `extract` and pages all ask here."""

from .compare import canonical, same
from .fields import OWN, TABLES, Field, columns_of, form, own_columns

__all__ = ["OWN", "TABLES", "Field", "canonical", "columns_of", "form", "own_columns", "same"]
