"""For the shell: what is done for the stewards once a day."""

from __future__ import annotations

from salesloop.app.quality.monitoring import tell_alarms
from salesloop.app.quality.plans import draw_due

__all__ = ["draw_due", "tell_alarms"]
