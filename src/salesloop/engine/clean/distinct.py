"""Reading each different text of a column once, instead of each of its cells.

Names, codes, statuses and dates repeat: two million order lines know fifteen thousand customers and a thousand days. The
different texts of all such columns are laid side by side in one small relation and read there like any other; the cells
take over what became of their text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final

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
from salesloop.engine.clean.values.number import Number
from salesloop.engine.clean.values.phone import Phone
from salesloop.engine.clean.values.recipe import Off, Recipe
from salesloop.engine.clean.values.words import Words

CELLS: Final = "_cells"
_BY_TEXT: Final = (Text, Identifier, Words, Moment, Phone, Email, CurrencyCode, CreditCode, Number)
_DICTIONARY: Final = 20_000  # texts; DuckDB takes over a dictionary anew with every batch of rows
_REPEATED: Final = 2  # cells a text, on average, from which on reading texts is worth it
_FIRST: Final = 1 << 16  # of these cells the texts of a column of numbers must repeat: most never do


@dataclass(frozen=True)
class _Coded:
    """The different texts of one delivered column, and the place among them of each cell's."""

    texts: pa.Array
    places: pa.Array


@dataclass(frozen=True)
class _Read:
    """A column of what became of the different texts of a coded column, and the place among them of each cell's."""

    alias: str
    name: str
    values: pa.Array
    places: pa.Array


@dataclass(frozen=True)
class Prepared:
    """How the sources of a plan are read. `delivered` has the delivered columns and `_cells`, 64 bits over the cells of a
    row; `cells` with what is read already beside is to be registered as `relation`, on which `columns` stands.
    `how` says how columns are read: the same where the same cells would give the same values. `codes`: column that was
    read text by text → the column of the places of its texts, of which each stands for one (None: a constant).
    """

    columns: Columns
    delivered: pa.Table
    relation: str
    how: tuple[str, ...]
    codes: Mapping[str, str | None]
    _read: tuple[_Read, ...]
    _coded: Mapping[int, _Coded]

    def places(self, rows: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.Table:
        """`_row` and the columns of `codes`, of the rows that `rows` tells."""
        columns = {ROW: self.delivered[ROW], **{_code_of(place): one.places for place, one in self._coded.items()}}
        return pa.table(columns).filter(pa.array(rows))

    def cells(self, rows: np.ndarray[Any, np.dtype[np.bool_]] | None = None, only: str | None = None) -> pa.Table:
        """The cells, of all rows or those that `rows` tells; `only`: SQL that names all columns that will be used."""
        kept = None if rows is None else pa.array(rows)
        table = self.delivered if kept is None else self.delivered.filter(kept)
        columns = dict(zip(table.column_names, table.columns, strict=True))
        for one in self._read:
            if only is None or one.name in only:
                columns[one.name] = _take(one.values, one.places if kept is None else one.places.filter(kept))
        if only is None:
            for place, coded in self._coded.items():
                columns[_code_of(place)] = coded.places if kept is None else coded.places.filter(kept)
        return pa.table(columns)


def prepare_texts(con: duckdb.DuckDBPyConnection, delivered: pa.Table, plan: Plan, scratch: str) -> Prepared:
    """As `columns.prepare`, for the sources of a plan over the table as delivered (`plan.as_delivered`)."""
    coded = _coded(delivered, plan)
    few = {alias: source for alias, source in plan.sources.items() if _is_coded(source, coded)}
    many = {alias: source for alias, source in plan.sources.items() if alias not in few}
    moments = [alias for alias, source in plan.sources.items() if isinstance(source.kind, Moment)]
    if not set(moments) <= set(few):  # all dates of a file prove the order of day and month together
        for alias in moments:
            many[alias] = few.pop(alias, plan.sources[alias])
    delivered = delivered.append_column(CELLS, _marks(con, delivered, coded, f"{scratch}_marks"))
    con.register(f"{scratch}_cells", delivered)
    rest = ", ".join(f"{source.sql} AS {alias}" for alias, source in many.items())
    relation = f"(SELECT *, {rest} FROM {scratch}_cells)" if rest else f"{scratch}_cells"
    inline = prepare(con, relation, {alias: source.kind for alias, source in many.items()}, scratch, plan.off)
    recipes, before, after = dict(inline.recipes), dict(inline.before), dict(inline.after)
    how, read = [inline.query], []
    for group in _groups(few, coded):
        texts = _texts(con, group, coded, scratch, plan.off)
        how.append(_reading(texts, group))
        found = _in_order(con.sql(how[-1]).to_arrow_table())
        for alias, source in group.items():
            columns = list(_columns(found, alias, source, coded, delivered.num_rows))
            recipes[alias] = _as_read(texts.recipes[alias], alias, {column.name for column in columns})
            before[alias], after[alias] = f"{alias}_d_before", f"{alias}_d_after"
            read += columns
    ordered = {alias: recipes[alias] for alias in plan.sources}
    said = tuple(query.replace(scratch, "") for query in how)
    told_by = {alias: _code_of(source.places[0]) if source.places else None for alias, source in few.items()}
    codes = {one.name: told_by[one.alias] for one in read}
    whole = Columns(inline.relation, ordered, before, after)
    return Prepared(whole, delivered, f"{scratch}_cells", said, codes, tuple(read), coded)


def _coded(delivered: pa.Table, plan: Plan) -> dict[int, _Coded]:
    """Delivered columns (by place) of which the texts repeat, coded."""
    out = {}
    sources = [s for s in plan.sources.values() if len(s.places) == 1 and isinstance(s.kind, _BY_TEXT)]
    wanted, numbers = {s.places[0] for s in sources}, {s.places[0] for s in sources if isinstance(s.kind, Number)}
    for place in sorted(wanted):
        column = delivered[column_name(place)]
        if place in numbers and not _repeats(_encoded(column.slice(0, _FIRST))):
            continue
        coded = _encoded(column)
        if _repeats(coded):
            out[place] = coded
    return out


def _encoded(column: pa.ChunkedArray) -> _Coded:
    """The chunks share one dictionary: laying them together before would copy every text."""
    chunks = column.dictionary_encode().chunks or [pa.array([], pa.string()).dictionary_encode()]
    return _Coded(chunks[-1].dictionary, pa.chunked_array([chunk.indices for chunk in chunks]).combine_chunks())


def _repeats(coded: _Coded) -> bool:
    return len(coded.texts) * _REPEATED <= len(coded.places)


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
        places = one.places if one.places.null_count == 0 else one.places.fill_null(len(one.texts))
        marks ^= known[places.to_numpy()]
    con.unregister(scratch)
    return pa.array(marks)


def _is_coded(source: Source, coded: Mapping[int, _Coded]) -> bool:
    """Whether a source can be read text by text: one column of which the texts are known, or a constant."""
    one = len(source.places) < 2 and isinstance(source.kind, _BY_TEXT)
    return one and all(place in coded for place in source.places)


def _groups(few: Mapping[str, Source], coded: Mapping[int, _Coded]) -> Iterable[dict[str, Source]]:
    """The sources that are read together: columns of many texts by themselves, so that short ones need not be as long."""
    groups: dict[int, dict[str, Source]] = {}
    for alias, source in few.items():
        many = bool(source.places) and len(coded[source.places[0]].texts) > _DICTIONARY
        groups.setdefault(source.places[0] if many else -1, {})[alias] = source
    return groups.values()


def _in_order(read: pa.Table) -> pa.Table:
    """A join does not keep the order of texts."""
    rows = read[ROW].to_numpy()
    return read if bool((rows[1:] > rows[:-1]).all()) else read.take(pa.array(np.argsort(rows)))


def _texts(
    con: duckdb.DuckDBPyConnection, few: Mapping[str, Source], coded: Mapping[int, _Coded], scratch: str, off: Off
) -> Columns:
    """The different texts of all coded columns side by side, shorter columns ending in NULL, and how many cells have each."""
    these = {source.places[0]: coded[source.places[0]] for source in few.values() if source.places}
    longest = max((len(one.texts) for one in these.values()), default=1)
    columns = {ROW: pa.array(np.arange(longest))}
    for place, one in these.items():
        columns[column_name(place)] = pa.concat_arrays([one.texts, pa.nulls(longest - len(one.texts), pa.string())])
        columns[_cells_of(place)] = pa.array(np.bincount(one.places.drop_null().to_numpy(), minlength=longest))
    con.register(f"{scratch}_texts", pa.table(columns))
    listed = ", ".join([ROW, *map(_cells_of, these), *(f"{source.sql} AS {alias}" for alias, source in few.items())])
    kinds = {alias: source.kind for alias, source in few.items()}
    cells = {alias: _cells_of(source.places[0]) for alias, source in few.items() if source.places}
    return prepare(con, f"(SELECT {listed} FROM {scratch}_texts)", kinds, f"{scratch}_texts", off, cells)


def _cells_of(place: int) -> str:
    return f"_n{place}"


def _code_of(place: int) -> str:
    return f"_k{place}"


def _reading(texts: Columns, few: Mapping[str, Source]) -> str:
    """The query of what became of each text: value, state, currency, what else it tells, the text itself where it has a
    state, and what was made of it."""
    columns = [ROW]
    for alias in few:
        recipe = texts.recipes[alias]
        parts: dict[str, str | None] = {
            "v": recipe.value,
            "s": recipe.state,
            "cur": recipe.currency,
            "before": texts.before.get(alias),
            "after": texts.after.get(alias),
        }
        parts |= {f"also_{name}": sql for name, sql in recipe.also.items()}
        columns += [f"{sql} AS {alias}_d_{part}" for part, sql in parts.items() if sql is not None]
    return f"SELECT {', '.join(columns)} FROM ({texts.query})"


def _columns(read: pa.Table, alias: str, source: Source, coded: Mapping[int, _Coded], rows: int) -> Iterator[_Read]:
    """What was read of a source, but for columns of nothing: without a state every cell is plain."""
    one = coded[source.places[0]] if source.places else None
    count = 1 if one is None else len(one.texts)
    places = pa.array(np.zeros(rows, np.int32)) if one is None else one.places
    columns = {name: read[name].slice(0, count) for name in read.column_names if name.startswith(f"{alias}_d_")}
    plain = f"{alias}_d_s" not in columns or columns[f"{alias}_d_s"].null_count == count
    always = {f"{alias}_d_v"} if plain else {f"{alias}_d_{part}" for part in ("v", "before", "after")}
    for name, column in columns.items():
        if name in always or column.null_count < count:
            yield _Read(alias, name, column.combine_chunks(), places)


def _as_read(recipe: Recipe, alias: str, there: Collection[str]) -> Recipe:
    """The recipe that takes from columns what was read already."""
    state, currency = f"{alias}_d_s", f"{alias}_d_cur"
    told = {name: f"{alias}_d_also_{name}" for name in recipe.also}
    return replace(
        recipe,
        steps=(),
        value=f"{alias}_d_v",
        state=state if state in there else None,
        currency=currency if currency in there else None,
        also={name: column for name, column in told.items() if column in there},
    )


def _take(known: pa.Array, places: pa.Array) -> pa.Array:
    """What became of each cell's text. Texts that are few stay few: only their places are laid out."""
    if not pa.types.is_string(known.type):
        return pc.take(known, places)
    if len(known) <= _DICTIONARY:
        return pa.DictionaryArray.from_arrays(places, known)
    if known.null_count * _REPEATED < len(known):
        return pc.take(known, places)
    coded = known.dictionary_encode()
    return pa.DictionaryArray.from_arrays(pc.take(coded.indices, places), coded.dictionary)
