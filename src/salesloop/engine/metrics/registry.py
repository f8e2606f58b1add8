"""All metrics and dimensions of a workspace: the built-in catalogue, and the company's own definitions over it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from salesloop.engine.metrics import composition, reach, validate
from salesloop.engine.metrics.definition import (
    BUCKET,
    METRIC,
    Churn,
    Cohort,
    Conversion,
    Cumulative,
    Derived,
    Distribution,
    Measure,
    Metric,
    Rank,
    Ratio,
    Share,
    Spread,
    Stock,
    Target,
)
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.model.entity import Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.text import Message, Messages
from salesloop.engine.model.wrong import first_wrong, yaml_problem

MESSAGES: Final = Messages("salesloop.engine.metrics")
_CATALOGUE: Final = "salesloop.engine.metrics.catalogue"

Base = Measure | Distribution | Stock | Conversion | Cohort | Churn | Spread


@dataclass(frozen=True)
class Registry:
    """Every metric and dimension by id. Equal definitions have equal `fingerprint`s, which caches rely on."""

    metrics: Mapping[str, Metric]
    dimensions: Mapping[str, Dimension]
    model: Model

    @cached_property
    def fingerprint(self) -> str:
        text = "".join(repr(item) for item in (*self.metrics.values(), *self.dimensions.values()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def metric(self, name: str) -> Metric:
        """UserError with the nearest names where there is no such metric."""
        if name not in self.metrics:
            raise UserError(
                MESSAGES.message(
                    "unknown_metric",
                    name=name,
                    hint=hint(name, self._spoken_metrics(), MESSAGES.message("see_metrics")),
                )
            )
        return self.metrics[name]

    def dimension(self, name: str) -> Dimension:
        """UserError with the nearest names where there is no such dimension."""
        if name not in self.dimensions:
            shown = [dimension for dimension in self.dimensions.values() if not dimension.hidden]
            spoken: Spoken = [(d.dimension, (d.label.zh_hans, d.label.en)) for d in shown]
            all_of_them = MESSAGES.message("known_ones", names=[d.dimension for d in shown])
            raise UserError(MESSAGES.message("unknown_dimension", name=name, hint=hint(name, spoken, all_of_them)))
        return self.dimensions[name]

    def dimensions_of(self, metric: str) -> tuple[Dimension, ...]:
        """The dimensions by which every part of a metric can be sliced."""
        entities = self.entities_of(metric)
        return tuple(
            dimension
            for dimension in self.dimensions.values()
            if all(self.paths(dimension, entity) for entity in entities)
            or (dimension.dimension == BUCKET and self.buckets(metric) is not None)
        )

    def buckets(self, metric: str) -> tuple[float, ...] | None:
        """The bounds of the buckets of a histogram, None of every other metric."""
        definition = self.metric(metric)
        return definition.buckets if isinstance(definition, Distribution) else None

    def paths(self, dimension: Dimension, entity: str) -> tuple[str, ...]:
        """The ways from a row of an entity to a dimension that its fields allow; none where it cannot be sliced so."""
        if entity not in self._paths:
            declared = self.model.entity(entity)
            self._paths[entity] = {
                name: reach.usable_paths(item, declared, self.model) for name, item in self.dimensions.items()
            }
        return self._paths[entity][dimension.dimension]

    def entities_of(self, metric: str) -> tuple[str, ...]:
        """The entities whose rows a metric reads, in the order of its parts."""
        found: dict[str, None] = {}
        for base in self.bases_of(metric):
            found[base.entity] = None
        return tuple(found)

    def bases_of(self, metric: str) -> Iterator[Base]:
        """The row-based metrics that a metric is composed of (itself, where it is one)."""
        match self.metric(metric):
            case Ratio(numerator=one, denominator=other):
                yield from self.bases_of(one)
                yield from self.bases_of(other)
            case Derived() as derived:
                for name in composition.inputs(derived):
                    yield from self.bases_of(name)
            case Cumulative(measure=inner):
                yield from self.bases_of(inner)
            case Share(of=inner) | Rank(of=inner):
                yield from self.bases_of(inner)
            case Target(value="target"):
                return
            case Target(of=actual):
                yield from self.bases_of(actual)
            case base:
                yield base

    def sums_up(self, metric: str) -> bool:
        """Whether targets of parts add up to the target of the whole: amounts and counts do, rates and means do not."""
        match self.metric(metric):
            case Measure() as measure:
                return measure.aggregate in ("sum", "count", "count_distinct")
            case Stock() | Spread():
                return True
            case Cumulative(measure=inner):
                return self.sums_up(inner)
            case Distribution(buckets=buckets):
                return buckets is not None
            case Derived() as derived:
                return not composition.divides(derived) and all(
                    self.sums_up(name) for name in composition.inputs(derived)
                )
            case Target(value="target", of=actual):
                return self.sums_up(actual)
        return False

    @cached_property
    def _paths(self) -> dict[str, dict[str, tuple[str, ...]]]:
        return {}

    def _spoken_metrics(self) -> Spoken:
        return [(m.metric, (m.label.zh_hans, m.label.en)) for m in self.metrics.values() if not m.hidden]


Spoken = Sequence[tuple[str, tuple[str, ...]]]


def nearest(wanted: str, known: Spoken, count: int = 3) -> list[str]:
    """Of `known` (name, other words for it) the names nearest to what was written."""
    scored = []
    for name, words in known:
        spoken = [word.lower() for word in (name, *words)]
        likeness = [difflib.SequenceMatcher(None, wanted.lower(), word).ratio() for word in spoken]
        contained = 0.75 if any(wanted and wanted.lower() in word for word in spoken) else 0.0
        scored.append((max(*likeness, contained), name))
    return [name for score, name in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:count] if score >= 0.5]


def hint(wanted: str, known: Spoken, otherwise: Message) -> Message:
    """A sentence with the nearest names, or another where none is near."""
    names = nearest(wanted, known)
    return MESSAGES.message("nearest", names=names) if names else otherwise


def load_registry(workspace: Path | None = None, model: Model | None = None) -> Registry:
    """The catalogue, with every `metrics/*.yaml` of a workspace folder over it (the same id replaces).

    `model` defaults to the workspace's own entities over the built-in ones. UserError names the file and the definition
    that is wrong.
    """
    if model is None:
        model = load_model(None if workspace is None else workspace / "entities")
    folder = None if workspace is None else workspace / "metrics"
    files = sorted(folder.glob("*.y*ml")) if folder is not None and folder.is_dir() else []
    return _with_own(files, model) if files else _without_own(model)


@lru_cache(maxsize=4)
def _without_own(model: Model) -> Registry:
    """One for all workspaces that define no metrics of their own: what is worked out from it is then kept for all of them."""
    return _with_own((), model)


def _with_own(files: Sequence[Path], model: Model) -> Registry:
    found_metrics, found_dimensions = built_in()
    metrics, dimensions = dict(found_metrics), dict(found_dimensions)
    seen: dict[str, str] = {}
    for file in files:
        for item in _definitions(file.read_bytes(), file.name):
            name = item.dimension if isinstance(item, Dimension) else item.metric
            if name in seen:
                raise UserError(
                    MESSAGES.message("definition_twice", name=name, first=seen[name], second=file.name), file=file.name
                )
            seen[name] = file.name
            if isinstance(item, Dimension):
                dimensions[name] = item
            else:
                metrics[name] = item
    registry = Registry(metrics, dimensions, model)
    for name, problem in validate.problems(metrics, dimensions, model):
        message = MESSAGES.message("definition_wrong", name=name, place=problem.place, problem=problem.text)
        raise UserError(message, file=seen.get(name))
    return registry


@cache
def built_in() -> tuple[dict[str, Metric], dict[str, Dimension]]:
    """The definitions that come with the product, in the order of the catalogue."""
    metrics: dict[str, Metric] = {}
    dimensions: dict[str, Dimension] = {}
    folder = resources.files(_CATALOGUE)
    for name in sorted(item.name for item in folder.iterdir() if item.name.endswith(".yaml")):
        for item in _definitions(folder.joinpath(name).read_bytes(), name):
            if isinstance(item, Dimension):
                dimensions[item.dimension] = item
            else:
                metrics[item.metric] = item
    return metrics, dimensions


def _definitions(raw: bytes, file: str) -> Iterator[Metric | Dimension]:
    try:
        documents = list(yaml.load_all(raw, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise UserError(MESSAGES.message("definition_unreadable", problem=yaml_problem(error)), file=file) from error
    for document in documents:
        if document is not None:
            yield _definition(document, file)


def _definition(document: Any, file: str) -> Metric | Dimension:
    if not isinstance(document, dict) or ("metric" in document) == ("dimension" in document):
        raise UserError(MESSAGES.message("definition_neither"), file=file)
    name = str(document.get("metric", document.get("dimension")))
    try:
        return Dimension.model_validate(document) if "dimension" in document else METRIC.validate_python(document)
    except ValidationError as error:
        place, problem = first_wrong(error)
        message = MESSAGES.message("definition_wrong", name=name, place=place, problem=problem)
        raise UserError(message, file=file) from error
