"""Start Django for one workspace from outside a web server: the command line, tests, scheduled jobs."""

import os
from pathlib import Path

from salesloop.engine.store import Workspace


def start(workspace: Path, *, migrate: bool = False) -> None:
    """Point this process at a workspace and load the app; with `migrate` bring its database up to date.

    UserError where the folder is no workspace. A process serves one workspace for its whole life.
    """
    path = Workspace.open(workspace).path
    os.environ["SALESLOOP_WORKSPACE"] = str(path)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salesloop.app.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
