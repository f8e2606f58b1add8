"""Metrics: one governed definition of every number, and the planner that answers questions about them."""

from salesloop.engine.metrics.behind import RowsBehind, rows
from salesloop.engine.metrics.query import Filter, Query, format_filter, parse_filter
from salesloop.engine.metrics.registry import Registry, load_registry
from salesloop.engine.metrics.result import Column, Result
from salesloop.engine.metrics.run import run

__all__ = [
    "Column",
    "Filter",
    "Query",
    "Registry",
    "Result",
    "RowsBehind",
    "format_filter",
    "load_registry",
    "parse_filter",
    "rows",
    "run",
]
