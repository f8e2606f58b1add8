"""Completes the rows of one table from another one of the same delivery."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import replace

import pyarrow as pa

from salesloop.engine.collect.mapping import JoinMapping, Mapping
from salesloop.engine.collect.raw import ROW, RawTable
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.store.engines.quiet import connect

_MESSAGES = Messages("salesloop.engine.collect")


def complete(table: RawTable, mapping: Mapping, others: Dict[str, RawTable]) -> RawTable:
    """`table` with the columns that the joins of `mapping` bring, by name of the other table. Rows and `_row` stay.

    UserError where the delivery lacks a table or a column that a join needs.
    """
    for join in mapping.joins:
        other = others.get(join.table)
        if other is None:
            message = _MESSAGES.message("join_table_missing", mapping=mapping.name, table=join.table)
            raise UserError(message, sheet=table.name)
        for side, names in ((table, join.match), (other, join.match.values())):
            missing = [name for name in names if name not in side.columns]
            if missing:
                message = _MESSAGES.message(
                    "mapping_column_missing", mapping=mapping.name, columns=missing, known=list(side.columns)
                )
                raise UserError(message, sheet=side.name)
        table = joined(table, other, join)
    return table


def joined(table: RawTable, other: RawTable, join: JoinMapping) -> RawTable:
    """Every row of `table` beside the first row of `other` that has the same keys; notes say what found no partner."""
    brought = [name for name in other.columns if name not in join.match.values()]
    names = [f"{other.name}.{name}" if name in table.columns else name for name in brought]
    here = [f"h{table.columns.index(name)}" for name in join.match]
    there = [f"t{other.columns.index(name)}" for name in join.match.values()]
    same = " AND ".join(f"trim(a.{a}) = b.{b}" for a, b in zip(here, there, strict=True))
    keys = ", ".join(f"trim({name}) AS {name}" for name in there)
    values = ", ".join(f"t{other.columns.index(name)} AS v{i}" for i, name in enumerate(brought))
    con = connect()
    try:
        con.register("a", table.data.rename_columns([ROW, *(f"h{i}" for i in range(len(table.columns)))]))
        con.register("other", other.data.rename_columns([ROW, *(f"t{i}" for i in range(len(other.columns)))]))
        con.execute(
            f"CREATE TABLE b AS SELECT {keys}{', ' if values else ''}{values} FROM other"
            f" QUALIFY row_number() OVER (PARTITION BY {', '.join(f'trim({name})' for name in there)} ORDER BY {ROW}) = 1"
        )
        found = con.sql(
            f"SELECT {', '.join(f'v{i}' for i in range(len(brought)))}, b.{there[0]} IS NOT NULL AS met"
            f" FROM a LEFT JOIN b ON {same} ORDER BY a.{ROW}"
        ).to_arrow_table()
        unused = con.execute(
            f"SELECT count(*) FROM b WHERE {there[0]} <> '' AND NOT EXISTS (SELECT 1 FROM a WHERE {same})"
        ).fetchall()[0][0]
    finally:
        con.close()
    alone = found.num_rows - found["met"].to_pylist().count(True)
    notes = []
    if alone:
        notes.append(_MESSAGES.message("join_rows_alone", table=other.name, rows=alone))
    if unused:
        notes.append(_MESSAGES.message("join_rows_unused", table=other.name, rows=unused))
    data = table.data.sort_by(ROW)
    arrays = [*(data[i] for i in range(data.num_columns)), *(found[i] for i in range(len(brought)))]
    columns = (*table.columns, *names)
    skipped = dict(table.skipped)
    if unused:
        skipped["unused"] = skipped.get("unused", 0) + unused
    return replace(
        table,
        columns=columns,
        data=pa.table(arrays, names=[ROW, *columns]),
        skipped=skipped,
        notes=(*table.notes, *notes),
    )
