"""Cleaning: text tables with a mapping become typed records of the model; what cannot be read waits in quarantine."""

from salesloop.engine.clean.cleaning import Cleaned, CleanEntity, clean
from salesloop.engine.clean.rows import Recall, Stored

__all__ = ["CleanEntity", "Cleaned", "Recall", "Stored", "clean"]
