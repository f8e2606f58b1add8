"""Runs one benchmark: prints its table and then, as the last line, its result as JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import keyword
import os
import pkgutil
import platform
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

from rich import box
from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks import Result


def main(arguments: Sequence[str] | None = None) -> int:
    names = sorted(
        module.name.rstrip("_")
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.name.startswith("_")
    )
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run one benchmark, or list them.")
    parser.add_argument("name", nargs="?", choices=names)
    parser.add_argument("--rows", type=int, metavar="N", help="size of the data; each benchmark has its own default")
    options = parser.parse_args(arguments)
    if options.name is None:
        list_benchmarks(names)
        return 0
    result: Result = _module(options.name).run(options.rows)
    print_table(result)
    print(as_json(options.name, result))
    return 0 if result.met else 1


def _module(name: str) -> ModuleType:
    """A benchmark called like a word of Python (`import`) lives in a module with a trailing underscore."""
    return importlib.import_module(f"benchmarks.{name}_" if keyword.iskeyword(name) else f"benchmarks.{name}")


def list_benchmarks(names: Sequence[str]) -> None:
    for name in names:
        lines = (_module(name).__doc__ or "").strip().splitlines()
        print(f"{name:<16} {lines[0] if lines else ''}")


def print_table(result: Result) -> None:
    table = Table(box=box.SIMPLE_HEAD)
    for column in result.table[0]:
        table.add_column(str(column), justify="left" if isinstance(result.table[0][column], str) else "right")
    for line in result.table:
        table.add_row(*(_cell(value) for value in line.values()))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    console.print(f"{'met' if result.met else 'MISSED'}: {result.budget}", markup=False)


def _cell(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def as_json(name: str, result: Result) -> str:
    machine: Mapping[str, object] = {"cpus": os.cpu_count(), "python": platform.python_version()}
    return json.dumps(
        {
            "benchmark": name,
            "rows": result.rows,
            "rival": result.rival,
            "ratio": round(result.ratio, 4),
            "budget": result.budget,
            "met": result.met,
            **result.figures,
            "machine": machine,
        },
        ensure_ascii=False,
    )


if __name__ == "__main__":
    sys.exit(main())
