"""The traps of the metrics suite, asked of other metric layers too: who gives the right rows.

The cases are those of tests/metrics_suite/cases/rivals.yaml, answers worked out by hand. Each contender gets the same
tables in a DuckDB file and is asked in its own words (benchmarks/_rivals); rivals live in environments of their own,
made once under build/. "DuckDB, first query" is the SQL that one writes first; it can of course be mended.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import Result
from benchmarks._rivals.by_hand import answers as by_hand
from benchmarks._rivals.world import write_world
from tests.metrics_suite.case import Case, cases
from tests.metrics_suite.engines import Bench, DuckDBStore
from tests.metrics_suite.runner import ask
from tests.metrics_suite.tables import lines

HERE = Path(__file__).with_name("_rivals")
ENVIRONMENTS = Path(__file__).parents[1] / "build" / "rivals"
RIVALS = {
    "metricflow": ("dbt-core<1.12", "dbt-duckdb", "dbt-metricflow", "metricflow==0.213.0"),
    "boring-semantic-layer": ("boring-semantic-layer==0.3.18", "ibis-framework[duckdb]"),
}
Rows = list[dict[str, Any]]
Answer = Rows | str
"""Rows, or why there are none."""


def run(_rows: int | None) -> Result:
    traps = [case for case in cases() if case.name.startswith("rivals_")]
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "world.duckdb"
        write_world(traps[0].world.tables, database)
        answers: dict[str, dict[str, Answer]] = {"SalesLoop": ours(traps)}
        for name in RIVALS:
            answers[f"{name} {version(name)}"] = rival(name, database, Path(folder))
        answers["DuckDB, first query"] = by_hand(database)
    table = [
        {"trap": case.name.removeprefix("rivals_").replace("_", " ")}
        | {name: verdict(case, found.get(case.name, "not asked")) for name, found in answers.items()}
        for case in traps
    ]
    right = {name: sum(row[name] == "right" for row in table) for name in answers}
    best = max((name for name in right if name != "SalesLoop"), key=lambda name: right[name])
    return Result(
        rows=len(traps),
        rival=best,
        ratio=right["SalesLoop"] / right[best],
        table=table,
        budget="every trap answered rightly",
        met=right["SalesLoop"] == len(traps),
        figures={"right": right},
    )


def ours(traps: list[Case]) -> dict[str, Answer]:
    bench = Bench(DuckDBStore())
    return {case.name: ask(case, bench).to_pylist() for case in traps}


def rival(
    name: str, database: Path, folder: Path, *, script: str = "answers", project: str = "project"
) -> dict[str, Any]:
    """What a rival answers (or what it takes, `speed`), in a process of its own environment."""
    asks = HERE / f"{name.replace('-', '_')}_{script}.py"
    out = folder / f"{name}.json"
    command = [str(environment(name)), str(asks), str(database), str(HERE / project), str(out)]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def environment(name: str) -> Path:
    """The Python of a rival's own environment, made where it is not there yet."""
    folder = ENVIRONMENTS / name
    python = folder / "bin" / "python"
    if not (folder / "whole").exists():
        shutil.rmtree(folder, ignore_errors=True)
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *RIVALS[name]], check=True)
        (folder / "whole").touch()
    return python


def version(name: str) -> str:
    ask_it = f"import importlib.metadata as m; print(m.version({name!r}))"
    done = subprocess.run([str(environment(name)), "-c", ask_it], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def verdict(case: Case, answer: Answer) -> str:
    """`right`, or what came instead. The order of rows and the names of nothing (NULL, blank) do not matter."""
    if isinstance(answer, str):
        return f"— ({answer})"
    heading, cells = lines(case.expect or "")
    expected = sorted((tuple(None if cell in ("~", "''") else cell for cell in row) for row in cells), key=str)
    found = [tuple(_cell(row.get(name)) for name in heading) for row in answer]
    if len(found) == len(expected) and _same(sorted(found, key=str), expected):
        return "right"
    wrong = [row for row in found if not any(_same([row], [other]) for other in expected)]
    missing = [other for other in expected if not any(_same([row], [other]) for row in found)]
    shown = "; ".join(" ".join("·" if cell is None else cell for cell in row) for row in wrong[:2] or missing[:2])
    return f"wrong: {shown}" if wrong else f"missing: {shown}"


def _same(found: list[tuple[Any, ...]], expected: list[tuple[Any, ...]]) -> bool:
    return all(
        _equal(one, other)
        for row, want in zip(found, expected, strict=True)
        for one, other in zip(row, want, strict=True)
    )


def _equal(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    try:
        return abs(Decimal(one) - Decimal(other)) < Decimal("1e-6")
    except ArithmeticError:
        return one == other


def _cell(value: Any) -> str | None:
    """A value as the suite writes it: days without a time, numbers plainly, nothing for NULL and blank."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    text = str(value)
    return text[:10] if text[4:5] == "-" and len(text) >= 10 else text
