"""Which tables of which files become what: read everything, then propose or take the given mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from salesloop.engine.collect.delivery import propose_delivery
from salesloop.engine.collect.knowledge import Knowledge, load_knowledge
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.propose import Proposal
from salesloop.engine.collect.raw import FileContent, RawTable
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message, Messages
from salesloop.engine.pipeline.corrections import Corrections
from salesloop.engine.pipeline.progress import Cancel, Progress, Silent
from salesloop.engine.store import Workspace

_MESSAGES = Messages("salesloop.engine.pipeline")

Role = Literal["import", "lookup", "undecided"]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """One file to import. `name` is what people call it where the path does not; the rest overrides detection."""

    path: Path
    sheet: str | None = None
    entity: str | None = None
    mapping: Mapping | None = None
    encoding: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """One table of one file. `mapping` is given or proposed; `proposal` is None where it was given.

    `corrections` are laid over its cells before cleaning.

    `role`: `import`; `lookup` (only completes the rows of other tables); `undecided` (`why` says what is missing).
    """

    request: ImportRequest
    content: FileContent
    table: RawTable
    role: Role
    mapping: Mapping | None = None
    proposal: Proposal | None = None
    why: Message | None = None
    corrections: Corrections = field(default_factory=dict)

    @property
    def sheet(self) -> str | None:
        """Name of the sheet; None where the file has none."""
        return self.table.name if self.content.format == "workbook" else None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All tables of one import call, in the order of the files."""

    tables: tuple[PlannedTable, ...]

    @property
    def to_import(self) -> tuple[PlannedTable, ...]:
        return tuple(table for table in self.tables if table.role == "import")


def plan_import(
    workspace: Workspace,
    requests: Sequence[ImportRequest],
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> ImportPlan:
    """Read every file and decide what each of its tables is. UserError where a file cannot be read."""
    shown, heard = progress or Silent(), cancel or Cancel()
    for request in requests:
        if request.entity is not None:
            workspace.model.entity(request.entity)  # a misspelt one is not looked for in vain
    read: list[tuple[ImportRequest, FileContent]] = []
    rows = 0
    for done, request in enumerate(requests):
        shown.stage("read", done, len(requests), rows)
        content = read_file(
            request.path, sheet=request.sheet, encoding=request.encoding, name=request.name, stop=heard.check
        )
        rows += sum(table.received for table in content.tables)
        read.append((request, content))
    shown.stage("read", len(requests), len(requests), rows)
    known = load_knowledge(workspace.path / "sources")
    planned: list[PlannedTable] = []
    for request, content in read:
        if request.mapping is not None:
            planned += _given(request, content, request.mapping, workspace)
    for entity in dict.fromkeys(request.entity for request, _ in read if request.mapping is None):
        group = [(r, c) for r, c in read if r.mapping is None and r.entity == entity]
        planned += _proposed(group, workspace, known, entity)
    order = {(id(request), table.name): n for n, (request, table) in enumerate(_tables(read))}
    return ImportPlan(tuple(sorted(planned, key=lambda one: order[id(one.request), one.table.name])))


def _tables(read: Sequence[tuple[ImportRequest, FileContent]]) -> list[tuple[ImportRequest, RawTable]]:
    return [(request, table) for request, content in read for table in content.tables]


def _given(request: ImportRequest, content: FileContent, mapping: Mapping, workspace: Workspace) -> list[PlannedTable]:
    """The tables of a file for which a mapping was given: it applies to its sheet, else to every table that has its columns."""
    fits = [table for table in content.tables if mapping.sheet in (None, table.name)]
    if mapping.sheet is None and len(content.tables) > 1 and not mapping.joins:
        wanted = {column.column for column in mapping.columns}
        fits = [table for table in fits if wanted <= set(table.columns)]
    if content.format != "workbook" or not fits:
        fits = list(content.tables)
    out = []
    for table in content.tables:
        if table in fits:
            mapping.check(table, workspace.model)
            out.append(PlannedTable(request, content, table, "import", mapping))
        else:
            why = _MESSAGES.message("other_sheet", mapping=mapping.name)
            out.append(PlannedTable(request, content, table, "undecided", why=why))
    return out


def _proposed(
    group: Sequence[tuple[ImportRequest, FileContent]],
    workspace: Workspace,
    known: Knowledge,
    entity: str | None,
) -> list[PlannedTable]:
    tables = [(request, content, table) for request, content in group for table in content.tables]
    plans = propose_delivery([table for _, _, table in tables], workspace.model, known, entity)
    out = []
    for (request, content, table), plan in zip(tables, plans, strict=True):
        mapping, role, why = plan.proposal.mapping, plan.role, None
        if role == "import" and mapping is not None and plan.proposal.missing:
            role = "undecided"
            labels = [workspace.model.entity(mapping.entity).field(name).label for name in plan.proposal.missing]
            why = _MESSAGES.message("required_missing", fields=labels)
            if doubt := _doubt(plan.proposal):
                why = _MESSAGES.message("required_doubted", fields=labels, column=doubt[0], why=doubt[1])
        elif role == "undecided":
            why = plan.proposal.why or _MESSAGES.message("no_entity_fits")
        out.append(PlannedTable(request, content, table, role, mapping, plan.proposal, why))
    return out


def _doubt(proposal: Proposal) -> tuple[str, Message] | None:
    """The first column that has the name of a field and was not taken, and why."""
    return next(((one.column, one.evidence[0]) for one in proposal.columns if one.evidence and not one.fields), None)


def refuse_nothing(plan: ImportPlan) -> None:
    """UserError where no table of the plan can be imported: it names the first and why."""
    if plan.to_import:
        return
    first = next((table for table in plan.tables if table.why is not None), plan.tables[0])
    why = first.why or _MESSAGES.message("only_lookups")
    raise UserError(_MESSAGES.message("nothing_to_import", why=why), file=first.content.file, sheet=first.sheet)
