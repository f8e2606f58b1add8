"""Judging after a delivery: what did not change keeps its verdict, and the counts are carried forward.

A check whose verdict depends on the delivered record alone is judged for the new records and, to take their share out of the
counts, for the versions that they replaced. A check that reads more (another table, today's date, what resolving filled in) is
judged over the whole table, but only where what it reads can have changed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final

import duckdb

from salesloop.engine.clean.quality.book import CheckBook
from salesloop.engine.clean.quality.judge import (
    CheckResult,
    Judging,
    columns_of_tables,
    count,
    failing_of,
    failing_table,
    has_rows,
    judge_table,
    judging_of,
    keys_of,
    looked_up,
    remember,
    results,
)
from salesloop.engine.clean.quality.rules import Circumstances, RowRule
from salesloop.engine.clean.values.cells import ident
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.store.schema import BOOKKEEPING, resolved_fields

SMALL: Final = 0.2
"""A delivery that changes a larger share of a table is judged by judging the table."""

_THESE: Final = "(SELECT unnest($batches))"
_Counts = dict[str, tuple[int, int]]


def judge_delivery(
    con: duckdb.DuckDBPyConnection,
    book: CheckBook,
    at: Circumstances,
    *,
    batches: Collection[str],
    changed: Collection[str],
) -> list[CheckResult]:
    """The results of every entity whose verdicts the delivery can have changed, exactly as `run_checks` would give them.

    `batches` are those of this import, `changed` the entities that gained or changed records by them. Call it after
    resolving, before publishing.
    """
    columns = columns_of_tables(con)
    out: list[CheckResult] = []
    for entity in book.model.entities:
        judging = judging_of(entity, book, columns, at)
        if (entity.name in changed or judging.inputs & set(changed)) and has_rows(con, entity.name):
            out += _judge(con, judging, book.model, sorted(batches), frozenset(changed))
    return out


def _judge(
    con: duckdb.DuckDBPyConnection, judging: Judging, model: Model, batches: list[str], changed: frozenset[str]
) -> list[CheckResult]:
    entity, before = judging.entity, _known(con, judging)
    if before is None or not _changes_by_deliveries_only(entity, model) or _large(con, entity, batches):
        counts = judge_table(con, judging)
    else:
        replaced = _replaced(con, entity, batches)
        anew = [rule for rule in judging.rules if _must_look_again(rule, changed, replaced=replaced is not None)]
        kept = [rule for rule in judging.rules if rule not in anew]
        with looked_up(con, judging.rules):
            found = dict(zip([rule.name for rule in anew], count(con, anew, ident(entity.name)), strict=True))
            failed = [rule for rule in anew if found[rule.name][0]]
            _list_again(con, judging, kept, failed, batches)
            counts = _carried(con, judging, kept, before, found, _new(entity, batches), replaced)
    remember(con, judging)
    return results(judging, counts)


def _changes_by_deliveries_only(entity: Entity, model: Model) -> bool:
    """Stand-ins of dimensions and of returns come and go, and keys that name a dimension are resolved, without a delivery."""
    resolved = set(entity.key) & set(resolved_fields(entity, model))
    return entity.kind == "fact" and entity.name != "return_line" and not resolved


def _must_look_again(rule: RowRule, changed: frozenset[str], *, replaced: bool) -> bool:
    """What resolving made of a replaced version is not kept, so its verdict cannot be told apart from the record."""
    return not rule.lasting or bool(rule.inputs & changed) or (replaced and bool(rule.inputs))


def _known(con: duckdb.DuckDBPyConnection, judging: Judging) -> _Counts | None:
    """The latest counts, None where they were made under other definitions or never."""
    name = judging.entity.name
    same = con.execute(
        "SELECT 1 FROM ledger.judged WHERE entity = ? AND fingerprint = ?", [name, judging.fingerprint]
    ).fetchall()
    if not same:
        return None
    rows = con.execute(
        "SELECT check_name, arg_max(failed, rowid), arg_max(checked, rowid) FROM ledger.quality WHERE entity = ? GROUP BY ALL",
        [name],
    ).fetchall()
    found = {check: (failed, checked) for check, failed, checked in rows}
    return found if all(rule.name in found for rule in judging.rules) else None


def _new(entity: Entity, batches: list[str]) -> str:
    """The records that this import brought. The list of batches stands in the text: DuckDB then skips old row groups."""
    listed = ", ".join("'" + batch.replace("'", "''") + "'" for batch in batches)
    return f"(SELECT * FROM {ident(entity.name)} WHERE _batch IN ({listed}))"


def _large(con: duckdb.DuckDBPyConnection, entity: Entity, batches: list[str]) -> bool:
    new, all_rows = con.execute(
        f"SELECT (SELECT count(*) FROM {_new(entity, batches)}), (SELECT count(*) FROM {ident(entity.name)})"
    ).fetchall()[0]
    return bool(new > SMALL * all_rows)


def _replaced(con: duckdb.DuckDBPyConnection, entity: Entity, batches: list[str]) -> str | None:
    """The versions that this import replaced, typed as the table's columns; None where it replaced none."""
    condition = f"entity = $entity AND replaced_by_batch IN {_THESE} AND batch_id NOT IN {_THESE}"
    given = {"entity": entity.name, "batches": batches}
    if not con.execute(f"SELECT EXISTS (FROM ledger.superseded WHERE {condition})", given).fetchall()[0][0]:
        return None
    types = {field.name: field.warehouse_type for field in entity.fields} | BOOKKEEPING
    # All texts of a record at once: each arrow would read the whole record again.
    texts = json.dumps(dict.fromkeys(types, "VARCHAR"))
    values = ", ".join(f"CAST(said.{ident(name)} AS {kind}) AS {ident(name)}" for name, kind in types.items())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE _replaced AS SELECT {values} FROM "
        f"(SELECT json_transform(record, '{texts}') AS said FROM ledger.superseded WHERE {condition})",
        given,
    )
    return "_replaced"


def _carried(
    con: duckdb.DuckDBPyConnection,
    judging: Judging,
    kept: Sequence[RowRule],
    before: _Counts,
    found: _Counts,
    new: str,
    replaced: str | None,
) -> list[tuple[int, int]]:
    plus = dict(zip([rule.name for rule in kept], count(con, kept, new), strict=True))
    gone = count(con, kept, replaced) if replaced else [(0, 0)] * len(kept)
    minus = dict(zip([rule.name for rule in kept], gone, strict=True))
    out = []
    for rule in judging.rules:
        if rule.name in found:
            out.append(found[rule.name])
            continue
        failed, checked = before[rule.name]
        out.append(
            (
                failed + plus[rule.name][0] - minus[rule.name][0],
                checked + plus[rule.name][1] - minus[rule.name][1],
            )
        )
    return out


def _list_again(
    con: duckdb.DuckDBPyConnection,
    judging: Judging,
    kept: Sequence[RowRule],
    anew: Sequence[RowRule],
    batches: list[str],
) -> None:
    """Bring `failing.<entity>` up to date: old bits of unchanged records, kept rules for new ones, the others for all."""
    entity, key = judging.entity, keys_of(judging.entity)
    bits = {rule.name: bit for bit, rule in enumerate(judging.listed)}
    stays = sum(1 << bits[rule.name] for rule in kept if rule.listed)
    parts = [
        f"SELECT {key}, failed & {stays}::UBIGINT AS failed FROM {failing_table(entity)} old "
        f"WHERE NOT EXISTS (FROM {_new(entity, batches)} new WHERE "
        + " AND ".join(f"new.{ident(name)} = old.{ident(name)}" for name in entity.key)
        + ")"
    ]
    if listed := [rule for rule in kept if rule.listed]:
        parts.append(failing_of(judging, listed, f"FROM {_new(entity, batches)} t"))
    if listed := [rule for rule in anew if rule.listed]:
        parts.append(failing_of(judging, listed, f"FROM {ident(entity.name)} t"))
    con.execute(
        f"CREATE OR REPLACE TABLE {failing_table(entity)} AS SELECT {key}, bit_or(failed) AS failed "
        f"FROM ({' UNION ALL '.join(parts)}) GROUP BY {key} HAVING bit_or(failed) <> 0"
    )
