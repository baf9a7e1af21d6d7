"""The tools that come with the workflow."""

from functools import cache

from reviewflow.appraisal import Tools, read_tools
from reviewflow.appraisal.tools import Tool
from reviewflow.records import bundled_tools


@cache
def tools() -> Tools:
    return read_tools(bundled_tools())


def tool(name: str) -> Tool:
    found = tools().find(name)
    assert found is not None, name
    return found
