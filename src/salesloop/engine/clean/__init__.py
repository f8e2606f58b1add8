"""Cleaning: text tables with a mapping become typed records of the model; what cannot be read waits in quarantine."""

from salesloop.engine.clean.checks import CheckResult, failing_rows, run_checks
from salesloop.engine.clean.cleaning import Cleaned, CleanEntity, clean

__all__ = ["CheckResult", "CleanEntity", "Cleaned", "clean", "failing_rows", "run_checks"]
