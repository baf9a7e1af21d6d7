"""reviewflow: a systematic review from database exports to the report."""

__version__ = "0.1.0"
