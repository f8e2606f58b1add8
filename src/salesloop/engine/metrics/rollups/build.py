"""Brings the roll-ups of a snapshot that is being built up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import duckdb

from salesloop.engine.metrics.definition import Measure
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.rollups import choose, specs
from salesloop.engine.metrics.rollups.changes import Change, Changes
from salesloop.engine.metrics.rollups.fact import Fact
from salesloop.engine.metrics.rollups.growing import Growing
from salesloop.engine.metrics.rollups.kept import FORMAT, SCHEMA, Kept, kept_from, prepare_schema, write_kept
from salesloop.engine.metrics.rollups.subjects import Subjects
from salesloop.engine.metrics.rollups.sums import Sums
from salesloop.engine.store.config import WorkspaceConfig

LEAST: Final = 200_000
"""Rows from which on a fact is summed up: with fewer, reading them takes no longer than planning the question."""
MANY_DAYS: Final = 0.3
"""From this share of changed days on everything is made anew, which also chooses the dimensions again."""
GROWTH: Final = 1.5
SETTLED: Final = 0.5


def roll_up(
    con: duckdb.DuckDBPyConnection, registry: Registry, config: WorkspaceConfig, number: int, *, least: int
) -> None:
    """Sum up every fact of at least `least` rows for snapshot `number`; days that are as they were stay as they are.

    What changed is told by content, so that it does not matter which command changed it.
    """
    measures: dict[tuple[str, str], list[Measure]] = {}
    for metric in registry.metrics.values():
        if isinstance(metric, Measure) and specs.can_be_kept(metric):
            measures.setdefault((metric.entity, specs.date_of(metric, registry)), []).append(metric)
    rows = {name: _rows(con, name) for name in {entity for entity, _ in measures}}
    if max(rows.values(), default=0) < least and not _known(con):
        return
    prepare_schema(con)
    foreign = frozenset(name for name, count in rows.items() if count >= least and _has_foreign(con, registry, name))
    context = specs.of_all_rows(registry, foreign, {"entry_sla_hours": config.entry_sla_hours})
    for (entity, date), those in measures.items():
        fact = Fact(context, entity, date, tuple(those))
        if rows[entity] < least:
            _drop(con, fact)
        else:
            _bring_up_to_date(con, fact, rows[entity])
    con.execute(f"DELETE FROM {SCHEMA}.made")
    con.execute(f"INSERT INTO {SCHEMA}.made VALUES (?)", [number])


def _known(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether an earlier snapshot had roll-ups."""
    asked = "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = ?"
    return bool(con.execute(asked, [SCHEMA]).fetchall())


def _has_foreign(con: duckdb.DuckDBPyConnection, registry: Registry, name: str) -> bool:
    """Whether amounts are converted row by row, as queries see it: not all rows are in the base currency."""
    entity = registry.model.entity(name)
    if entity.kind != "fact" or not entity.has_money:
        return False
    return bool(con.execute(f'SELECT EXISTS (FROM "{entity.name}" WHERE fx_rate IS DISTINCT FROM 1)').fetchall()[0][0])


def _rows(con: duckdb.DuckDBPyConnection, entity: str) -> int:
    ((found,),) = con.execute(f'SELECT count(*) FROM "{entity}"').fetchall()
    return int(found)


def _kept(con: duckdb.DuckDBPyConnection, fact: Fact) -> tuple[Kept, ...]:
    found = con.execute(f"SELECT declared FROM {SCHEMA}.kept WHERE entity = ? AND date_field = ?", [*fact.key])
    return kept_from([{"declared": declared} for (declared,) in found.fetchall()])


def _drop(con: duckdb.DuckDBPyConnection, fact: Fact) -> None:
    for (table,) in con.execute(
        f"SELECT declared ->> 'table' FROM {SCHEMA}.kept WHERE entity = ? AND date_field = ?", [*fact.key]
    ).fetchall():
        con.execute(f"DROP TABLE {SCHEMA}.{table}")
    for table in ("kept", "fact", "day_mark", "reference_mark", "batch"):
        con.execute(f"DELETE FROM {SCHEMA}.{table} WHERE entity = ? AND date_field = ?", [*fact.key])


def _bring_up_to_date(con: duckdb.DuckDBPyConnection, fact: Fact, rows: int) -> None:
    changes, made_for = Changes(con, fact), _made_for(fact)
    changes.mark()
    before = con.execute(
        f"SELECT made_for, rows FROM {SCHEMA}.fact WHERE entity = ? AND date_field = ?", [*fact.key]
    ).fetchone()
    same = before is not None and before[0] == made_for and before[1] / GROWTH <= rows <= before[1] * GROWTH
    change = changes.find() if same else None
    if change is not None and change.days == 0 and change.added is None:
        return
    if change is not None and change.days <= changes.days() * MANY_DAYS:
        write_kept(con, fact.key, _changed(con, fact, change))
    else:
        _drop(con, fact)
        write_kept(con, fact.key, list(_made(con, fact)))
        con.execute(f"INSERT INTO {SCHEMA}.fact VALUES (?, ?, ?, ?)", [*fact.key, made_for, rows])
    changes.remember()


def _changed(con: duckdb.DuckDBPyConnection, fact: Fact, change: Change) -> list[Kept]:
    """What is kept of a fact: days that changed are summed up again, then the rows that came besides are taken in."""
    kept = list(_kept(con, fact))
    rest = fact.only(change.rest)
    if change.days:
        kept = _refreshed(con, rest, kept)
    if change.added is not None:
        kept = _grown(con, fact.only(change.added), rest, kept)
    return kept


def _made_for(fact: Fact) -> str:
    """What a roll-up was made for: the measures and the ways to the dimensions."""
    signatures = sorted(fact.signature(measure) for measure in fact.measures)
    paths = sorted((name, *paths) for name, paths in fact.dimensions.items())
    return hashlib.sha256(repr((FORMAT, signatures, paths)).encode()).hexdigest()


def _different(fact: Fact) -> dict[str, Measure]:
    """The measures that count subjects, each once for those that read equal."""
    return {
        fact.signature(measure): measure
        for measure in reversed(fact.measures)
        if measure.aggregate == "count_distinct" and measure.first_by is None
    }


def _made(con: duckdb.DuckDBPyConnection, fact: Fact) -> Iterator[Kept]:
    """Everything that is kept of a fact, made anew."""
    subjects = list(_different(fact).values())
    sample = choose.Sample(con, fact, subjects)
    candidates = choose.candidates(sample, list(fact.dimensions))
    limit = max(_rows(con, fact.entity) // choose.SMALLER, choose.ALWAYS)
    yield from _made_sums(con, fact, choose.covering(candidates, sample.cells, limit))
    for place, measure in enumerate(subjects):
        belonging = choose.belonging(sample, candidates, place)
        sets = choose.covering(belonging, lambda names, n=place: sample.cells(names, n), limit)  # type: ignore[misc]
        yield from _made_subjects(con, fact, measure, belonging, sets)
    sample.drop()


def _made_sums(con: duckdb.DuckDBPyConnection, fact: Fact, sets: list[tuple[str, ...]]) -> Iterator[Kept]:
    added = _added_up(fact)
    if not added:
        return
    sums = Sums(con, fact, added)
    made: list[Kept] = []
    for place, dimensions in enumerate(sets, 1):
        made.append(sums.create(f"{fact.name}_{place}", dimensions))
    if made:
        made.append(sums.create_from(f"{fact.name}_days", (), made[0]))
    else:
        made.append(sums.create(f"{fact.name}_days", ()))
    yield from made


def _made_subjects(
    con: duckdb.DuckDBPyConnection,
    fact: Fact,
    measure: Measure,
    belonging: tuple[str, ...],
    sets: list[tuple[str, ...]],
) -> Iterator[Kept]:
    about = Subjects(con, fact, measure)
    if about.share_of_settled() >= SETTLED:
        for place, dimensions in enumerate([*sets, ()], 1):
            yield about.create_settled(f"{measure.metric}_settled_{place}", dimensions)
        return
    visits = about.create_visits(f"{measure.metric}_visits", belonging)
    yield visits
    for place, dimensions in enumerate([*sets, ()], 1):
        yield about.create_to_date(f"{measure.metric}_month_{place}", dimensions, "month", visits)
    yield about.create_to_date(f"{measure.metric}_year", (), "year", visits)
    for first in _firsts(fact, measure):
        yield about.create_first(f"{first.metric}_first", visits, fact.signature(first))


def _refreshed(con: duckdb.DuckDBPyConnection, fact: Fact, kept: list[Kept]) -> list[Kept]:
    """What is kept of a fact, with the changed days summed up again."""
    sums = Sums(con, fact, _added_up(fact))
    out = [sums.refresh(one) for one in kept if one.kind == "sums"]
    for signature, measure in _different(fact).items():
        about = Subjects(con, fact, measure)
        mine = [one for one in kept if signature in one.columns]
        out += [about.refresh_settled(one) for one in mine if one.kind == "settled"]
        for visits in [about.refresh_visits(one) for one in mine if one.kind == "visits"]:
            out.append(visits)
            out += [about.refresh_to_date(one, visits) for one in mine if one.kind == "to_date"]
            firsts = _kept_firsts(fact, measure, kept)
            out += [about.create_first(one.table, visits, next(iter(one.columns))) for one in firsts]
    return out


def _grown(con: duckdb.DuckDBPyConnection, fact: Fact, rest: Fact, kept: list[Kept]) -> list[Kept]:
    """What is kept of `rest`, with the rows of `fact` besides."""
    sums = Sums(con, fact, _added_up(fact))
    out = [sums.add(one) for one in kept if one.kind == "sums"]
    for signature, measure in _different(fact).items():
        about = Growing(con, Subjects(con, fact, measure), Subjects(con, rest, measure))
        mine = [one for one in kept if signature in one.columns]
        out += about.add_settled([one for one in mine if one.kind == "settled"])
        for visits in [one for one in mine if one.kind == "visits"]:
            to_date = [one for one in mine if one.kind == "to_date"]
            out += about.add_visits(visits, to_date, _kept_firsts(fact, measure, kept))
    return out


def _added_up(fact: Fact) -> list[Measure]:
    return [m for m in fact.measures if m.aggregate in specs.ADDED_UP and m.first_by is None]


def _kept_firsts(fact: Fact, measure: Measure, kept: list[Kept]) -> list[Kept]:
    tables = {f"{first.metric}_first" for first in _firsts(fact, measure)}
    return [one for one in kept if one.kind == "first" and one.table in tables]


def _firsts(fact: Fact, measure: Measure) -> list[Measure]:
    return [
        first
        for first in fact.measures
        if first.first_by is not None and (first.expression, first.filter) == (measure.expression, measure.filter)
    ]
