"""The published JSON Schema of definition files."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.dimension import Dimension


def json_schema() -> dict[str, Any]:
    """Draft 2020-12 schema of one document: a metric (told apart by `type`) or a dimension."""
    definition: TypeAdapter[Any] = TypeAdapter(Metric | Dimension)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "SalesLoop metric or dimension",
        **definition.json_schema(),
    }
