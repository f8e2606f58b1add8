"""Proposes how a table maps to the model: the primary entity, a field for each column, and how sure that is."""

from __future__ import annotations

import re
from collections import abc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from salesloop.engine.collect.aliases import AliasIndex, Match
from salesloop.engine.collect.compose import compose
from salesloop.engine.collect.convincing import is_convincing
from salesloop.engine.collect.draft import Draft, Rows, Sheet
from salesloop.engine.collect.evidence import level_reason, reasons
from salesloop.engine.collect.fit import Fit, fit, missing_fields, options, without_derived_keys
from salesloop.engine.collect.knowledge import NOTHING, Knowledge
from salesloop.engine.collect.learnt import learnt_values, told_by_lessons, with_learnt_units
from salesloop.engine.collect.mapping import ColumnMapping, Mapping, fingerprint
from salesloop.engine.collect.normal import normal
from salesloop.engine.collect.profile import Profile, profiles
from salesloop.engine.collect.raw import RawTable
from salesloop.engine.collect.unfit import reason_not_taken
from salesloop.engine.model.entity import Entity, Model
from salesloop.engine.model.text import Message, Messages

_MESSAGES: Final = Messages("salesloop.engine.collect")
_MIN_SCORE: Final = 1.0
_OF_PATH: Final = 0.95
_CANDIDATES: Final = 5
_ALTERNATIVES: Final = 4
# An export may lack the date of its order lines, say, which another table has; more than that, and it is something else.
_MAY_LACK: Final = 1
# So many days of a month side by side are sums of them.
_DAYS: Final = 20
_DAY_OF_MONTH: Final = re.compile(r"^(?:[12]?\d|3[01])\s*[日号]$")
_NAMED: Final = 8
# Words for tables of parties that look like customers and are none.
_NOT_OURS: Final = re.compile(r"supplier|vendor|shipper|供应商|供方|承运商|仓库")


@dataclass(frozen=True)
class ColumnProposal:
    """What one column feeds. `fields` is empty for a column that nothing is made of (it may become a field of the company).

    `confidence` is 0–1 and `evidence` says what speaks for the first field, or why a field of this name is not fed;
    `alternatives` are other readings.
    """

    column: str
    fields: tuple[str, ...]
    confidence: float
    evidence: tuple[Message, ...]
    samples: tuple[str, ...]
    alternatives: tuple[Match, ...] = ()
    unit: str | None = None


@dataclass(frozen=True)
class Candidate:
    """How well the table fits an entity as its primary one; higher is better, below 1 it does not."""

    entity: str
    score: float
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """`mapping` is None where no entity fits: then a person chooses one of `candidates`, or leaves the table out.

    `missing` are required fields of the primary entity that nothing gives: without them every row goes to quarantine.
    `saved` is the name of the saved mapping that was reused, `why` a reason that there is no mapping.
    """

    mapping: Mapping | None
    columns: tuple[ColumnProposal, ...]
    candidates: tuple[Candidate, ...]
    missing: tuple[str, ...] = ()
    saved: str | None = None
    why: Message | None = None


def propose(table: RawTable, model: Model, known: Knowledge = NOTHING, entity: str | None = None) -> Proposal:
    """The mapping to start from. `entity` settles the primary entity; `known` is what the workspace has taught.

    The same header as a saved mapping's (and the same table name, where there is no header) gets that mapping; columns of
    other tables follow the lessons about their headers.
    """
    return propose_with(AliasIndex(model), table, known, entity)


def propose_with(index: AliasIndex, table: RawTable, known: Knowledge = NOTHING, entity: str | None = None) -> Proposal:
    """`propose` with an index made once for many tables."""
    model = index.model
    columns = profiles(table)
    fits = _fits(table, index, columns, known)
    candidates = tuple(Candidate(f.entity.name, f.score, f.missing) for f in fits[:_CANDIDATES])
    reused = None if entity else _saved_for(table, known.mappings)
    if reused is not None:
        mapping = _fitted(reused, table, model)
        return Proposal(mapping, _reused_columns(mapping, table, columns), candidates, (), reused.name)
    sheet = Sheet(table.name, model, index, columns, Rows(table), known)
    for chosen in _worth_trying(fits, entity, table):
        draft = compose(sheet, chosen)
        mapping = _mapping(table, chosen.entity, draft, sheet)
        unsettled = tuple(sorted(name.split(".")[1] for name in draft.unsettled))
        missing = (*_missing(mapping, model), *unsettled)
        lacking = without_derived_keys(chosen.entity, missing)
        convincing = len(lacking) <= _MAY_LACK and is_convincing(sheet, draft, chosen.entity)
        if entity is not None or convincing:
            return Proposal(mapping, _columns(table, sheet, chosen.entity, draft, mapping), candidates, missing)
    unread = tuple(ColumnProposal(c, (), 0.0, (), p.samples) for c, p in columns.items())
    return Proposal(None, unread, candidates, why=_why_none(table))


def _why_none(table: RawTable) -> Message | None:
    """A reason where there is a better one than that nothing fits."""
    if table.melted_from is None and sum(map(bool, map(_DAY_OF_MONTH.match, table.columns))) < _DAYS:
        return None
    return _MESSAGES.message("totals_only", columns=list(table.columns[:_NAMED]))


def _fits(table: RawTable, index: AliasIndex, columns: abc.Mapping[str, Profile], known: Knowledge) -> list[Fit]:
    """Each entity with what the table gives it, best first."""
    found = [
        fit(e, told_by_lessons(options(index, e, columns), e, columns, known), table.name) for e in index.model.entities
    ]
    return sorted(found, key=lambda item: -item.score)


def _worth_trying(fits: Sequence[Fit], entity: str | None, table: RawTable) -> list[Fit]:
    """The primary entities to try, best first."""
    if entity is not None:
        return [f for f in fits if f.entity.name == entity]
    if _NOT_OURS.search(normal(table.name)):
        return []
    return [f for f in fits[:_CANDIDATES] if f.score >= _MIN_SCORE]


def _saved_for(table: RawTable, saved: Sequence[Mapping]) -> Mapping | None:
    """The saved mapping of the same header; the one for a sheet of this name where there are several."""
    same = [m for m in saved if m.header and m.fingerprint == fingerprint(table.columns)]
    named = [m for m in same if m.sheet == table.name]
    usable = named or ([] if table.is_headerless else same)
    return usable[-1] if usable else None


def _fitted(saved: Mapping, table: RawTable, model: Model) -> Mapping:
    """A saved mapping for this table: its columns as they are spelled here, its units as they are stated here."""
    here = {normal(name): name for name in table.columns}

    def spelled(name: str) -> str:
        return here.get(normal(name), name)

    columns = [c.model_copy(update={"column": spelled(c.column)}) for c in saved.columns]
    paths = [p.model_copy(update={"columns": tuple(map(spelled, p.columns))}) for p in saved.paths]
    joins = [j.model_copy(update={"match": {spelled(a): b for a, b in j.match.items()}}) for j in saved.joins]
    changes = {"columns": _with_units(columns, table, model), "paths": tuple(paths), "joins": tuple(joins)}
    return saved.model_copy(update=changes | {"header": table.columns})


def _mapping(table: RawTable, primary: Entity, draft: Draft, sheet: Sheet) -> Mapping:
    columns = tuple(
        ColumnMapping(column=column, field=match.field)
        for column in table.columns
        for match in draft.feeds.get(column, ())
    )
    return Mapping(
        name=table.name,
        entity=primary.name,
        header=table.columns,
        sheet=table.name,
        columns=with_learnt_units(_with_units(columns, table, sheet.model), primary, sheet.known),
        constants=dict(draft.constants),
        values=draft.values | learnt_values(table.columns, primary, sheet.known),
        paths=tuple(draft.paths),
    )


def _with_units(columns: Iterable[ColumnMapping], table: RawTable, model: Model) -> tuple[ColumnMapping, ...]:
    """The units that this table states: of a header, else (for money) of the whole sheet."""
    out = []
    for column in columns:
        entity, name = column.field.split(".")
        money = model.entity(entity).field(name).type == "money"
        unit = table.units.get(column.column) or (table.sheet_unit if money else None)
        out.append(column.model_copy(update={"unit": unit}))
    return tuple(out)


def _columns(
    table: RawTable, sheet: Sheet, primary: Entity, draft: Draft, mapping: Mapping
) -> tuple[ColumnProposal, ...]:
    own = options(sheet.index, primary, sheet.columns)
    units = {column.column: column.unit for column in mapping.columns}
    taken = {match.field for matches in draft.feeds.values() for match in matches}
    found = []
    for column in table.columns:
        matches = draft.feeds.get(column, [])
        fields = tuple(match.field for match in matches)
        path = next((p for p in draft.paths if column in p.columns), None)
        if path is not None:
            fields = (f"{path.entity}.path",)
        others = tuple(match for match in own.get(column, ()) if match.field not in fields)[:_ALTERNATIVES]
        profile = sheet.columns[column]
        samples = profile.samples
        confidence = 0.0
        evidence: tuple[Message, ...] = ()
        if path is not None:
            confidence, evidence = _OF_PATH, level_reason(column, path.entity, profile, sheet.model)
        elif matches:
            confidence, evidence = matches[0].confidence, reasons(column, matches[0], profile, sheet.model)
        elif against := reason_not_taken(column, profile, primary, sheet.index, taken):
            evidence = (against,)
        found.append(ColumnProposal(column, fields, confidence, evidence, samples, others, units.get(column)))
    return tuple(found)


def _reused_columns(
    mapping: Mapping, table: RawTable, columns: abc.Mapping[str, Profile]
) -> tuple[ColumnProposal, ...]:
    found = []
    for column in table.columns:
        fields = tuple(c.field for c in mapping.columns if c.column == column)
        fields += tuple(f"{path.entity}.path" for path in mapping.paths if column in path.columns)
        samples = columns[column].samples
        unit = next((c.unit for c in mapping.columns if c.column == column), None)
        evidence = (_MESSAGES.message("evidence_saved", mapping=mapping.name),) if fields else ()
        found.append(ColumnProposal(column, fields, 1.0 if fields else 0.0, evidence, samples, (), unit))
    return tuple(found)


def _missing(mapping: Mapping, model: Model) -> tuple[str, ...]:
    """Required fields of the primary entity that the mapping does not give."""
    given = {c.field for c in mapping.columns} | set(mapping.constants)
    given |= {field for path in mapping.paths for field in path.feeds}
    names = {field.split(".")[1] for field in given if field.startswith(f"{mapping.entity}.")}
    entity = model.entity(mapping.entity)
    if any(path.entity == mapping.entity for path in mapping.paths):
        names |= {entity.key[0], entity.name_field or entity.key[0]}
    return missing_fields(entity, names)
