"""For the command line and the other slices: what people hold, as reports show it. Importable without Django."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from salesloop.app.boot import start as start_app
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Lang
from salesloop.engine.report.builders import ReportInputs


def report_inputs(
    workspace: Path, scope: Scope, start: dt.date, end: dt.date, *, lang: Lang, org: str | None = None
) -> ReportInputs:
    """Findings and actions of these days that the scope shows, in `lang`; with `org` (id or name) those of that unit and
    everything below it. Starts Django where it is not running yet."""
    from django.apps import apps

    if not apps.ready:
        start_app(workspace, migrate=True)
    from salesloop.app.publishing.inputs import inputs

    return inputs(scope, start, end, lang=lang, org=org)
