"""`salesloop rules`: the repairs that cleaning makes, which are off, and how often each was made."""

from __future__ import annotations

import typer

from salesloop.cli.common import lang, open_workspace, print_json, print_table, tr
from salesloop.cli.options import FormatOption, LangOption
from salesloop.engine.clean.rules import RULES, rule_label, rules_off

app = typer.Typer(add_completion=False)


@app.command(
    "list",
    help=tr("列出全部修正规则、是否停用、修正过多少格", "List the repairs, those switched off, and cells repaired"),
)
def list_rules(ctx: typer.Context, output: FormatOption = "table", language: LangOption = None) -> None:  # noqa: ARG001
    """Every repair; `repairs_off` in salesloop.toml or in a mapping switches one off."""
    workspace = open_workspace(ctx)
    off = rules_off(workspace.config)
    made = workspace.current().rows(
        "SELECT rule, count(row) AS cells, count(*) - count(row) AS columns FROM ledger.repair GROUP BY rule"
    )
    counts = {row["rule"]: (row["cells"], row["columns"]) for row in made}
    rows = [(rule, rule_label(rule).text(lang()), rule in off, *counts.get(rule, (0, 0))) for rule in RULES]
    if output == "json":
        names = ("rule", "label", "off", "cells", "columns")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    heads = [
        tr("规则", "Rule"),
        tr("说明", "What it does"),
        tr("停用", "Off"),
        tr("格", "Cells"),
        tr("整列", "Columns"),
    ]
    print_table(
        heads,
        [
            [r, label, tr("停用", "off") if no else "", str(cells), str(columns)]
            for r, label, no, cells, columns in rows
        ],
    )
