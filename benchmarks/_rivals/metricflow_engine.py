"""MetricFlow's engine over a database, for the scripts beside it: they run in its own environment."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def opened(database: str, project: str, models: Sequence[str]) -> Any:
    """An engine for a copy of the dbt project, here, whose `models` are the tables of the database."""
    folder = Path("metricflow")
    shutil.copytree(project, folder)
    for name in models:
        (folder / "models" / f"{name}.sql").write_text(f"select * from main.{name}\n")
    profile = {"world": {"target": "dev", "outputs": {"dev": {"type": "duckdb", "path": database, "schema": "main"}}}}
    (folder / "profiles.yml").write_text(json.dumps(profile))
    os.chdir(folder)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"

    from dbt.cli.main import dbtRunner  # type: ignore[import-not-found]
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration  # type: ignore[import-not-found]

    parsed = dbtRunner().invoke(["parse", "--quiet"])
    if not parsed.success:
        raise SystemExit(str(parsed.exception))
    configuration = CLIConfiguration()
    configuration.setup(configure_file_logging=False)
    return configuration.mf


def asked(engine: Any, metrics: list[str], by: list[str], start: str, end: str) -> Any:
    """The table that MetricFlow answers with, of the days from `start` to `end`, both included."""
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest  # type: ignore[import-not-found]

    request = MetricFlowQueryRequest.create(
        metric_names=metrics,
        group_by_names=by,
        time_constraint_start=dt.datetime.fromisoformat(start),
        time_constraint_end=dt.datetime.fromisoformat(end),
    )
    return engine.query(request).result_df
