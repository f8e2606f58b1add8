"""The whole registry as an Ossie document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from salesloop.engine.governance.ossie.formulas import DIALECTS, dialects_of
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.fields import FieldType

VERSION: Final = "0.2.0.dev0"
VENDOR: Final = "SALESLOOP"
_TYPES: Final[dict[FieldType, str]] = {
    "integer": "Integer",
    "decimal": "Decimal",
    "money": "Decimal",
    "quantity": "Decimal",
    "percent": "Float",
    "date": "Date",
    "datetime": "DateTime",
    "boolean": "Boolean",
}
_BESIDE: Final = {"employee_id": "String", "org_unit_id": "String", "fx_rate": "Decimal"}


def to_ossie(registry: Registry, name: str) -> dict[str, Any]:
    """Datasets from the entities, relationships from their references, metrics with an expression per dialect.

    Each metric carries its whole definition as an extension of vendor SALESLOOP; metrics that one expression cannot say,
    and the dimensions, stand in the extension of the model. `from_ossie` reads all of it back unchanged.
    """
    metrics = {metric.metric: (metric, dialects_of(metric, registry)) for metric in registry.metrics.values()}
    unsaid = [document_of(metric) for metric, dialects in metrics.values() if not dialects]
    dimensions = [document_of(dimension) for dimension in registry.dimensions.values()]
    model = {
        "name": name,
        "description": "Sales-operations metrics of SalesLoop",
        "datasets": [_dataset(entity) for entity in registry.model.entities],
        "relationships": [one for entity in registry.model.entities for one in _relationships(entity, registry)],
        "metrics": [_metric(metric, dialects) for metric, dialects in metrics.values() if dialects],
        "custom_extensions": _extension(
            {"order": list(metrics), "metrics": unsaid, "dimensions": dimensions},
        ),
    }
    return {"version": VERSION, "semantic_model": [model], "dialects": list(DIALECTS), "vendors": [VENDOR]}


def _dataset(entity: Entity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "source": entity.name,
        "primary_key": list(entity.key),
        "description": entity.doc.en,
        "ai_context": {"synonyms": [entity.label.zh_hans, entity.label.en]},
        "fields": list(_fields(entity)),
    }


def _fields(entity: Entity) -> Iterator[dict[str, Any]]:
    for field in entity.fields:
        time = {"dimension": {"is_time": field.name == entity.event_date}} if field.type in ("date", "datetime") else {}
        yield {
            "name": field.name,
            "expression": _plain(field.name),
            **time,
            "label": field.label.en,
            "description": field.doc.en,
            "datatype": _TYPES.get(field.type, "String"),
            "ai_context": {"synonyms": [field.label.zh_hans]},
        }
    if entity.kind == "fact":
        for name, kind in _BESIDE.items():
            if not entity.has(name) and (name != "fx_rate" or entity.has_money):
                yield {"name": name, "expression": _plain(name), "datatype": kind}


def _relationships(entity: Entity, registry: Registry) -> Iterator[dict[str, Any]]:
    """References to what has one row per key; a dated employee or unit has several and is no Ossie relationship."""
    for field, target in entity.references.items():
        key = registry.model.entity(target).key
        if len(key) == 1:
            yield {
                "name": f"{entity.name}_{field}_to_{target}",
                "from": entity.name,
                "to": target,
                "from_columns": [field],
                "to_columns": list(key),
            }


def _metric(metric: Metric, dialects: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "name": metric.metric,
        "expression": {"dialects": dialects},
        "description": metric.description.en,
        "datatype": "Integer" if metric.format == "count" else "Float" if metric.format == "percent" else "Decimal",
        "ai_context": {"synonyms": [metric.label.zh_hans, metric.label.en]},
        "custom_extensions": _extension(document_of(metric)),
    }


def document_of(item: Metric | Dimension) -> dict[str, Any]:
    """A definition as a document of YAML or JSON that says only what it has to."""
    return item.model_dump(mode="json", exclude_defaults=True) | (
        {} if isinstance(item, Dimension) else {"type": item.type}
    )


def _plain(name: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": name}]}


def _extension(data: Any) -> list[dict[str, str]]:
    return [{"vendor_name": VENDOR, "data": json.dumps(data, ensure_ascii=False)}]
