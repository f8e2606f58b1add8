"""An Ossie document as definitions: our own come back as they were, simple foreign metrics become drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from salesloop.engine.governance.kinds import MESSAGES
from salesloop.engine.governance.ossie.drafting import Drafting, Unreadable
from salesloop.engine.governance.ossie.formulas import dialects_of
from salesloop.engine.governance.ossie.writing import VENDOR
from salesloop.engine.metrics.definition import METRIC, Metric
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.validate import problems
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A metric of the document that was not read, and why."""

    name: str
    why: Message


@dataclass(frozen=True, slots=True)
class Imported:
    """What a document holds for us. `drafts` are ids of metrics that were read from foreign expressions."""

    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)
    drafts: Sequence[str] = ()
    left_out: Sequence[LeftOut] = ()


_DIALECTS_READ: Final = {
    "ANSI_SQL": "",
    "OSSIE_SQL_2026": "",
    "SNOWFLAKE": "snowflake",
    "DATABRICKS": "databricks",
    "BIGQUERY": "bigquery",
}


def from_ossie(document: Any, registry: Registry, *, owner: str, datasets: Mapping[str, str] | None = None) -> Imported:
    """Read the models of a document against our entities. `datasets` says which entity a foreign dataset is, where its
    name or the last part of its source does not. UserError where it is no Ossie document."""
    metrics: dict[str, Metric] = {}
    dimensions: dict[str, Dimension] = {}
    drafts: list[str] = []
    left_out: list[LeftOut] = []
    for model in _models(document):
        ours = _extension(model)
        for raw in ours.get("dimensions", ()):
            dimension = _dimension(raw)
            dimensions[dimension.dimension] = dimension
        own = {raw["metric"]: _metric(raw) for raw in ours.get("metrics", ())}
        foreign = []
        for raw in model.get("metrics") or ():
            said = _extension(raw)
            if said:
                own[said["metric"]] = _metric(said)
            else:
                foreign.append(raw)
        metrics |= {name: own[name] for name in [*ours.get("order", ()), *own] if name in own}
        left_out += _edited(model, own, registry)
        drafting = Drafting(model, registry, owner, datasets or {})
        for raw in foreign:
            try:
                for draft in _drafted(raw, drafting, {*registry.metrics, *metrics}):
                    metrics[draft.metric] = draft
                    drafts.append(draft.metric)
            except Unreadable as problem:
                left_out.append(LeftOut(str(raw.get("name", "?")), problem.message))
    return Imported(metrics, dimensions, drafts, left_out)


def _models(document: Any) -> Iterator[Mapping[str, Any]]:
    """The models of a document: a list under `semantic_model`, or the document itself."""
    if isinstance(document, dict):
        found = document.get("semantic_model", [document] if "datasets" in document else None)
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            yield from found
            return
    raise UserError(MESSAGES.message("not_ossie"))


def _extension(carrier: Mapping[str, Any]) -> dict[str, Any]:
    """What an extension of ours says; nothing where there is none."""
    for one in carrier.get("custom_extensions") or ():
        if one.get("vendor_name") == VENDOR:
            try:
                data = json.loads(one["data"])
            except (ValueError, KeyError, TypeError) as error:
                raise UserError(MESSAGES.message("ossie_extension", name=str(carrier.get("name")))) from error
            if isinstance(data, dict):
                return data
    return {}


def _metric(raw: Any) -> Metric:
    try:
        return METRIC.validate_python(raw)
    except ValidationError as error:
        raise UserError(MESSAGES.message("ossie_extension", name=str(raw.get("metric")))) from error


def _dimension(raw: Any) -> Dimension:
    try:
        return Dimension.model_validate(raw)
    except ValidationError as error:
        raise UserError(MESSAGES.message("ossie_extension", name=str(raw.get("dimension")))) from error


def _edited(model: Mapping[str, Any], own: Mapping[str, Metric], registry: Registry) -> Iterator[LeftOut]:
    """Metrics of ours whose expression somebody changed in the document: the definition beside it counts, and we say so."""
    world = Registry({**registry.metrics, **own}, registry.dimensions, registry.model)
    for raw in model.get("metrics") or ():
        name = raw.get("name")
        if name in own and raw.get("expression", {}).get("dialects") != dialects_of(own[name], world):
            yield LeftOut(str(name), MESSAGES.message("ossie_edited"))


def _drafted(raw: Mapping[str, Any], drafting: Drafting, taken: set[str]) -> list[Metric]:
    """The drafts of one foreign metric: itself, after its hidden parts."""
    dialects = {one.get("dialect"): one.get("expression") for one in raw.get("expression", {}).get("dialects", ())}
    chosen = next((name for name in _DIALECTS_READ if dialects.get(name)), None)
    if chosen is None:
        raise Unreadable(MESSAGES.message("ossie_dialect", dialects=", ".join(map(str, dialects)) or "–"))
    drafts = drafting.read(raw, str(dialects[chosen]), _DIALECTS_READ[chosen])
    for draft in drafts:
        if draft.metric in taken:
            raise Unreadable(MESSAGES.message("ossie_taken", name=draft.metric))
    known = {**drafting.registry.metrics, **{draft.metric: draft for draft in drafts}}
    for name, problem in problems(known, drafting.registry.dimensions, drafting.registry.model):
        raise Unreadable(MESSAGES.message("ossie_wrong", problem=f"{name}: {problem.place}: {problem.text}"))
    return drafts
