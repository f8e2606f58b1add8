"""Small files as people's systems export them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.pipeline import ImportReport, ImportRequest, import_files
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.UTC)
ORDERS = ("订单号", "行号", "订单日期", "客户名称", "业务员", "产品名称", "数量", "金额")


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def order(
    number: str, line: int, amount: object, *, day: str = "2026-03-01", customer: str = "东方机械", who: str = "李强"
) -> list[object]:
    return [number, line, day, customer, who, "扳手", 2, amount]


def bring(
    workspace: Workspace, *paths: Path, entity: str | None = None, mapping: Mapping | None = None, dry_run: bool = False
) -> ImportReport:
    requests = [ImportRequest(path, entity=entity, mapping=mapping) for path in paths]
    return import_files(workspace, requests, now=NOW, dry_run=dry_run)


def state(workspace: Workspace, *, ledger: bool = False) -> dict[str, list[str]]:
    """Every row of every table that a query can see, as text; with `ledger` also what it says of rows."""
    names = [entity.name for entity in workspace.model.entities] + ["region_flat", "org_unit_flat", "channel_flat"]
    if ledger:
        names += [
            f"ledger.{name}" for name in ("superseded", "quarantine", "cell", "repair", "counts", "batch", "shadowed")
        ]
    snapshot = workspace.current()
    out = {}
    for name in names:
        rows = snapshot.rows(f"SELECT * FROM {name}")
        out[name] = sorted(str(sorted(row.items(), key=lambda cell: cell[0])) for row in rows)
    return out
