"""A view as SQL: the company's columns under the names and in the types of the canonical model.

Only the columns that a statement speaks of are in it, so that an engine neither reads nor joins what nobody asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.model.closed_sql import parse_closed
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.store.remote.definition import ALLOWED, Joined, Place, View, mappable
from salesloop.engine.store.remote.spans import RATES, STAYS, UNKNOWN_DAY, day

SOURCE: Final = "source"
CHANGED: Final = "_changed"


@dataclass(frozen=True)
class Canon:
    """The views of a company by entity, with the model and the base currency that they lead to.

    `collation` is how the engine must be told to compare texts byte by byte, None where it does so by itself. `entered` are
    rows that people entered (all fields): they stand beside the company's, and hide those of the same key.
    """

    views: Mapping[str, View]
    model: Model
    currency: str
    collation: str | None = None
    entered: Mapping[str, pa.Table] = field(default_factory=dict)

    def has(self, entity: str) -> bool:
        """Whether the entity is mapped."""
        return entity in self.views

    def select(self, name: str, asked: Collection[str] | None) -> tuple[exp.Query, frozenset[str]]:
        """The view of an entity with the columns in `asked` (None: all), and the helper views that it reads."""
        entity = self.model.entity(name)
        view = self.views.get(name)
        names = [one for one in mappable(entity) if asked is None or one in asked]
        if name in self.entered:
            return self._beside(entity, view, names or [entity.key[0]])
        if view is not None and view.changed is not None and asked is not None and CHANGED in asked:
            names.append(CHANGED)
        names = names or [entity.key[0]]
        return self._mapped(entity, view, names)

    def _mapped(self, entity: Entity, view: View | None, names: Collection[str]) -> tuple[exp.Select, frozenset[str]]:
        if view is not None:
            return _Writer(self, entity, view).select(names)
        empty = exp.select(*(exp.alias_(exp.cast(exp.Null(), type_of(entity, one)), one) for one in names))
        return empty.where(exp.false()), frozenset()

    def _beside(self, entity: Entity, view: View | None, names: Collection[str]) -> tuple[exp.Query, frozenset[str]]:
        """The company's rows that no entry hides, and the entered rows, completed in the same way."""
        there, needed = self._mapped(entity, view, tuple(dict.fromkeys((*names, *entity.key))))
        place = entered_table(entity.name)
        written = View(entity=entity.name, table=place, columns={one.name: one.name for one in entity.fields})
        here, more = _Writer(self, entity, written).select(names)
        same = (exp.EQ(this=exp.column(key, place), expression=exp.column(key, "there")) for key in entity.key)
        hiding = exp.Exists(this=exp.select(exp.Literal.number(1)).from_(place).where(*same))
        kept = exp.select(*names).from_(there.subquery("there")).where(exp.not_(hiding))
        return exp.union(kept, here, distinct=False), needed | more


def entered_table(entity: str) -> str:
    """The name under which entered rows travel with a statement."""
    return f"entered_{entity}"


def type_of(entity: Entity, name: str) -> str:
    """Warehouse type of a column of an entity's view."""
    if name == "fx_rate":
        return "DECIMAL(18, 8)"
    return entity.field(name).warehouse_type if entity.has(name) else "VARCHAR"


class _Writer:
    def __init__(self, canon: Canon, entity: Entity, view: View) -> None:
        self.canon, self.entity, self.view = canon, entity, view
        self._helpers: set[str] = set()

    def select(self, names: Collection[str]) -> tuple[exp.Select, frozenset[str]]:
        columns = [exp.alias_(self._value(name), name) for name in names]
        query = exp.select(*columns).from_(_table(self.view, SOURCE))
        for alias, joined in self.view.joins.items():
            query = query.join(_table(joined, alias), on=_match(alias, joined), join_type="left")
        for helper in sorted(self._helpers):
            query = query.join(exp.to_table(helper), on=self._held(helper), join_type="left")
        if self.view.where is not None:
            query = query.where(self._sql(self.view.where))
        return query, frozenset(self._helpers)

    # -- values ----------------------------------------------------------------------------------------------------

    def _value(self, name: str) -> exp.Expr:
        if name == CHANGED:
            return exp.cast(self._named(self.view.changed or ""), "TIMESTAMP")
        if name in self.view.mapped:
            value = self._typed(name, self._given(name))
            return self._with_unit(value) if name == "org_unit_id" else value
        if name == "fx_rate":
            return self._rate()
        if name == "org_unit_id" and self.entity.kind == "fact":
            return self._with_unit(None)
        default = self.entity.field(name).default if self.entity.has(name) else None
        return self._typed(name, exp.Null() if default is None else exp.Literal.string(default))

    def _given(self, name: str) -> exp.Expr:
        if name in self.view.columns:
            value: exp.Expr = self._named(self.view.columns[name])
        elif name in self.view.expressions:
            value = self._sql(self.view.expressions[name])
        else:
            value = exp.Literal.string(self.view.constants[name])
        texts = self.view.values.get(name)
        if not texts:
            return value
        whens = [exp.If(this=exp.Literal.string(said), true=exp.Literal.string(meant)) for said, meant in texts.items()]
        said = exp.cast(value, "VARCHAR")
        return exp.Case(this=said, ifs=whens, default=said.copy())

    def _typed(self, name: str, value: exp.Expr) -> exp.Expr:
        kind = type_of(self.entity, name)
        typed: exp.Expr = exp.cast(value, kind)
        if kind != "VARCHAR" or isinstance(value, exp.Null):
            return typed
        if name not in self.entity.key and not isinstance(value, exp.Literal):
            typed = exp.Nullif(this=typed, expression=exp.Literal.string(""))  # an empty text says nothing
        if self.canon.collation is not None:
            typed = exp.Collate(this=typed, expression=exp.to_identifier(self.canon.collation, quoted=True))
        return typed

    def _with_unit(self, given: exp.Expr | None) -> exp.Expr:
        """The unit that was stated, else the employee's on the day."""
        if self.entity.kind != "fact" or "employee_id" not in self.view.mapped or not self.canon.has("employee"):
            return given if given is not None else exp.cast(exp.Null(), "VARCHAR")
        self._helpers.add(STAYS)
        unit = exp.column("org_unit_id", STAYS)
        return unit if given is None else exp.Coalesce(this=given, expressions=[unit])

    def _rate(self) -> exp.Expr:
        if "currency" not in self.view.mapped:
            return exp.cast(exp.Literal.number(1), "DECIMAL(18, 8)")
        currency, base = self._value("currency"), exp.Literal.string(self.canon.currency)
        unknown = exp.Is(this=currency, expression=exp.Null())
        own = exp.or_(unknown, exp.EQ(this=currency.copy(), expression=base))
        known: exp.Expr = exp.Null()
        if self.canon.has("exchange_rate"):
            self._helpers.add(RATES)
            known = exp.column("rate", RATES)
        return exp.cast(exp.Case(ifs=[exp.If(this=own, true=exp.Literal.number(1))], default=known), "DECIMAL(18, 8)")

    def _held(self, helper: str) -> exp.Expr:
        """The span of the row's employee, or currency, in which its day lies."""
        key = "employee_id" if helper == STAYS else "currency"
        on = exp.cast(self._value(self.entity.event_date or ""), "DATE")
        known = exp.Coalesce(this=on, expressions=[day(UNKNOWN_DAY)])
        return exp.and_(
            exp.EQ(this=exp.column(key, helper), expression=self._value(key)),
            exp.GTE(this=known, expression=exp.column("since", helper)),
            exp.LT(this=known.copy(), expression=exp.column("until", helper)),
        )

    def _sql(self, text: str) -> exp.Expr:
        tree = parse_closed(text, ALLOWED)
        return tree.transform(lambda node: self._named(_dotted(node)) if isinstance(node, exp.Column) else node)

    def _named(self, name: str) -> exp.Column:
        first, _, rest = name.partition(".")
        return _column(rest, first) if rest and first in self.view.joins else _column(name, SOURCE)


def _match(alias: str, joined: Joined) -> exp.Expr:
    same = (
        exp.EQ(this=_column(there, alias), expression=_column(here, SOURCE)) for there, here in joined.match.items()
    )
    return exp.and_(*same)


def _dotted(column: exp.Column) -> str:
    return ".".join(part.name for part in column.parts)


def _column(name: str, table: str) -> exp.Column:
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table))


def _table(place: Place, alias: str) -> exp.Table:
    """A table by its quoted name; a folder as Spark names it: parquet.`/folder`."""
    if place.parquet is not None:
        names = [exp.to_identifier("parquet"), exp.to_identifier(place.parquet, quoted=True)]
    else:
        names = [exp.to_identifier(part, quoted=True) for part in (place.table or "").split(".")]
    above: list[exp.Identifier | None] = [None, None, *names[:-1]]
    return exp.Table(
        this=names[-1], db=above[-1], catalog=above[-2], alias=exp.TableAlias(this=exp.to_identifier(alias))
    )
