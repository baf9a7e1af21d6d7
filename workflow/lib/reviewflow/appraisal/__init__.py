"""Appraisal: the assessors' judgements of risk of bias become one consensus; certainty of the evidence stands on it."""

from .build import build
from .certainty import certainty
from .check import People, check
from .tool_faults import tool_faults
from .tools import Tools, read_tools

__all__ = ["People", "Tools", "build", "certainty", "check", "read_tools", "tool_faults"]
