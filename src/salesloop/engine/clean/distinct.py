"""Reading each different text of a column once, instead of each of its cells.

Names, codes, statuses and dates repeat: two million order lines know fifteen thousand customers and a thousand days. The
different texts of all such columns are laid side by side in one small relation and read there like any other; the cells
take over what became of their text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.clean.columns import ROW, Columns, prepare
from salesloop.engine.clean.plan import Plan, Source, column_name
from salesloop.engine.clean.values.credit_code import CreditCode
from salesloop.engine.clean.values.currency import CurrencyCode
from salesloop.engine.clean.values.email import Email
from salesloop.engine.clean.values.label import Identifier, Text
from salesloop.engine.clean.values.moment import Moment
from salesloop.engine.clean.values.phone import Phone
from salesloop.engine.clean.values.recipe import Off, Recipe
from salesloop.engine.clean.values.words import Words

CELLS: Final = "_cells"
# What these decide for a whole column does not depend on how many cells hold a text; numbers go by majorities.
_BY_TEXT: Final = (Text, Identifier, Words, Moment, Phone, Email, CurrencyCode, CreditCode)
_DICTIONARY: Final = 20_000  # texts; DuckDB takes over a dictionary anew with every batch of rows
_REPEATED: Final = 2  # cells a text, on average, from which on reading texts is worth it


@dataclass(frozen=True)
class _Coded:
    """The different texts of one delivered column, and the place among them of each cell's."""

    texts: pa.Array
    places: pa.Array


@dataclass(frozen=True)
class Prepared:
    """How the sources of a plan are read. `cells`, registered as `relation`, has the delivered columns, what is read
    already beside, and `_cells`, 64 bits over the cells of a row as delivered; `columns` has it for its relation.
    `how` says how columns are read: the same where the same cells would give the same values.
    """

    columns: Columns
    cells: pa.Table
    relation: str
    how: tuple[str, ...]


def prepare_texts(con: duckdb.DuckDBPyConnection, delivered: pa.Table, plan: Plan, scratch: str) -> Prepared:
    """As `columns.prepare`, for the sources of a plan over the table as delivered (`plan.as_delivered`)."""
    coded = _coded(delivered, plan)
    few = {alias: source for alias, source in plan.sources.items() if _code(source, coded) is not None}
    many = {alias: source for alias, source in plan.sources.items() if alias not in few}
    moments = [alias for alias, source in plan.sources.items() if isinstance(source.kind, Moment)]
    if not set(moments) <= set(few):  # all dates of a file prove the order of day and month together
        for alias in moments:
            many[alias] = few.pop(alias, plan.sources[alias])
    texts = _texts(con, few, coded, scratch, plan.off)
    read = con.sql(_reading(texts, few)).to_arrow_table() if few else pa.table({})
    whole, recipes = _spread(delivered, few, coded, texts, read)
    whole = whole.append_column(CELLS, _marks(con, delivered, coded, f"{scratch}_marks"))
    con.register(f"{scratch}_cells", whole)
    rest = ", ".join(f"{source.sql} AS {alias}" for alias, source in many.items())
    relation = f"(SELECT *, {rest} FROM {scratch}_cells)" if rest else f"{scratch}_cells"
    inline = prepare(con, relation, {alias: source.kind for alias, source in many.items()}, scratch, plan.off)
    shown = {alias: f"{alias}_d_x" for alias in few}
    ordered = {alias: (recipes | dict(inline.recipes))[alias] for alias in plan.sources}
    how = tuple(query.replace(scratch, "") for query in (_reading(texts, few) if few else "", inline.query))
    return Prepared(Columns(inline.relation, ordered, shown | dict(inline.text)), whole, f"{scratch}_cells", how)


def _coded(delivered: pa.Table, plan: Plan) -> dict[int, _Coded]:
    """Delivered columns (by place) of which the texts repeat, coded."""
    out = {}
    wanted = {s.places[0] for s in plan.sources.values() if len(s.places) == 1 and isinstance(s.kind, _BY_TEXT)}
    for place in sorted(wanted):
        column = delivered[column_name(place)].combine_chunks().dictionary_encode()
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if len(column.dictionary) * _REPEATED <= len(column):
            out[place] = _Coded(column.dictionary, column.indices)
    return out


def _marks(con: duckdb.DuckDBPyConnection, delivered: pa.Table, coded: Mapping[int, _Coded], scratch: str) -> pa.Array:
    """64 bits over the cells of each row, whichever columns are coded. Another version of DuckDB may give others."""
    mark = "hash(hash({}, {}))"  # twice: the inner one only adds the place, so that equal cells would cancel out
    places = range(delivered.num_columns - 1)
    plain = [mark.format(column_name(place), place) for place in places if place not in coded]
    marks = np.zeros(delivered.num_rows, np.uint64)
    if plain:
        both = reduce(lambda one, other: f"xor({one}, {other})", plain)
        con.register(scratch, delivered)
        marks ^= con.sql(f"SELECT {both} AS mark FROM {scratch}").to_arrow_table()["mark"].to_numpy()
    for place, one in coded.items():
        texts = pa.concat_arrays([one.texts, pa.nulls(1, pa.string())])
        con.register(scratch, pa.table({"cell": texts}))
        known = (
            con.sql(f"SELECT {mark.format('cell', place)} AS mark FROM {scratch}").to_arrow_table()["mark"].to_numpy()
        )
        marks ^= known[one.places.fill_null(len(one.texts)).to_numpy()]
    con.unregister(scratch)
    return pa.array(marks)


def _code(source: Source, coded: Mapping[int, _Coded]) -> int | None:
    """The delivered column by which a source can be read text by text; −1 for a constant, None where it cannot."""
    if not isinstance(source.kind, _BY_TEXT) or len(source.places) > 1:
        return None
    return -1 if not source.places else source.places[0] if source.places[0] in coded else None


def _texts(
    con: duckdb.DuckDBPyConnection, few: Mapping[str, Source], coded: Mapping[int, _Coded], scratch: str, off: Off
) -> Columns:
    """The different texts of all coded columns side by side, shorter columns ending in NULL."""
    longest = max((len(one.texts) for one in coded.values()), default=1)
    columns = {ROW: pa.array(np.arange(longest))}
    for place, one in coded.items():
        columns[column_name(place)] = pa.concat_arrays([one.texts, pa.nulls(longest - len(one.texts), pa.string())])
    con.register(f"{scratch}_texts", pa.table(columns))
    listed = ", ".join(f"{source.sql} AS {alias}" for alias, source in few.items())
    relation = f"(SELECT {ROW}, {listed} FROM {scratch}_texts)"
    return prepare(con, relation, {alias: source.kind for alias, source in few.items()}, f"{scratch}_texts", off)


def _reading(texts: Columns, few: Mapping[str, Source]) -> str:
    """The query of what became of each text: value, state, currency, what else it tells, and the text itself."""
    columns = []
    for alias in few:
        recipe = texts.recipes[alias]
        parts: dict[str, str | None] = {
            "v": recipe.value,
            "s": recipe.state,
            "cur": recipe.currency,
            "x": texts.text[alias],
        }
        parts |= {f"also_{name}": sql for name, sql in recipe.also.items()}
        columns += [f"{sql} AS {alias}_d_{part}" for part, sql in parts.items() if sql is not None]
    return f"SELECT {', '.join(columns)} FROM ({texts.query}) ORDER BY {ROW}"


def _spread(
    delivered: pa.Table, few: Mapping[str, Source], coded: Mapping[int, _Coded], texts: Columns, read: pa.Table
) -> tuple[pa.Table, dict[str, Recipe]]:
    """The table as delivered with the readings of the coded sources beside, and recipes that take them from there."""
    columns = {name: delivered[name] for name in delivered.column_names}
    recipes: dict[str, Recipe] = {}
    for alias, source in few.items():
        place = source.places[0] if source.places else None
        count = 1 if place is None else len(coded[place].texts)
        places = pa.array(np.zeros(delivered.num_rows, np.int32)) if place is None else coded[place].places
        taken: list[str] = []
        for name in read.column_names:
            if not name.startswith(f"{alias}_d_"):
                continue
            known = pa.chunked_array(read[name].slice(0, count).chunks, read[name].type).combine_chunks()
            if known.null_count < count or name.endswith(("_d_v", "_d_x")):  # else every cell is plain
                columns[name] = _take(known, places)
                taken.append(name)
        value, state, currency = (f"{alias}_d_{part}" for part in ("v", "s", "cur"))
        recipes[alias] = replace(
            texts.recipes[alias],
            steps=(),
            value=value,
            state=state if state in taken else None,
            currency=currency if currency in taken else None,
            also={
                name: f"{alias}_d_also_{name}"
                for name in texts.recipes[alias].also
                if f"{alias}_d_also_{name}" in taken
            },
        )
    return pa.table(columns), recipes


def _take(known: pa.Array, places: pa.Array) -> pa.Array:
    if pa.types.is_string(known.type) and len(known) <= _DICTIONARY:
        return pa.DictionaryArray.from_arrays(places, known)
    return pc.take(known, places)
