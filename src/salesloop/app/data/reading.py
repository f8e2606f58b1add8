"""What is in the uploaded files: read in the worker, kept with the draft as plain values.

A table of a draft has: `file` and `sheet`; what was found (`rows`, `broken`, `header_row`, `named`, `titles`, `skipped`, `notes`,
`columns` with samples, confidence, evidence and alternatives, `candidates`); what is proposed (`role`, `missing`, `saved`);
and what is decided (`choice`: import, lookup or skip; `entity`, `mapping`, `name`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_noop

from salesloop.app.data.models import Draft
from salesloop.app.data.uploads import path_of
from salesloop.app.jobs.services import Run
from salesloop.app.workspace.services import workspace
from salesloop.engine.collect.delivery import TablePlan, propose_delivery
from salesloop.engine.collect.knowledge import load_knowledge
from salesloop.engine.collect.propose import ColumnProposal, propose
from salesloop.engine.collect.raw import FileContent, RawTable
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message
from salesloop.engine.pipeline.progress import Cancelled

_SAMPLES = 3
_NAMED = ("parquet", "json")
"""Formats whose columns have names of their own, not a header row."""
_SAMPLE_LENGTH = 60


def read_draft(draft: Draft, run: Run, only: int | None = None) -> None:
    """Read all files of a draft, or the one at `only`, and propose what their tables are. A bad file spoils no other."""
    numbers = range(len(draft.files)) if only is None else [only]
    contents: dict[int, FileContent] = {}
    rows = 0
    for done, number in enumerate(numbers):
        run.at(gettext_noop("读取文件"), 0.85 * done / len(numbers), rows)
        run.cancel.check()
        if content := _read(draft, run, number):
            contents[number] = content
            rows += sum(table.received for table in content.tables)
    run.at(gettext_noop("识别字段"), 0.9, rows)
    kept = [table for table in draft.tables if table["file"] not in numbers]
    draft.tables = sorted([*kept, *_proposed(contents)], key=lambda table: (table["file"], table["place"]))


def propose_as(draft: Draft, run: Run, place: int, entity: str) -> None:
    """Propose again what one table's columns are, as another entity."""
    old = draft.tables[place]
    file = draft.files[old["file"]]
    path = path_of(draft, old["file"])
    content = read_file(path, encoding=file["encoding"], name=file["name"], stop=run.cancel.check)
    table = next(one for one in content.tables if one.name == old["sheet"])
    store = workspace()
    proposal = propose(table, store.model, load_knowledge(store.path / "sources"), entity)
    new = _table(old["file"], old["place"], content, TablePlan(table, proposal, "import"))
    draft.tables[place] = new | {"name": old["name"], "entity": entity}


def _read(draft: Draft, run: Run, number: int) -> FileContent | None:
    file = draft.files[number]
    file["error"] = None
    try:
        content = read_file(path_of(draft, number), encoding=file["encoding"], name=file["name"], stop=run.cancel.check)
    except Cancelled:
        raise
    except UserError as error:
        file["error"] = {"message": error.message.to_json(), "where": {k: str(v) for k, v in error.where.items()}}
        return None
    file |= {
        "format": content.format,
        "detected": content.encoding,
        "doubt": content.encoding_doubt and file["encoding"] is None,
        "alternatives": [{"encoding": one.encoding, "sample": one.sample} for one in content.alternatives],
        "refused": [{"name": one.name, "message": one.message.to_json()} for one in content.refused],
        "notes": _messages(content.notes),
    }
    return content


def _proposed(contents: dict[int, FileContent]) -> list[dict[str, Any]]:
    store = workspace()
    known = load_knowledge(store.path / "sources")
    found = [
        (number, place, content, table)
        for number, content in contents.items()
        for place, table in enumerate(content.tables)
    ]
    plans = propose_delivery([table for _number, _place, _content, table in found], store.model, known)
    return [
        _table(number, place, content, plan) for (number, place, content, _), plan in zip(found, plans, strict=True)
    ]


def _table(number: int, place: int, content: FileContent, plan: TablePlan) -> dict[str, Any]:
    table, proposal = plan.table, plan.proposal
    mapping = proposal.mapping
    ready = plan.role == "import" and not proposal.missing
    return {
        "file": number,
        "place": place,
        "sheet": table.name,
        "named": content.format in _NAMED,
        **_found(table),
        "notes": _messages((*table.notes, *((proposal.why,) if proposal.why else ()))),
        "columns": [_column(column) for column in proposal.columns],
        "candidates": [{"entity": one.entity, "score": one.score} for one in proposal.candidates],
        "missing": [f"{mapping.entity}.{name}" for name in proposal.missing] if mapping else [],
        "saved": proposal.saved,
        "choice": "lookup" if plan.role == "lookup" else "import" if ready else "skip",
        "decided": ready or plan.role == "lookup",
        "entity": mapping.entity if mapping else "",
        "mapping": mapping.model_dump(mode="json") if mapping else None,
        "name": mapping.name if mapping else table.name,
    }


def _found(table: RawTable) -> dict[str, Any]:
    return {
        "rows": table.received,
        "broken": table.broken.num_rows,
        "header_row": table.header_row,
        "titles": list(table.title_rows)[:3],
        "skipped": {reason: rows for reason, rows in table.skipped.items() if rows},
    }


def _column(column: ColumnProposal) -> dict[str, Any]:
    return {
        "name": column.column,
        "samples": [sample[:_SAMPLE_LENGTH] for sample in column.samples[:_SAMPLES]],
        "fields": list(column.fields),
        "confidence": column.confidence,
        "evidence": _messages(column.evidence),
        "alternatives": list(dict.fromkeys(match.field for match in column.alternatives)),
        "unit": column.unit,
    }


def _messages(messages: Iterable[Message]) -> list[dict[str, Any]]:
    return [message.to_json() for message in messages]
