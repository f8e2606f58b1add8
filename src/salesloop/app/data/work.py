"""The long work of the data pages, done by the worker: read, preview, import, undo, retry, drop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_noop

from salesloop.app.audit.services import log
from salesloop.app.data.identity import match_soon
from salesloop.app.data.models import Draft, Step
from salesloop.app.data.planning import plan_of
from salesloop.app.data.reading import propose_as, read_draft
from salesloop.app.data.report import stored
from salesloop.app.data.uploads import forget
from salesloop.app.jobs.services import Job, Run, State, start
from salesloop.app.workspace.services import now, workspace
from salesloop.engine.pipeline import run_import, undo_import
from salesloop.engine.pipeline.progress import STAGES, Stage
from salesloop.engine.pipeline.retry import drop_quarantine, retry_quarantine

_SOON = dt.timedelta(seconds=30)
_WAIT = 600.0  # seconds for another writer to finish
_WEIGHTS: dict[Stage, tuple[str, int]] = {
    "read": (gettext_noop("读取文件"), 25),
    "land": (gettext_noop("保存原件"), 5),
    "clean": (gettext_noop("清洗与核对"), 30),
    "store": (gettext_noop("写入"), 12),
    "resolve": (gettext_noop("关联客户、产品与人员"), 7),
    "check": (gettext_noop("检查质量"), 5),
    "roll_up": (gettext_noop("汇总"), 12),
    "publish": (gettext_noop("发布"), 4),
}


class Steps:
    """The stages of the pipeline as one bar. Rows read count until rows are stored."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._fraction = 0.0
        self._rows = 0

    def stage(self, name: Stage, done: int, total: int, rows: int) -> None:
        label, weight = _WEIGHTS[name]
        before = sum(_WEIGHTS[stage][1] for stage in STAGES[: STAGES.index(name)])
        # cleaning and storing alternate from table to table: the bar never goes back
        self._fraction = max(self._fraction, (before + weight * (done / total if total else 1.0)) / 100)
        self._rows = max(self._rows, rows)
        self._run.at(label, self._fraction, self._rows)


def read(run: Run) -> dict[str, Any]:
    """Find out what the files of a draft hold; with `table` and `entity` only what that table's columns are then."""
    draft = Draft.objects.get(pk=run.params["draft"])
    if "entity" in run.params:
        run.at(gettext_noop("识别字段"), 0.3)
        propose_as(draft, run, run.params["table"], run.params["entity"])
    else:
        read_draft(draft, run, run.params.get("file"))
    draft.step = Step.MAP
    draft.save(update_fields=["files", "tables", "step", "changed_at"])
    return {"tables": len(draft.tables)}


def preview(run: Run) -> dict[str, Any]:
    """What an import would do."""
    draft = Draft.objects.get(pk=run.params["draft"])
    steps = Steps(run)
    plan = plan_of(draft, steps, run.cancel)
    report = run_import(workspace(), plan, now=now(), progress=steps, cancel=run.cancel, dry_run=True)
    draft.report, draft.step = stored(report), Step.PREVIEW
    draft.save(update_fields=["report", "step", "changed_at"])
    return {}


def import_(run: Run) -> dict[str, Any]:
    """Import a draft as one change; the uploads are not needed any more then."""
    draft = Draft.objects.get(pk=run.params["draft"])
    steps = Steps(run)
    plan = plan_of(draft, steps, run.cancel)
    report = run_import(workspace(), plan, now=now(), progress=steps, cancel=run.cancel, wait=_WAIT)
    draft.report, draft.step = stored(report), Step.DONE
    draft.save(update_fields=["report", "step", "changed_at"])
    for batch in report.batches:
        if not batch.known:
            log(draft.owner, "data.imported", batch.batch_id, {"file": batch.file, "snapshot": report.snapshot})
    forget(draft)
    if report.published:
        match_soon()
        _look_for_findings()
    return {}


def undo(run: Run) -> dict[str, Any]:
    """Take batches back, the last one first."""
    batches: list[str] = run.params["batches"]
    removed = 0
    for done, batch in enumerate(reversed(batches)):
        run.at(gettext_noop("撤销导入"), done / len(batches))
        run.cancel.check()
        report = undo_import(workspace(), batch, now(), wait=_WAIT)
        removed += sum(report.removed.values())
        log(run.job.owner, "data.undone", batch, {"removed": report.removed, "restored": report.restored})
    _look_for_findings()
    return {"rows": removed}


def retry(run: Run) -> dict[str, Any]:
    """Read a delivery again with corrected cells (`corrections`: row → column → text)."""
    batch, cells = run.params["batch"], run.params["corrections"]
    report = retry_quarantine(
        workspace(),
        batch,
        now=now(),
        corrections={int(row): values for row, values in cells.items()},
        progress=Steps(run),
        cancel=run.cancel,
        wait=_WAIT,
    )
    log(run.job.owner, "quarantine.retried", batch, {"rows": sorted(cells), "snapshot": report.snapshot})
    accepted = sum(counts.accepted for one in report.batches for counts in one.entities.values())
    return {"rows": accepted, "waiting": sum(one.waiting for one in report.batches)}


def drop(run: Run) -> dict[str, Any]:
    """Give rows up."""
    batch, rows, reason = run.params["batch"], run.params["rows"], run.params["reason"]
    run.at(gettext_noop("写入"), 0.3)
    count = drop_quarantine(workspace(), batch, now(), rows=rows, wait=_WAIT)
    log(run.job.owner, "quarantine.dropped", batch, {"rows": rows, "reason": reason})
    return {"rows": count}


def _look_for_findings() -> None:
    """Soon, once: people often import one file after another."""
    if not Job.objects.filter(kind="chores", state=State.QUEUED).exists():
        start("chores", None, after=_SOON)
