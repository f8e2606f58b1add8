"""Deliveries of one source, week by week."""

from __future__ import annotations

import datetime as dt

import duckdb

from salesloop.engine.analyze.quality.monitors import watch_delivery
from salesloop.engine.store import Workspace


class Source:
    """Deliveries of orders, written into the ledger as an import writes them: 100 rows, two statuses, some without quantity."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        workspace: Workspace,
        first: dt.datetime = dt.datetime(2026, 3, 2, 1),
        name: str = "订单",
    ) -> None:
        self.name = name
        self.con, self.entity, self.day = con, workspace.model.entity("order_line"), first
        self.number = 0

    def bring(self, rows: int = 100, blank: int = 2, opened: int = 40, batch: str | None = None) -> None:
        self.number += 1
        name = batch or f"d{self.number}-1"
        self.con.execute(
            "INSERT INTO ledger.batch (batch_id, file_name, mapping, received_at) VALUES (?, ?, ?, ?)",
            [name, f"{self.name}{self.number}.csv", self.name, self.day],
        )
        self.con.execute("INSERT INTO ledger.counts VALUES (?, 'order_line', ?, ?, 0, 0, 0, 0)", [name, rows, rows])
        share = rows / 100
        profile: list[tuple[str, str | None, int]] = [
            ("", None, rows),
            ("quantity", None, int(blank * share)),
            ("status", None, 0),
        ]
        profile += [("status", "open", int(opened * share)), ("status", "completed", rows - int(opened * share))]
        for field, category, count in profile:
            self.con.execute(
                "INSERT INTO ledger.profile VALUES (?, 'order_line', ?, ?, ?)", [name, field, category, count]
            )
        watch_delivery(self.con, self.entity, name, "Asia/Shanghai")
        self.day += dt.timedelta(days=7)
