"""SQL inside definitions comes from a closed list: a definition can compute, and never reach files, the network or settings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import sqlglot
from sqlglot import errors, exp

from salesloop.engine.model.text import Messages, Wrong

_MESSAGES: Final = Messages("salesloop.engine.model")
READ_DIALECT: Final = "duckdb"

VALUES: Final[tuple[type[exp.Expr], ...]] = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.Placeholder,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Neg,
    exp.Abs,
    exp.And,
    exp.Or,
    exp.Not,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.In,
    exp.Between,
    exp.Is,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Nullif,
    exp.Greatest,
    exp.Least,
    exp.DateDiff,
    exp.Var,
    exp.Cast,
    exp.DataType,
)
"""What every definition may say, on every engine."""

TEXTS: Final[tuple[type[exp.Expr], ...]] = (
    exp.Sign,
    exp.RegexpLike,
    exp.RegexpFullMatch,
    exp.Length,
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.Like,
)
"""What checks of records may say besides: they run on the warehouse itself only."""


def parse_closed(sql: str, allowed: tuple[type[exp.Expr], ...], parameters: Collection[str] | None = ()) -> exp.Expr:
    """The tree of an expression. ValueError where it is none, or says what is not in `allowed` or `parameters` (None: any
    parameter, as whoever declares them checks their names).
    """
    try:
        tree = sqlglot.parse_one(sql, read=READ_DIALECT)
    except errors.SqlglotError as error:
        raise Wrong(_MESSAGES.message("wrong_sql", sql=sql)) from error
    forbidden = [node.key.upper() for node in tree.walk() if not isinstance(node, allowed)]
    if forbidden:
        raise Wrong(_MESSAGES.message("wrong_sql_word", word=forbidden[0], sql=sql))
    if parameters is None:
        return tree
    unknown = [node.name for node in tree.find_all(exp.Placeholder) if node.name not in parameters]
    if unknown:
        raise Wrong(_MESSAGES.message("wrong_sql_parameter", name=unknown[0], known=sorted(parameters)))
    return tree
