"""JSON Schemas of every kind of definition, for editors that complete and check while people write YAML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from salesloop.engine.analyze.findings.rule import Rule
from salesloop.engine.clean.quality.definition import json_schema as check_schema
from salesloop.engine.collect.mapping import Mapping as SourceMapping
from salesloop.engine.metrics.schema import json_schema as metric_schema
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.loader import Extension
from salesloop.engine.report.definition import ReportDefinition

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_NAMED: Final = ("fields", "checks", "levels")


def schemas() -> Mapping[str, dict[str, Any]]:
    """Folder of the workspace → schema of one document in it."""
    return {
        "metrics": metric_schema(),
        "sources": _schema("SalesLoop source mapping", SourceMapping),
        "quality": check_schema(),
        "checks": _schema("SalesLoop finding rule", Rule),
        "reports": _schema("SalesLoop report", ReportDefinition),
        "entities": _entities(),
    }


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """One `<folder>.schema.json` for each folder of definitions; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")
        written.append(path)
    return tuple(written)


def _schema(title: str, kind: Any) -> dict[str, Any]:
    return {"$schema": _DRAFT, **TypeAdapter(kind).json_schema(), "title": title}


def _entities() -> dict[str, Any]:
    """As files write them: the name is `entity`, and fields, checks and levels are mappings from their names; a field
    without specification is the shared one of its name."""
    schema = _schema("SalesLoop entity", Entity | Extension)
    for definition in schema["$defs"].values():
        properties = definition.get("properties", {})
        for part in _NAMED:
            if part in properties:
                items = properties[part]["items"]
                properties[part] = {
                    "type": "object",
                    "additionalProperties": {"anyOf": [_unnamed(schema, items), {"type": "null"}]},
                }
    entity = schema["$defs"]["Entity"]
    entity["properties"]["entity"] = entity["properties"].pop("name")
    entity["required"] = ["entity", *(name for name in entity["required"] if name != "name")]
    return schema


def _unnamed(schema: Mapping[str, Any], items: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an item whose name stands before it; what the shared field of that name says may be left out."""
    found = schema["$defs"][items["$ref"].rsplit("/", maxsplit=1)[-1]]
    properties = {name: one for name, one in found["properties"].items() if name != "name"}
    return {**{name: one for name, one in found.items() if name != "required"}, "properties": properties}
