"""The declaration of one field: what it holds, how it is called, how it is filled."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as _Field

from salesloop.engine.model.text import Text

FieldType = Literal[
    "text",
    "identifier",
    "integer",
    "decimal",
    "money",
    "quantity",
    "percent",
    "date",
    "datetime",
    "boolean",
    "choice",
    "phone",
    "email",
]

Unit = Literal[
    "currency",
    "currency_per_unit",
    "piece",
    "fraction",
    "minute",
    "point",
    "person",
    "count",
    "ratio",
]

WAREHOUSE_TYPES: Final[dict[FieldType, str]] = {
    "text": "VARCHAR",
    "identifier": "VARCHAR",
    "choice": "VARCHAR",
    "phone": "VARCHAR",
    "email": "VARCHAR",
    "integer": "BIGINT",
    "money": "DECIMAL(18,4)",
    "quantity": "DECIMAL(18,4)",
    "decimal": "DECIMAL(28,8)",
    "percent": "DOUBLE",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "boolean": "BOOLEAN",
}


class Declaration(BaseModel):
    """Base of everything declared in YAML: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Declaration):
    """One allowed value of a choice field, and the words by which exports call it."""

    value: str
    label: Text
    aliases: tuple[str, ...] = ()


class Field(Declaration):
    """One typed field of an entity.

    `unit` says what a number counts; percents are fractions (0.12 = 12 %). `aliases` are headers of exports; they are
    compared after normalisation (NFKC, lower case, simplified characters, no blanks or punctuation, units in brackets
    split off), and a field that references an entity also answers to the headers of that entity's key.
    `derive` is an SQL expression over sibling fields (typed; `_row` is the row's number in its file), used where the
    field was not delivered. `default` is the text stored where neither was; '' is a value of its own.
    """

    name: str = _Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: FieldType
    label: Text
    doc: Text
    required: bool = False
    unit: Unit | None = None
    references: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    derive: str | None = None
    default: str | None = None

    @property
    def warehouse_type(self) -> str:
        """The DuckDB type of the column in a snapshot."""
        return WAREHOUSE_TYPES[self.type]
