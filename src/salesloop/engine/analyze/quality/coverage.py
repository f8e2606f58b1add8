"""Which fields are filled, and which metrics therefore have the inputs that they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from salesloop.engine.analyze.quality.scores import expected_fields
from salesloop.engine.analyze.quality.source import Judged
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.metrics import expression
from salesloop.engine.metrics.registry import Base, Registry


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """How many of an entity's records say something in a field. `expected`: it should be filled in every record."""

    entity: str
    field: str
    filled: int
    records: int
    expected: bool

    @property
    def rate(self) -> float | None:
        """None without records."""
        return self.filled / self.records if self.records else None


@dataclass(frozen=True, slots=True)
class MetricCoverage:
    """The fields that a metric reads, each with its coverage; `lacking` are those without any value, by `entity.field`."""

    metric: str
    inputs: tuple[FieldCoverage, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        return tuple(f"{each.entity}.{each.field}" for each in self.inputs if not each.filled)

    @property
    def rate(self) -> float:
        """The least filled input: a metric is no better than that."""
        return min((each.rate or 0.0 for each in self.inputs), default=0.0)


def field_coverage(of: Judged, *, entity: str | None = None) -> list[FieldCoverage]:
    """Every field of every entity that has records of the scope (or of `entity`): one pass over each table."""
    out: list[FieldCoverage] = []
    published = of.columns
    for declared in of.entities():
        if (entity is not None and declared.name != entity) or of.owned(declared) == "false":
            continue
        counts = ", ".join(
            f"count({f't.{ident(field.name)}' if field.name in published[declared.name] else 'NULL'}) AS {ident(field.name)}"
            for field in declared.fields  # data may be older than a field of the model
        )
        found = of.rows(f"SELECT count(*) AS _rows, {counts} FROM {ident(declared.name)} t WHERE {of.owned(declared)}")[
            0
        ]
        expected = set(expected_fields(of, declared)) | set(declared.key)
        out += [
            FieldCoverage(declared.name, field.name, found[field.name], found["_rows"], field.name in expected)
            for field in declared.fields
        ]
    return out


def coverage_rate(fields: list[FieldCoverage]) -> float | None:
    """Filled ÷ expected over the fields that should be filled; None where none is."""
    expected = [each for each in fields if each.expected]
    records = sum(each.records for each in expected)
    return sum(each.filled for each in expected) / records if records else None


def metric_coverage(registry: Registry, fields: list[FieldCoverage]) -> list[MetricCoverage]:
    """Every metric that people see, with the coverage of what it reads; one without records lacks all of it."""
    known = {(each.entity, each.field): each for each in fields}
    out = []
    for name, metric in registry.metrics.items():
        if metric.hidden:
            continue
        wanted = dict.fromkeys(wanted for base in registry.bases_of(name) for wanted in _inputs(base, registry))
        inputs = tuple(known.get(key) or FieldCoverage(*key, 0, 0, expected=False) for key in wanted)
        if inputs:
            out.append(MetricCoverage(name, inputs))
    return out


def _inputs(base: Base, registry: Registry) -> Iterator[tuple[str, str]]:
    """(entity, field) of what a row-based metric reads of its own rows and along references."""
    entity = registry.model.entity(base.entity)
    names = [base.date or entity.event_date]
    names += [getattr(base, part, None) for part in ("subject", "opened", "first_by", "until")]
    sql = getattr(base, "expression", None)
    names += list(expression.columns(sql)) if sql else []
    for name in names:
        if name is not None:
            yield from _along(entity.name, name, registry)


def _along(entity: str, path: str, registry: Registry) -> Iterator[tuple[str, str]]:
    declared = registry.model.entity(entity)
    step, _, rest = path.partition(".")
    if not rest:
        if declared.has(step):
            yield entity, step
        return
    fields = [field for field, target in declared.references.items() if target == step]
    if fields:
        yield entity, f"{step}_id" if f"{step}_id" in fields else fields[0]
        yield from _along(step, rest, registry)
