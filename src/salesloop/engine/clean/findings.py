"""What a data steward must see of a cleaned table: rows that wait, cells that were emptied, cells that were repaired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.clean.beside import Beside
from salesloop.engine.clean.columns import ROW
from salesloop.engine.clean.plan import MESSAGES, Plan, Source, column_name
from salesloop.engine.clean.problem import Problem, reason_of
from salesloop.engine.clean.rows import Rows
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.collect.raw import RawTable


def write_quarantine(
    con: duckdb.DuckDBPyConnection,
    table: str,
    raw: RawTable,
    delivered: pa.Table,
    plan: Plan,
    rows: Rows,
    beside: Iterable[Beside],
) -> None:
    """One record per row that waits: the first reason, the others as messages in `params.also`, the row as delivered."""
    con.execute(
        f"CREATE TEMP TABLE {table} (entity VARCHAR, row BIGINT, column_name VARCHAR, field VARCHAR, value VARCHAR, "
        "reason VARCHAR, params VARCHAR, raw VARCHAR)"
    )
    cells = ", ".join(f"{literal(name)}, r.{column_name(place)}" for place, name in enumerate(raw.columns))
    as_delivered = f"json_object({cells})"
    waiting = [(plan.entity.name, rows.table, rows.problems)]
    for one in beside:
        waiting.append((one.entity.name, one.table, one.problems))
        if one.held is not None:
            waiting.append((one.entity.name, one.held, one.held_problems))
    relation = f"{table}_delivered"
    con.register(relation, _of_rows(con, delivered, [records for _, records, problems in waiting if problems]))
    for entity, records, problems in waiting:
        if problems:
            con.execute(f"INSERT INTO {table} {_waiting(entity, records, problems, relation, as_delivered)}")
    con.unregister(relation)
    if raw.broken.num_rows:
        con.register(f"{table}_broken", raw.broken)
        con.execute(
            f"INSERT INTO {table} SELECT {literal(plan.entity.name)}, {ROW}, NULL, NULL, NULL, reason, '{{}}', "
            f"json_object('raw', raw) FROM {table}_broken"
        )
        con.unregister(f"{table}_broken")


def _of_rows(con: duckdb.DuckDBPyConnection, delivered: pa.Table, records: Sequence[str]) -> pa.Table:
    """The rows as delivered that have problems: few of many, of which DuckDB would take over every cell."""
    if not records:
        return delivered.slice(0, 0)
    rows = " UNION ALL ".join(f"SELECT {ROW} FROM {table} WHERE _problems IS NOT NULL" for table in records)
    return delivered.filter(pc.is_in(delivered[ROW], con.sql(rows).to_arrow_table()[ROW]))


def _waiting(entity: str, records: str, problems: Sequence[Problem], relation: str, as_delivered: str) -> str:
    position = range(1, len(problems) + 1)
    value = " ".join(f"WHEN {n} THEN {problem.value}" for n, problem in zip(position, problems, strict=True))
    typed = f"CAST(CASE n {value} END AS VARCHAR) AS value"
    several = f"SELECT *, unnest(_problems) AS n FROM {records} WHERE len(_problems) > 1"
    each = f"SELECT {ROW}, n, {typed} FROM ({several})"
    alone = f"SELECT {ROW}, n, {typed} FROM (SELECT *, _problems[1] AS n FROM {records} WHERE len(_problems) = 1)"
    known = ", ".join(
        f"({n}, {_text(p.column)}, {_text(p.field)}, {literal(p.reason)}, {literal(p.params_json)})"
        for n, p in zip(position, problems, strict=True)
    )
    params = "json_merge_patch(CAST(known.params AS JSON), json_object('value', coalesce(each.value, '')))"
    message = f"json_object('key', reason, 'params', {params}, 'catalogue', {literal(MESSAGES.package)})"
    told = "each.value, known.column_name, known.field, known.reason"
    reasons = f"JOIN (VALUES {known}) known(n, column_name, field, reason, params) ON known.n = each.n"
    described = (
        f"SELECT each.{ROW}, each.n, {told}, {params} AS params, {message} AS message FROM ({each}) each {reasons}"
    )
    # Most rows have one problem: gathering its messages in their order costs four times as much.
    single = (
        f"SELECT each.{ROW}, known.column_name, known.field, each.value, known.reason, {params} AS params, "
        f"CAST([] AS JSON[]) AS also FROM ({alone}) each {reasons}"
    )
    also = "list(message ORDER BY n)[2:]"
    first = ", ".join(f"arg_min({name}, n) AS {name}" for name in ("reason", "params"))
    nullable = ", ".join(f"first({name} ORDER BY n) AS {name}" for name in ("column_name", "field", "value"))
    grouped = f"SELECT {ROW}, {nullable}, {first}, {also} AS also FROM ({described}) GROUP BY {ROW}"
    found = f"SELECT * FROM ({single}) UNION ALL BY NAME SELECT * FROM ({grouped})"
    with_also = (
        "CASE WHEN len(also) > 0 THEN json_merge_patch(params, json_object('also', to_json(also))) ELSE params END"
    )
    return (
        f"SELECT {literal(entity)}, q.{ROW}, q.column_name, q.field, q.value, q.reason, CAST({with_also} AS VARCHAR), "
        f"CAST({as_delivered} AS VARCHAR) FROM ({found}) q JOIN {relation} r ON r.{ROW} = q.{ROW} ORDER BY q.{ROW}"
    )


def write_cells(con: duckdb.DuckDBPyConnection, table: str, plan: Plan, rows: Rows) -> None:
    """The unreadable cells of rows that were kept."""
    con.execute(
        f"CREATE TEMP TABLE {table} (entity VARCHAR, row BIGINT, column_name VARCHAR, field VARCHAR, value VARCHAR, "
        "reason VARCHAR)"
    )
    for source in _stateful(plan, rows):
        if _holds_its_record(plan, source):
            continue
        state = f"{source.alias}_s"
        con.execute(
            f"INSERT INTO {table} SELECT {_place(source)}, {source.alias}_x, {reason_of(source.field, state)} "
            f"FROM {rows.table} WHERE starts_with({state}, '!') AND _problems IS NULL"
        )


def show_repairs(con: duckdb.DuckDBPyConnection, view: str, plan: Plan, rows: Rows) -> None:
    """The cells of kept rows whose meaning was worked out, and the decisions about whole columns (row NULL), as a view."""
    columns = (
        ", ".join(map(_text, (source.entity, None, source.column, _field(source), rule.rule, rule.before, rule.after)))
        for source in plan.sources.values()
        for rule in rows.columns.recipes[source.alias].column_rules
    )
    cells = (
        f"SELECT {_place(source)}, unnest(string_split({source.alias}_s, '+')), {source.alias}_x, {source.alias}_a "
        f"FROM {rows.table} WHERE NOT starts_with({source.alias}_s, '!') AND _problems IS NULL"
        for source in _stateful(plan, rows)
    )
    nothing = "SELECT '', CAST(NULL AS BIGINT), '', '', '', '', '' WHERE false"
    every = " UNION ALL ".join([nothing, *(f"SELECT {values}" for values in columns), *cells])
    con.execute(
        f'CREATE TEMP VIEW {view} AS SELECT * FROM ({every}) t(entity, row, column_name, field, rule, "before", "after")'
    )


def _stateful(plan: Plan, rows: Rows) -> list[Source]:
    return [s for s in plan.sources.values() if rows.columns.recipes[s.alias].state is not None]


def _holds_its_record(plan: Plan, source: Source) -> bool:
    """Whether an unreadable cell puts the event beside the row, not the row, into quarantine."""
    entity = plan.model.entity(source.entity)
    beside = entity.name != plan.entity.name and entity.kind == "fact"
    return beside and source.field is not None and source.field.name in entity.required


def _place(source: Source) -> str:
    return f"{literal(source.entity)}, {ROW}, {_text(source.column)}, {_text(_field(source))}"


def _field(source: Source) -> str | None:
    return source.field.name if source.field else None


def _text(text: str | None) -> str:
    return "NULL" if text is None else literal(text)
