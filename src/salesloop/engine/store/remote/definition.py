"""`engine/*.yaml`: where an entity is on the company's engine, one document an entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import Field as _Field
from pydantic import ValidationError, model_validator
from sqlglot import exp

from salesloop.engine.model.closed_sql import TEXTS, VALUES, parse_closed
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Messages, Wrong
from salesloop.engine.model.wrong import first_wrong, said, yaml_problem
from salesloop.engine.store.schema import has_rate, owner_fields

MESSAGES: Final = Messages("salesloop.engine.store.remote")
FOLDER: Final = "engine"
ALLOWED: Final = (*VALUES, *TEXTS, exp.Concat, exp.DPipe, exp.Dot)


class Place(Declaration):
    """A table by its name (`erp.sales.orders`), or a folder of Parquet files where the engine reads files (Spark)."""

    table: str | None = None
    parquet: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Place:
        if (self.table is None) == (self.parquet is None):
            raise Wrong(MESSAGES.message("one_place"))
        return self


class Joined(Place):
    """A table of which one row belongs to each row of the main one: `match` is its column → column of the main table."""

    match: dict[str, str] = _Field(min_length=1)


class View(Place):
    """One entity as a view.

    `columns`: field → column, spelled as the engine spells it, `order.date` for a column of the joined table `order`.
    `expressions`: field → SQL over such columns, in DuckDB's words and from a closed list. `constants`: field → text.
    `values`: field → {text at the source: our text}. `where`: which rows count. `changed`: the column that says when a
    row was last written; with it a correction in place is noticed.
    """

    entity: str
    joins: dict[str, Joined] = _Field(default_factory=dict)
    columns: dict[str, str] = _Field(default_factory=dict)
    expressions: dict[str, str] = _Field(default_factory=dict)
    constants: dict[str, str] = _Field(default_factory=dict)
    values: dict[str, dict[str, str]] = _Field(default_factory=dict)
    where: str | None = None
    changed: str | None = None

    @property
    def mapped(self) -> frozenset[str]:
        """Fields for which it says anything."""
        return frozenset((*self.columns, *self.expressions, *self.constants))


def mappable(entity: Entity) -> tuple[str, ...]:
    """What a view may fill: the fields, the owner, and the rate into the base currency."""
    names = [field.name for field in entity.fields]
    names += owner_fields(entity)
    return (*names, "fx_rate") if has_rate(entity) else tuple(names)


def load_views(folder: Path, model: Model) -> dict[str, View]:
    """The views of a workspace by entity. UserError names file and place of what is wrong."""
    out: dict[str, View] = {}
    for file in sorted(folder.glob("*.yaml")) if folder.is_dir() else ():
        for document in _documents(file):
            view = _checked(document, model, file)
            if view.entity in out:
                raise UserError(MESSAGES.message("view_twice", entity=view.entity), file=file.name)
            out[view.entity] = view
    return out


def _documents(file: Path) -> Iterator[Any]:
    try:
        # Everything is a text: a column may be called `no` or `on`, which YAML takes for false and true.
        yield from (d for d in yaml.load_all(file.read_bytes(), Loader=yaml.CBaseLoader) if d)
    except yaml.YAMLError as error:
        raise UserError(MESSAGES.message("view_unreadable", problem=yaml_problem(error)), file=file.name) from error


def _checked(document: Any, model: Model, file: Path) -> View:
    try:
        view = View.model_validate(document)
    except ValidationError as error:
        place, problem = first_wrong(error)
        raise UserError(MESSAGES.message("view_wrong", place=place, problem=problem), file=file.name) from error
    entity = model.entity(view.entity)
    known = mappable(entity)
    unknown = sorted((view.mapped | view.values.keys()) - set(known))
    if unknown:
        raise UserError(
            MESSAGES.message("view_field", entity=entity.label, name=unknown[0], known=list(known)), file=file.name
        )
    _check_expressions(view, file)
    return view


def _check_expressions(view: View, file: Path) -> None:
    texts: Mapping[str, str | None] = {**view.expressions, "where": view.where}
    for place, sql in texts.items():
        if sql is not None:
            try:
                parse_closed(sql, ALLOWED)
            except ValueError as error:
                message = MESSAGES.message("view_wrong", place=place, problem=said(error))
                raise UserError(message, file=file.name) from error
