"""Quality of the published data: checks as declarations, judged in one pass a table, with the records that fail."""

from salesloop.engine.clean.quality.book import CheckBook, book_of, load_book
from salesloop.engine.clean.quality.carry import judge_delivery
from salesloop.engine.clean.quality.judge import CheckResult, run_checks
from salesloop.engine.clean.quality.rows import failing_query
from salesloop.engine.clean.quality.rules import Circumstances

__all__ = [
    "CheckBook",
    "CheckResult",
    "Circumstances",
    "book_of",
    "failing_query",
    "judge_delivery",
    "load_book",
    "run_checks",
]
