"""Quality as people work on it: what to mend, scores, sampling audits, coverage, and deliveries off the usual."""

from salesloop.engine.analyze.quality.source import Judged, judged

__all__ = ["Judged", "judged"]
