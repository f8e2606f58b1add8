"""The pipeline: files in, one published snapshot out; undo, retry of quarantine, progress and cancel."""

from salesloop.engine.pipeline.delivery import Counts
from salesloop.engine.pipeline.importing import import_files, run_import
from salesloop.engine.pipeline.planning import ImportPlan, ImportRequest, PlannedTable, plan_import
from salesloop.engine.pipeline.progress import Cancel, Cancelled, Progress
from salesloop.engine.pipeline.report import BatchReport, ImportReport
from salesloop.engine.pipeline.retry import drop_quarantine, retry_quarantine
from salesloop.engine.pipeline.undo import UndoReport, undo_import

__all__ = [
    "BatchReport",
    "Cancel",
    "Cancelled",
    "Counts",
    "ImportPlan",
    "ImportReport",
    "ImportRequest",
    "PlannedTable",
    "Progress",
    "UndoReport",
    "drop_quarantine",
    "import_files",
    "plan_import",
    "retry_quarantine",
    "run_import",
    "undo_import",
]
