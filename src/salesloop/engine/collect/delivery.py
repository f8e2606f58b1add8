"""Tables that come together: which of them completes which (order heads and order lines, products and their categories)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.aliases import AliasIndex
from salesloop.engine.collect.cells import trimmed
from salesloop.engine.collect.draft import Rows
from salesloop.engine.collect.join import joined
from salesloop.engine.collect.knowledge import NOTHING, Knowledge
from salesloop.engine.collect.mapping import JoinMapping, Mapping
from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.propose import Proposal, propose_with
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.model.entity import Model

Role = Literal["import", "lookup", "undecided"]

_KEY_LIKE: Final = re.compile(r"(?:id|key|no|number|code|号|编号|编码|代码)$")
_MAX_JOINS: Final = 3
_MIN_GAIN: Final = 0.1
# Share of the keys of a table that the completing table must know.
_KNOWN: Final = 0.95


@dataclass(frozen=True)
class TablePlan:
    """What to do with one table of a delivery: import it, only complete others with it, or ask a person."""

    table: RawTable
    proposal: Proposal
    role: Role


@dataclass(frozen=True)
class _Partner:
    table: RawTable
    join: JoinMapping


def propose_delivery(
    tables: Sequence[RawTable], model: Model, known: Knowledge = NOTHING, entity: str | None = None
) -> tuple[TablePlan, ...]:
    """A plan for each table, in the same order. `entity` settles the primary entity of all of them.

    A table is completed from a sibling by a key that both have and that is unique there: a fact that lacks required fields
    (order lines without the date of their order), a record told in two tables (leads and what became of them), or a
    dimension whose groups are kept elsewhere (categoryID → categoryName). A table that can be imported and referred to
    by that key is never joined: the reference is enough.
    """
    index = AliasIndex(model)
    alone = {id(table): propose_with(index, table, known, entity) for table in tables}
    plans = []
    completing: list[JoinMapping] = []
    for table in tables:
        proposal = alone[id(table)]
        if proposal.saved is None:
            proposal = _completed(index, table, tables, alone, known, entity)
        if proposal.mapping is not None:
            completing += proposal.mapping.joins
        plans.append((table, proposal))
    return tuple(TablePlan(table, p, _role(table, p, completing)) for table, p in plans)


def _role(table: RawTable, proposal: Proposal, joins: Sequence[JoinMapping]) -> Role:
    """A table that others were completed from is imported as well only if its rows can be referred to, or are facts."""
    used = [join for join in joins if join.table == table.name]
    if used and not _stands_alone(proposal, used):
        return "lookup"
    return "undecided" if proposal.mapping is None else "import"


def _stands_alone(proposal: Proposal, joins: Sequence[JoinMapping]) -> bool:
    return _is_complete(proposal) and any(_refers(proposal, key) for join in joins for key in join.match.values())


def _is_complete(proposal: Proposal) -> bool:
    return proposal.mapping is not None and not proposal.missing


def _completed(
    index: AliasIndex,
    table: RawTable,
    tables: Sequence[RawTable],
    alone: dict[int, Proposal],
    known: Knowledge,
    entity: str | None,
) -> Proposal:
    """The proposal for `table` with as many joins as help."""
    best, whole = alone[id(table)], table
    joins: list[JoinMapping] = []
    for _ in range(_MAX_JOINS):
        found = None
        for partner in _partners(whole, table, tables, alone, joins):
            wider = joined(whole, partner.table, partner.join)
            proposal = propose_with(index, replace(wider, name=table.name), known.without_mappings(), entity)
            if _helps(index.model, best, proposal, alone[id(partner.table)]) and (
                found is None or _gain(found[0], proposal) > 0
            ):
                found = (proposal, wider, partner.join)
        if found is None:
            break
        best, whole = found[0], found[1]
        joins.append(found[2])
    if not joins or best.mapping is None:
        return best
    mapping = best.mapping.model_copy(update={"header": table.columns, "joins": tuple(joins)})
    return replace(best, mapping=_without_repeated_sums(mapping, table, index.model))


def _partners(
    whole: RawTable,
    table: RawTable,
    tables: Sequence[RawTable],
    alone: dict[int, Proposal],
    joins: Sequence[JoinMapping],
) -> list[_Partner]:
    """Tables that may complete `table`, which is `whole` with what it was joined to."""
    found = []
    for other in tables:
        if other is table or other.name in {join.table for join in joins} or set(other.columns) <= set(whole.columns):
            continue
        there = {normal(name): name for name in other.columns}
        for column in whole.columns:
            key = there.get(normal(column))
            if key is None or not _KEY_LIKE.search(normal(column)) or not Rows(other).is_unique(key):
                continue
            refers = _refers(alone[id(other)], key)
            extends = refers and Rows(whole).is_unique(column)
            if (not refers or extends) and _knows(whole, column, other, key):
                found.append(_Partner(other, JoinMapping(table=other.name, match={column: key})))
    return found


def _refers(proposal: Proposal, key: str) -> bool:
    """Whether rows of a table can be referred to by `key`, because it is imported with that key."""
    mapping = proposal.mapping
    if mapping is None or proposal.missing:
        return False
    keyed = {
        c.field.split(".")[1] for c in mapping.columns if c.column == key and c.field.startswith(mapping.entity + ".")
    }
    return any(name.endswith("_id") and name == f"{mapping.entity}_id" for name in keyed)


def _knows(table: RawTable, column: str, other: RawTable, key: str) -> bool:
    mine = pc.unique(trimmed(table.data[column]))
    mine = mine.filter(pc.not_equal(mine, ""))
    known = pc.is_in(mine, value_set=pc.unique(trimmed(other.data[key])))
    return len(mine) > 0 and bool(pc.mean(known.cast(pa.int8())).as_py() >= _KNOWN)


def _helps(model: Model, before: Proposal, after: Proposal, partner: Proposal) -> bool:
    """Whether a join completes an incomplete table, tells the rest of the partner's records, or enriches a dimension."""
    if before.mapping is None or after.mapping is None or len(after.missing) > len(before.missing):
        return False
    same = after.mapping.entity == before.mapping.entity
    if before.missing:
        return same and len(after.missing) < len(before.missing)
    if partner.mapping is not None and not partner.missing and partner.mapping.entity == after.mapping.entity:
        return not same
    return same and model.entity(before.mapping.entity).kind == "dimension" and _gain(before, after) >= _MIN_GAIN


def _gain(before: Proposal, after: Proposal) -> float:
    """How much more is told about the fields of the mapping's entities, in confidence."""
    return _told(after) - _told(before)


def _told(proposal: Proposal) -> float:
    if proposal.mapping is None:
        return 0.0
    paths = sum(len(path.columns) for path in proposal.mapping.paths)
    fields: dict[str, float] = {}
    for column in proposal.columns:
        for field in column.fields:
            fields[field] = max(fields.get(field, 0.0), column.confidence)
    return sum(fields.values()) + paths


def _without_repeated_sums(mapping: Mapping, table: RawTable, model: Model) -> Mapping:
    """Amounts and quantities of a head, repeated on each of its lines, must not be added up."""
    entity = model.entity(mapping.entity)
    if entity.kind != "fact":
        return mapping
    own = set(table.columns)
    kept = tuple(
        column
        for column in mapping.columns
        if column.column in own
        or not column.field.startswith(f"{entity.name}.")
        or entity.field(column.field.split(".")[1]).type not in ("money", "quantity")
    )
    return mapping.model_copy(update={"columns": kept})
