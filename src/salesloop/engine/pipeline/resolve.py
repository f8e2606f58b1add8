"""What can only be known once all rows are in: names to ids, the owner's unit, exchange rates, what returns lack.

Everything is computed from what was delivered (`_given_<field>`), never from an earlier result, so the outcome does not
depend on the order in which deliveries came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.metadata import version

import duckdb

from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.pipeline import trees
from salesloop.engine.pipeline.identity.crosswalk import known
from salesloop.engine.pipeline.shadows import hide
from salesloop.engine.store.insert import make_room
from salesloop.engine.store.owning import day_of, has_owner, owned, rated
from salesloop.engine.store.schema import given, has_rate, owner_fields, resolved_fields


def resolve(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    currency: str,
    changed: Iterable[str],
    batches: Collection[str] | None = None,
) -> None:
    """Bring the resolved columns up to date after the entities in `changed` gained, lost or changed rows.

    `currency` is the workspace's base currency. `batches`: facts gained and changed rows by these only; the others are
    then left alone where nothing that they are computed from has changed. None: any row may be another.
    """
    touched, new = set(changed), hide(con, model)
    filled = _filled_tables(con, model)
    # Facts use their resolved employee's unit, returns their resolved order lines.
    for entity in sorted(model.entities, key=lambda entity: (entity.kind, entity.name == "return_line")):
        if entity.name in filled and (entity.name in new or touched & ({entity.name} | _inputs(entity, model))):
            told = _told(entity, model, currency)
            only = (
                batches if _depends_on_itself(entity, model, touched, new) and told == _last_told(con, entity) else None
            )
            _refresh(con, model, entity, currency, _these(only))
            _remember(con, entity, told)
    trees.rebuild(con, touched)


def _depends_on_itself(entity: Entity, model: Model, touched: Collection[str], new: Collection[str]) -> bool:
    """Whether a row that was right before is right still: dimensions and returns have stand-ins that come and go."""
    if entity.kind == "dimension" or entity.name == "return_line" or entity.name in new:
        return False
    return not set(touched) & _inputs(entity, model)


def _told(entity: Entity, model: Model, currency: str) -> str:
    """How the resolved columns are computed: a row that was right under something else need not be right now."""
    said = (
        version("salesloop"),
        currency,
        _fields(entity, model),
        sorted(entity.references.items()),
        entity.event_date,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _last_told(con: duckdb.DuckDBPyConnection, entity: Entity) -> str | None:
    found = con.execute("SELECT told FROM ledger.resolved WHERE entity = ?", [entity.name]).fetchall()
    return str(found[0][0]) if found else None


def _remember(con: duckdb.DuckDBPyConnection, entity: Entity, told: str) -> None:
    con.execute("DELETE FROM ledger.resolved WHERE entity = ?", [entity.name])
    con.execute("INSERT INTO ledger.resolved VALUES (?, ?)", [entity.name, told])


def _these(batches: Collection[str] | None) -> str:
    """SQL: whether a row (`row`) belongs to one of the batches. The list stands in the text: DuckDB then skips old row groups."""
    if batches is None:
        return "true"
    listed = ", ".join("'" + batch.replace("'", "''") + "'" for batch in batches)
    return f"row._batch IN ({listed})" if listed else "false"


def _filled_tables(con: duckdb.DuckDBPyConnection, model: Model) -> set[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{entity.name}' WHERE EXISTS (FROM \"{entity.name}\")" for entity in model.entities
    )
    return {name for (name,) in con.execute(asked).fetchall()}


def _inputs(entity: Entity, model: Model) -> set[str]:
    """The entities that the resolved columns of this one are computed from."""
    out = {entity.references[name] for name in resolved_fields(entity, model) if name in entity.references}
    if has_owner(entity):
        out |= {"employee", "org_unit"}
    if has_rate(entity):
        out.add("exchange_rate")
    if entity.name == "return_line":
        out |= {"order_line"} | _inputs(model.entity("order_line"), model)
    return out


def _fields(entity: Entity, model: Model) -> list[str]:
    """The columns that resolving fills."""
    fields = [*resolved_fields(entity, model)]
    fields += [name for name in owner_fields(entity) if name not in fields]
    return [*fields, "fx_rate"] if has_rate(entity) else fields


def _refresh(con: duckdb.DuckDBPyConnection, model: Model, entity: Entity, currency: str, these: str) -> None:
    """Write the resolved columns of `these` rows where they are not what they should be."""
    fields = _fields(entity, model)
    if not fields:
        return
    lookups = _lookups(con, entity, model, these)
    steps = {"named": _named(entity, model, fields, lookups, these)}
    if entity.name == "return_line":
        steps["returned"] = _returned(fields)
    if has_owner(entity):
        steps["owned"] = owned(list(steps)[-1], day_of(entity))
    if has_rate(entity):
        steps["rated"] = rated(list(steps)[-1], day_of(entity))
    with_steps = ", ".join(f"{name} AS NOT MATERIALIZED ({sql})" for name, sql in steps.items())
    differs = {name: f'"{name}" IS DISTINCT FROM "{_before(name)}"' for name in fields}
    con.execute(
        f"CREATE TEMP TABLE _found AS WITH {with_steps} SELECT * FROM {list(steps)[-1]} WHERE {' OR '.join(differs.values())}",
        {"currency": currency} if has_rate(entity) else None,
    )
    counted = ", ".join(f"count(*) FILTER ({sql})" for sql in differs.values())
    for name, rows in zip(fields, con.execute(f"SELECT {counted} FROM _found").fetchall()[0], strict=True):
        if rows:  # each column for itself: one that is right already is not written again
            make_room(con, entity.name, [name])
            con.execute(
                f'UPDATE "{entity.name}" AS stored SET "{name}" = found."{name}" '
                f"FROM (FROM _found WHERE {differs[name]}) found WHERE stored.rowid = found._id"
            )
    for temporary in ("_found", *lookups.values()):
        con.execute(f"DROP TABLE {temporary}")


def _before(field: str) -> str:
    """The column that carries what was published so far through the steps."""
    return f"_before_{field}"


def _lookups(con: duckdb.DuckDBPyConnection, entity: Entity, model: Model, these: str) -> dict[str, str]:
    """Reference field → temporary table of its translation, for those of which some value is translated."""
    out = {}
    for field in resolved_fields(entity, model):
        if field in entity.references:
            table = f"_name_{field}"
            sql = _translation(entity, field, model.entity(entity.references[field]), these)
            con.execute(f"CREATE TEMP TABLE {table} AS {sql}")
            if con.execute(f"SELECT EXISTS (FROM {table})").fetchall()[0][0]:
                out[field] = table
            else:
                con.execute(f"DROP TABLE {table}")
    return out


def _named(entity: Entity, model: Model, fields: Sequence[str], lookups: Mapping[str, str], these: str) -> str:
    """The rows as delivered, with names of dimensions translated to ids, and the published values beside."""
    resolved = resolved_fields(entity, model)
    columns, joins = ["row.rowid AS _id"], []
    for field in entity.fields:
        stored = f"row.{given(field.name) if field.name in resolved else field.name}"
        if field.name in lookups:
            table = lookups[field.name]
            joins.append(f"LEFT JOIN {table} ON {table}.value = {stored}")
            stored = f"coalesce({table}.id, {stored})"
        columns.append(f"{stored} AS {field.name}")
    columns += [f"CAST(NULL AS VARCHAR) AS {name}" for name in owner_fields(entity)]
    columns += [f'row."{name}" AS "{_before(name)}"' for name in fields]
    return f"SELECT {', '.join(columns)} FROM {entity.name} row {' '.join(joins)} WHERE {these}"


def _translation(entity: Entity, field: str, target: Entity, these: str) -> str:
    """Delivered value → id, for the values that are not ids themselves.

    A value is an id that people declared to be another's (the canonical one), or the id of a primary row, or the name of
    exactly one, or the id of a row that is only mentioned somewhere, or the name of exactly one such row; else it stays
    what it is. Records that were merged are still known by all their names.
    """
    if target.name_field is None:
        return "SELECT CAST(NULL AS VARCHAR) AS value, CAST(NULL AS VARCHAR) AS id WHERE false"
    only = "CASE WHEN count(DISTINCT {0}) = 1 THEN min({0}) END"
    leading = "CASE WHEN is_primary THEN canonical_id END"
    return (
        f"WITH everybody AS ({known(target)}) SELECT value, id FROM (SELECT delivered.value, CASE "
        f"WHEN decided.canonical_id IS NOT NULL THEN decided.canonical_id "
        f"WHEN ids.leading THEN delivered.value WHEN names.leading IS NOT NULL THEN names.leading "
        f"WHEN ids.id IS NOT NULL THEN delivered.value ELSE names.any END AS id "
        f"FROM (SELECT DISTINCT row.{given(field)} AS value FROM {entity.name} row "
        f"WHERE row.{given(field)} IS NOT NULL AND {these}) delivered "
        f"LEFT JOIN (SELECT id, canonical_id FROM ledger.crosswalk WHERE entity = '{target.name}') decided "
        f"ON decided.id = delivered.value "
        f"LEFT JOIN (SELECT id, bool_or(is_primary) AS leading FROM everybody GROUP BY id) ids "
        f"ON ids.id = delivered.value "
        f"LEFT JOIN (SELECT name, {only.format(leading)} AS leading, {only.format('canonical_id')} AS any "
        f"FROM everybody GROUP BY name) names ON names.name = lower(trim(delivered.value))) "
        f"WHERE id <> value"
    )


def _returned(fields: list[str]) -> str:
    """Returns with what they lack taken from the lines of their order: of the line or the product that they name."""
    filled = {
        "return_date": "found.order_date",
        "customer_id": "found.customer_id",
        "product_id": "found.product_id",
        "employee_id": "found.employee_id",
        "org_unit_id": "found.org_unit_id",
        "currency": "found.currency",
        "quantity": "found.quantity",
        "amount": "CAST(CASE WHEN named.quantity IS NULL OR coalesce(found.quantity, 0) = 0 THEN found.amount "
        "ELSE found.amount * CAST(named.quantity AS DOUBLE) / CAST(found.quantity AS DOUBLE) END AS DECIMAL(18,4))",
    }
    columns = [f"coalesce(named.{name}, {sql}) AS {name}" for name, sql in filled.items() if name in fields]
    columns += [f'named."{_before(name)}"' for name in fields]
    the_only = ", ".join(
        f"CASE WHEN count(DISTINCT line.{name}) = 1 THEN min(line.{name}) END AS {name}"
        for name in ("customer_id", "product_id", "employee_id", "org_unit_id", "currency")
    )
    return (
        f"SELECT named._id, {', '.join(columns)} FROM named LEFT JOIN ("
        f"SELECT lacking._id, max(line.order_date) AS order_date, sum(line.quantity) AS quantity, "
        f"sum(line.amount) AS amount, {the_only} "
        f"FROM named lacking JOIN order_line line ON line.order_id = lacking.order_id "
        f"AND (lacking.line_no IS NULL OR lacking.line_no = line.line_no) "
        f"AND (lacking.product_id IS NULL OR lacking.product_id = line.product_id) "
        f"GROUP BY lacking._id) found ON found._id = named._id"
    )
