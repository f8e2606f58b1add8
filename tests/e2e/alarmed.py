"""`python -m tests.e2e.alarmed FOLDER`: what the daily chore tells the stewards of the deliveries of a company."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from tests.e2e.sites import TODAY


def tell(folder: Path) -> None:
    from salesloop.app.boot import start

    start(folder)
    from salesloop.app.quality.services import tell_alarms

    assert tell_alarms(dt.date.fromisoformat(TODAY)) == 1


if __name__ == "__main__":
    tell(Path(sys.argv[1]))
