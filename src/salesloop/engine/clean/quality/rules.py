"""Row checks as SQL over one published table."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

from sqlglot import exp

from salesloop.engine.clean.quality import definition as say
from salesloop.engine.clean.values.cells import ident, literal, matches
from salesloop.engine.model.closed_sql import READ_DIALECT, TEXTS, VALUES, parse_closed
from salesloop.engine.model.entity import Entity, Model, Severity
from salesloop.engine.model.text import Message, Text
from salesloop.engine.store.config import WorkspaceConfig
from salesloop.engine.store.schema import owner_fields, resolved_fields

Columns = Mapping[str, set[str]]
"""The columns of each published table."""

PARAMETERS: Final = frozenset({"today"})
_LEAST_TYPICAL: Final = 20
_NAME_FORM: Final = r"[\s\p{P}\p{S}]"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a verdict depends on besides the records: the date in the workspace's time `zone`, and how late an entry may be."""

    today: dt.date
    entry_sla_hours: int = 24
    zone: dt.tzinfo = dt.UTC

    @classmethod
    def of(cls, config: WorkspaceConfig, today: dt.date) -> Self:
        """Those of a workspace on a day."""
        return cls(today, config.entry_sla_hours, config.zone)


@dataclass(frozen=True, slots=True)
class RowRule:
    """`holds` is SQL over the row `t` and the joins; NULL where the check does not speak of the row.

    Each of `lookups` (alias → SELECT, condition) is a small relation joined to the row. `inputs` are the other entities that it
    reads. `lasting`: the verdict can change only with the delivered record.
    """

    name: str
    severity: Severity
    label: Text | Message
    holds: str
    lookups: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    inputs: frozenset[str] = frozenset()
    lasting: bool = True

    @property
    def listed(self) -> bool:
        """Whether the records that fail are kept by name; hints are only counted."""
        return self.severity != "info"


def rules_of(
    entity: Entity, model: Model, checks: Iterable[say.RowCheck], columns: Columns, at: Circumstances
) -> list[RowRule]:
    """The checks that this snapshot can answer, in their order."""
    if entity.name not in columns:
        return []
    present = columns[entity.name]
    return [
        _with_context(rule, check, entity, model)
        for check in checks
        if columns_of(check) <= present and (rule := _rule(check, entity, model, columns, at)) is not None
    ]


def verdicts(rules: Sequence[RowRule], source: str, before: str = "", *, inline: bool = False) -> str:
    """SELECT of one boolean a rule, c0, c1 …, over `source` ("FROM … t"), whose lookups stand as tables, or `inline`."""
    columns = ", ".join(f"({rule.holds}) AS c{n}" for n, rule in enumerate(rules))
    joins = {
        alias: f"LEFT JOIN {f'({select}) {alias}' if inline else alias} ON {condition}"
        for rule in rules
        for alias, (select, condition) in rule.lookups.items()
    }
    return f"SELECT {before}{columns} {source} {' '.join(joins.values())}"


def _rule(check: say.RowCheck, entity: Entity, model: Model, columns: Columns, at: Circumstances) -> RowRule | None:
    holds, lookups, inputs, lasting = "", dict[str, tuple[str, str]](), frozenset[str](), True
    match check:
        case say.Required(field=name):
            holds = f"t.{ident(name)} IS NOT NULL"
        case say.Range(field=name, min=low, max=high):
            bounds = [
                f"t.{ident(name)} {sign} {_bound(value)}"
                for sign, value in ((">=", low), ("<=", high))
                if value is not None
            ]
            holds = " AND ".join(bounds)
        case say.OneOf(field=name, values=values):
            holds = " OR ".join(f"t.{ident(name)} = {literal(value)}" for value in values)
        case say.Pattern(field=name, pattern=pattern):
            holds = matches(f"t.{ident(name)}", pattern)
        case say.Order(fields=names):
            holds = " AND ".join(_in_order(entity, *pair) for pair in itertools.pairwise(names))
        case say.Rule(holds=sql):
            holds = _answered(sql, at.today)
        case say.NotInFuture(field=name):
            holds, lasting = f"CAST(t.{ident(name)} AS DATE) <= DATE {literal(at.today.isoformat())}", False
        case say.Outlier():
            holds, lookups = _near_the_typical(check, entity)
            lasting = False
        case say.BackDated():
            holds = _entered_in_time(check, entity, at)
        case say.Reference(field=name):
            target = model.entity(entity.references[name])
            if target.name not in columns:
                return None
            holds, lookups = _known(name, target)
            inputs = frozenset({target.name})
        case say.Unique():
            holds, lookups = _first_of_its_kind(check, entity)
            lasting = False
        case say.Stale():
            holds, lookups = _touched_lately(check, entity, model, columns, at)
            inputs, lasting = frozenset(check.touched_by), False
    if check.when is not None:
        holds = f"CASE WHEN {_answered(check.when, at.today)} THEN {holds} END"
    lasting = lasting and not _asked_today(check)
    return RowRule(check.check, check.severity, check.label, holds, lookups, inputs, lasting)


def _with_context(rule: RowRule, check: say.RowCheck, entity: Entity, model: Model) -> RowRule:
    """Columns that resolving fills change with what they are filled from, though the record stays."""
    filled = {*resolved_fields(entity, model), *owner_fields(entity), "fx_rate"} & columns_of(check)
    inputs = set(rule.inputs)
    for name in filled:
        inputs |= {entity.references[name]} if name in entity.references else set()
        inputs |= {"employee", "org_unit"} if name in ("employee_id", "org_unit_id") else set()
        inputs |= {"exchange_rate"} if name == "fx_rate" else set()
        inputs |= {"order_line"} if entity.name == "return_line" else set()
    if inputs == rule.inputs:
        return rule
    return RowRule(rule.name, rule.severity, rule.label, rule.holds, rule.lookups, frozenset(inputs), rule.lasting)


def columns_of(check: say.RowCheck) -> frozenset[str]:
    """The columns of its own table that a check reads."""
    names: set[str] = set()
    for part in ("field", "by", "event", "entry"):
        if isinstance(value := getattr(check, part, None), str):
            names.add(value)
    for part in ("fields", "touched"):
        names |= set(getattr(check, part, ()))
    for part in ("holds", "open", "when"):
        if isinstance(sql := getattr(check, part, None), str):
            names |= columns_in(sql)
    return frozenset(names)


@lru_cache(maxsize=1024)
def columns_in(sql: str) -> frozenset[str]:
    """The columns of an expression. ValueError where it says what a check may not say."""
    return frozenset(column.name for column in _tree(sql).find_all(exp.Column))


@lru_cache(maxsize=1024)
def _tree(sql: str) -> exp.Expr:
    """The tree of an expression, shared by all who ask: to be read or copied, never changed."""
    return parse_closed(sql, VALUES + TEXTS, PARAMETERS)


def _asked_today(check: say.RowCheck) -> bool:
    parts = (getattr(check, part, None) for part in ("holds", "open", "when"))
    return any(next(_tree(sql).find_all(exp.Placeholder), None) is not None for sql in parts if sql is not None)


@lru_cache(maxsize=1024)
def _answered(sql: str, today: dt.date) -> str:
    """The expression with `:today` in its place; a value that cannot be converted is NULL and stops nothing."""

    def replace(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Placeholder):
            return exp.cast(exp.Literal.string(today.isoformat()), exp.DataType.Type.DATE)
        if isinstance(node, exp.Cast) and not isinstance(node, exp.TryCast):
            return exp.TryCast(this=node.this, to=node.to)
        return node

    return _tree(sql).transform(replace).sql(dialect=READ_DIALECT)


def _bound(value: float | dt.date) -> str:
    return f"DATE {literal(value.isoformat())}" if isinstance(value, dt.date) else repr(value)


def _in_order(entity: Entity, before: str, after: str) -> str:
    first, second = (f"t.{ident(name)}" for name in (before, after))
    if {entity.field(name).type for name in (before, after)} == {"date", "datetime"}:
        first, second = f"CAST({first} AS DATE)", f"CAST({second} AS DATE)"
    return f"{first} <= {second}"


def _entered_in_time(check: say.BackDated, entity: Entity, at: Circumstances) -> str:
    hours = at.entry_sla_hours if check.hours is None else check.hours
    hours += 24 if entity.field(check.event).type == "date" else 0
    return f"date_diff('second', CAST(t.{ident(check.event)} AS TIMESTAMP), t.{ident(check.entry)}) <= {hours * 3600}"


_Lookups = dict[str, tuple[str, str]]


def _known(name: str, target: Entity) -> tuple[str, _Lookups]:
    alias, key = f"_known_{name}", ident(target.key[0])
    lookup = (f"SELECT DISTINCT {key} AS _found FROM {ident(target.name)}", f"{alias}._found = t.{ident(name)}")
    return f"CASE WHEN t.{ident(name)} <> '' THEN {alias}._found IS NOT NULL END", {alias: lookup}


def _first_of_its_kind(check: say.Unique, entity: Entity) -> tuple[str, _Lookups]:
    """One hash aggregate over the table finds what is repeated; of each the record that has stood longest holds."""
    form, alias = _form(check, "t"), f"_twice_{check.check}"
    twice = (
        f"SELECT {form} AS _form, min(rowid) AS _first FROM {ident(entity.name)} t "
        f"WHERE {form} IS NOT NULL GROUP BY _form HAVING count(*) > 1"
    )
    holds = f"CASE WHEN {form} IS NOT NULL THEN {alias}._form IS NULL OR {alias}._first = t.rowid END"
    return holds, {alias: (twice, f"{alias}._form = {form}")}


def _near_the_typical(check: say.Outlier, entity: Entity) -> tuple[str, _Lookups]:
    alias, value, by = f"_typical_{check.check}", f"CAST(t.{ident(check.field)} AS DOUBLE)", f"t.{ident(check.by)}"
    typical = (
        f"SELECT {by} AS _of, exp(avg(ln({value}))) AS _usual FROM {ident(entity.name)} t "
        f"WHERE {value} > 0 AND {by} IS NOT NULL GROUP BY _of HAVING count(*) >= {_LEAST_TYPICAL}"
    )
    within = f"{value} BETWEEN {alias}._usual / {check.times!r} AND {alias}._usual * {check.times!r}"
    return f"CASE WHEN {value} > 0 AND {alias}._of IS NOT NULL THEN {within} END", {
        alias: (typical, f"{alias}._of = {by}")
    }


def _form(check: say.Unique, alias: str) -> str:
    columns = [f"CAST({alias}.{ident(name)} AS VARCHAR)" for name in check.fields]
    if check.loosely:
        columns = [f"nullif(lower(regexp_replace({c}, {literal(_NAME_FORM)}, '', 'g')), '')" for c in columns]
    joined = " || chr(31) || ".join(columns)  # NULL where one of them is
    return joined if len(columns) == 1 else f"({joined})"


def _touched_lately(
    check: say.Stale, entity: Entity, model: Model, columns: Columns, at: Circumstances
) -> tuple[str, _Lookups]:
    dates, lookups = [f"CAST(t.{ident(name)} AS DATE)" for name in check.touched], _Lookups()
    for name in check.touched_by:
        other = model.entity(name)
        refers = next((f for f, target in other.references.items() if target == entity.name), None)
        if refers is None or other.event_date is None or name not in columns:
            continue
        alias = f"_touched_{check.check}_{name}"
        last = (
            f"SELECT {ident(refers)} AS _of, max(CAST({ident(other.event_date)} AS DATE)) AS _last "
            f"FROM {ident(name)} GROUP BY _of"
        )
        lookups[alias] = (last, f"{alias}._of = t.{ident(entity.key[0])}")
        dates.append(f"{alias}._last")
    touched = dates[0] if len(dates) == 1 else f"greatest({', '.join(dates)})"
    limit = f"DATE {literal((at.today - dt.timedelta(days=check.days)).isoformat())}"
    return f"CASE WHEN {_answered(check.open, at.today)} THEN {touched} >= {limit} END", lookups
