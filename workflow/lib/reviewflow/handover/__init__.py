"""What is handed to other programs: the analyses as Cochrane's data package and as a script for R, and every table as
one workbook."""

from . import cochrane, metafor
from .book import workbook

# Formats of analyses, and the function that makes their files, relative path to text.
FOLDERS = {"cochrane": cochrane.files, "metafor": metafor.files}

__all__ = ["FOLDERS", "workbook"]
