"""A foreign expression as metrics of ours: one aggregate becomes a measure, a formula over aggregates a ratio or derived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlglot
from pydantic import ValidationError
from sqlglot import errors, exp

from salesloop.engine.governance.kinds import MESSAGES
from salesloop.engine.metrics.definition import METRIC, Metric
from salesloop.engine.metrics.reach import has_column
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.model.closed_sql import READ_DIALECT
from salesloop.engine.model.text import Message

_AGGREGATES: Final[dict[type[exp.Expr], str]] = {
    exp.Sum: "sum",
    exp.Avg: "average",
    exp.Min: "minimum",
    exp.Max: "maximum",
    exp.Median: "median",
}
_CJK: Final = re.compile(r"[一-鿿]")


class Unreadable(Exception):
    """A metric that cannot be read; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class _Part:
    """One aggregate: over which entity, of what, of which rows."""

    aggregate: str
    entity: str
    expression: str | None
    filter: str | None


class Drafting:
    """Reads the foreign metrics of one model."""

    def __init__(self, model: Mapping[str, Any], registry: Registry, owner: str, datasets: Mapping[str, str]) -> None:
        self.registry = registry
        self.owner = owner
        self._entities = {
            str(one.get("name")): datasets.get(str(one.get("name"))) or self._same(one) for one in model["datasets"]
        }
        self._fields = {str(one.get("name")): _fields(one) for one in model["datasets"]}

    def read(self, raw: Mapping[str, Any], sql: str, dialect: str) -> list[Metric]:
        """The draft of a metric, after its parts. Unreadable where it says more than a formula over aggregates."""
        name = _id(str(raw.get("name", "")))
        try:
            tree = sqlglot.parse_one(sql, read=dialect or None)
        except errors.SqlglotError as error:
            raise Unreadable(MESSAGES.message("ossie_sql", sql=sql)) from error
        if tree.find(exp.Window, exp.Select, exp.Subquery, exp.WithinGroup):
            raise Unreadable(MESSAGES.message("ossie_too_much", sql=sql))
        tree = _bare(tree)
        said = _said(raw, sql)
        if _is_aggregate(tree):
            return [self._metric(name, said, _of_part(self._part(tree)))]
        aggregates = [node for node in tree.find_all(exp.AggFunc, exp.Filter) if _outermost(node)]
        if not aggregates:
            raise Unreadable(MESSAGES.message("ossie_no_aggregate", sql=sql))
        return self._formula(name, said, tree, aggregates)

    def _formula(self, name: str, said: dict[str, Any], tree: exp.Expr, aggregates: list[exp.Expr]) -> list[Metric]:
        parts: list[Metric] = []
        for number, node in enumerate(aggregates, start=1):
            part = f"{name}_part_{number}"
            parts.append(self._metric(part, said | {"hidden": True}, _of_part(self._part(node))))
            node.replace(exp.column(part))
        if any(column.table for column in tree.find_all(exp.Column)):
            raise Unreadable(MESSAGES.message("ossie_too_much", sql=said["formula"]["en"]))
        quotient = _quotient(tree)
        if quotient:
            shape: dict[str, Any] = {"type": "ratio", "numerator": quotient[0], "denominator": quotient[1]}
        else:
            shape = {"type": "derived", "expression": tree.sql(dialect=READ_DIALECT)}
        return [*parts, self._metric(name, said, shape | {"unit": "fraction", "format": "number"})]

    def _part(self, node: exp.Expr, within: exp.Expr | None = None) -> _Part:
        """One aggregate; `within` is the FILTER around it, which may be the only place that names the dataset."""
        if isinstance(node, exp.Filter):
            inner = self._part(node.this, node)
            return replace(inner, filter=_both(inner.filter, self._rows(node.expression.this, inner.entity)))
        argument = node.this
        distinct = isinstance(argument, exp.Distinct)
        if distinct:
            if len(argument.expressions) != 1 or not isinstance(node, exp.Count):
                raise Unreadable(MESSAGES.message("ossie_too_much", sql=node.sql()))
            argument = argument.expressions[0]
        aggregate = "count" if isinstance(node, exp.Count) else _AGGREGATES.get(type(node))
        if aggregate is None:
            raise Unreadable(MESSAGES.message("ossie_aggregate", name=node.key.upper()))
        value, condition = _split(argument, zero_is_nothing=aggregate == "sum")
        entity = self._entity_of(within or node)
        filter_ = None if condition is None else self._rows(condition, entity)
        if distinct:
            return _Part("count_distinct", entity, self._rows(value, entity), filter_)
        if aggregate == "count":
            if not isinstance(value, exp.Star | exp.Literal):
                filter_ = _both(filter_, f"{self._rows(value, entity)} IS NOT NULL")
            return _Part("count", entity, None, filter_)
        return _Part(aggregate, entity, self._rows(value, entity), filter_)

    def _entity_of(self, node: exp.Expr) -> str:
        """The entity whose rows are aggregated: the fact among the datasets that the expression names."""
        tables = dict.fromkeys(column.table for column in node.find_all(exp.Column))
        if not tables:
            tables = dict.fromkeys(self._entities) if len(self._entities) == 1 else {}
        entities = dict.fromkeys(self._entity(table) for table in tables)
        facts = [name for name in entities if self.registry.model.entity(name).kind == "fact"] or list(entities)
        if len(facts) != 1:
            raise Unreadable(MESSAGES.message("ossie_which_rows", sql=node.sql()))
        return facts[0]

    def _entity(self, dataset: str) -> str:
        found = self._entities.get(dataset)
        if found is None or not self.registry.model.has(found):
            raise Unreadable(MESSAGES.message("ossie_dataset", dataset=dataset or "–"))
        return found

    def _same(self, dataset: Mapping[str, Any]) -> str | None:
        """The entity that is called like the dataset, or like the last part of its source."""
        for name in (str(dataset.get("name")), str(dataset.get("source")).rsplit(".", maxsplit=1)[-1]):
            if self.registry.model.has(name.lower()):
                return name.lower()
        return None

    def _rows(self, value: exp.Expr, entity: str) -> str:
        """An expression over our rows, as definitions write it."""

        def column(node: exp.Expr) -> exp.Expr:
            if not isinstance(node, exp.Column):
                return node
            dataset = node.table or next((n for n, e in self._entities.items() if e == entity), "")
            home = self._entity(dataset)
            name = self._fields.get(dataset, {}).get(node.name, node.name)
            if not has_column(self.registry.model.entity(home), name):
                raise Unreadable(MESSAGES.message("ossie_field", dataset=dataset, field=node.name, entity=home))
            return exp.column(name, table=None if home == entity else home)

        return value.copy().transform(column).sql(dialect=READ_DIALECT)

    def _metric(self, name: str, said: dict[str, Any], shape: dict[str, Any]) -> Metric:
        try:
            return METRIC.validate_python(
                {"metric": name, "owner": self.owner, "review_every": "quarter", "status": "draft"}
                | {"favorable": "neutral"}
                | said
                | shape
            )
        except ValidationError as error:
            first = error.errors()[0]
            problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise Unreadable(MESSAGES.message("ossie_wrong", problem=problem)) from error


def _fields(dataset: Mapping[str, Any]) -> dict[str, str]:
    """Field of the dataset → column, where the field is nothing but a column."""
    found = {}
    for one in dataset.get("fields") or ():
        for dialect in one.get("expression", {}).get("dialects", ()):
            if re.fullmatch(r"[A-Za-z_]\w*", str(dialect.get("expression"))):
                found[str(one.get("name"))] = str(dialect["expression"]).lower()
                break
    return found


def _of_part(part: _Part) -> dict[str, Any]:
    counts = part.aggregate in ("count", "count_distinct")
    shape = {
        "type": "measure",
        "entity": part.entity,
        "aggregate": part.aggregate,
        "expression": part.expression,
        "filter": part.filter,
        "format": "count" if counts else "number",
        "unit": "record" if counts else "point",
    }
    return {name: value for name, value in shape.items() if value is not None}


def _said(raw: Mapping[str, Any], sql: str) -> dict[str, Any]:
    """Labels and words of a foreign metric: Chinese ones from its synonyms, where there are any."""
    context = raw.get("ai_context")
    synonyms = context.get("synonyms", []) if isinstance(context, dict) else []
    name = str(raw.get("name", ""))
    english = name.replace("_", " ").strip().capitalize()
    chinese = next((word for word in synonyms if _CJK.search(str(word))), english)
    about = str(raw.get("description") or english)
    return {
        "label": {"zh-Hans": chinese, "en": english},
        "description": {"zh-Hans": about, "en": about},
        "formula": {"zh-Hans": sql, "en": sql},
    }


def _split(value: exp.Expr, *, zero_is_nothing: bool) -> tuple[exp.Expr, exp.Expr | None]:
    """`CASE WHEN c THEN v END` as (v, c). ELSE NULL says nothing; ELSE 0 adds nothing to a sum."""
    value = _bare(value)
    if not isinstance(value, exp.Case) or value.this is not None or len(value.args["ifs"]) != 1:
        return value, None
    rest = value.args.get("default")
    nothing = rest is None or isinstance(rest, exp.Null) or (zero_is_nothing and rest.sql() == "0")
    branch = value.args["ifs"][0]
    return (branch.args["true"], branch.this) if nothing else (value, None)


def _quotient(tree: exp.Expr) -> tuple[str, str] | None:
    """The two metrics of `a / b`, whatever guards the zero: ours is unknown there anyway."""
    if not isinstance(tree, exp.Div):
        return None
    under = _bare(tree.expression)
    if isinstance(under, exp.Nullif):
        under = _bare(under.this)
    over = _bare(tree.this)
    if isinstance(over, exp.Column) and isinstance(under, exp.Column):
        return over.name, under.name
    return None


def _is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, exp.AggFunc) or (isinstance(node, exp.Filter) and isinstance(node.this, exp.AggFunc))


def _outermost(node: exp.Expr) -> bool:
    return node.find_ancestor(exp.AggFunc, exp.Filter) is None


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node


def _both(one: str | None, other: str) -> str:
    return other if one is None else f"({one}) AND ({other})"


def _id(name: str) -> str:
    """A foreign name as an id of ours."""
    found = re.sub(r"\W+", "_", name.strip().lower(), flags=re.ASCII).strip("_")
    if not re.match(r"[a-z]", found):
        raise Unreadable(MESSAGES.message("ossie_name", name=name))
    return found
