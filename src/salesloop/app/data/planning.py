"""From the decisions of a draft to the plan that the engine carries out."""

from __future__ import annotations

from typing import Any

from salesloop.app.data.models import Draft
from salesloop.app.data.uploads import path_of
from salesloop.app.workspace.services import workspace
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.collect.raw import FileContent
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.pipeline import ImportPlan, ImportRequest, PlannedTable
from salesloop.engine.pipeline.progress import Cancel, Progress

_MESSAGES = Messages("salesloop.app.data")


def chosen_tables(draft: Draft) -> list[dict[str, Any]]:
    """The tables that will be imported."""
    return [table for table in draft.tables if table["choice"] == "import" and table["mapping"]]


def plan_of(draft: Draft, progress: Progress, cancel: Cancel) -> ImportPlan:
    """Read the files once more, as decided. UserError where nothing is chosen or a mapping does not fit its table."""
    if not chosen_tables(draft):
        raise UserError(_MESSAGES.message("nothing_chosen"))
    wanted = {table["file"] for table in draft.tables if table["choice"] != "skip"}
    planned: list[PlannedTable] = []
    rows = 0
    for done, number in enumerate(sorted(wanted)):
        progress.stage("read", done, len(wanted), rows)
        cancel.check()
        file = draft.files[number]
        path = path_of(draft, number)
        content = read_file(path, encoding=file["encoding"], name=file["name"], stop=cancel.check)
        rows += sum(table.received for table in content.tables)
        request = ImportRequest(path, encoding=file["encoding"], name=file["name"])
        planned += _planned(draft, number, request, content)
    progress.stage("read", len(wanted), len(wanted), rows)
    return ImportPlan(tuple(planned))


def _planned(draft: Draft, number: int, request: ImportRequest, content: FileContent) -> list[PlannedTable]:
    decided = {table["sheet"]: table for table in draft.tables if table["file"] == number}
    found = []
    for table in content.tables:
        decision = decided.get(table.name)
        if decision is None or decision["choice"] == "skip":
            found.append(PlannedTable(request, content, table, "undecided"))
        elif decision["choice"] == "lookup":
            found.append(PlannedTable(request, content, table, "lookup"))
        else:
            mapping = Mapping.model_validate(decision["mapping"])
            mapping.check(table, workspace().model)
            found.append(PlannedTable(request, content, table, "import", mapping))
    return found
