"""Judging only what a delivery changed gives exactly what judging everything gives."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from salesloop.engine.clean.quality import CheckBook, Circumstances, judge_delivery, load_book, run_checks
from salesloop.engine.clean.quality import carry as carrying
from salesloop.engine.model.entity import Model
from salesloop.engine.pipeline.delivery import CleanRows, Origin
from salesloop.engine.pipeline.ledger import BatchCard, naive_utc, record_batch, record_quality
from salesloop.engine.pipeline.resolve import resolve
from salesloop.engine.pipeline.shadows import reveal
from salesloop.engine.pipeline.upsert import upsert
from salesloop.engine.store import Workspace
from tests.engine.pipeline.conftest import NOW

OWN = """
check: serial
entity: order_line
kind: unique
fields: [contact_name]
label: {zh-Hans: 联系人不重复, en: Contacts differ}
why: {zh-Hans: 试验, en: a trial}
---
check: long_open
entity: order_line
kind: stale
open: status = 'open'
days: 30
touched: [order_date]
label: {zh-Hans: 进行中的有动作, en: Open ones move}
why: {zh-Hans: 试验, en: a trial}
"""
Batch = dict[str, list[dict[str, Any]]]


class Deliveries:
    """Batches of a company that grows: orders, customers, staff, rates."""

    def __init__(self, con: duckdb.DuckDBPyConnection, model: Model, book: CheckBook) -> None:
        self.con, self.model, self.book, self.number = con, model, book, 0

    def bring(self, tables: Batch, day: dt.date) -> None:
        """One delivery through upsert and resolving; then what changed is judged."""
        self.number += 1
        batch = f"batch{self.number}-1"
        origin = Origin(batch, batch, naive_utc(NOW) + dt.timedelta(minutes=self.number))
        record_batch(self.con, origin, BatchCard(f"{batch}.csv", "", "test", "delimited", "utf-8"), {})
        reveal(self.con, self.model)
        changed = set()
        for name, rows in tables.items():
            entity, fields = self.model.entity(name), tuple(rows[0])
            texts = {
                f: pa.array([None if row[f] is None else str(row[f]) for row in rows], pa.string()) for f in fields
            }
            given = pa.table({"_row": list(range(1, len(rows) + 1))} | texts)
            typed = ", ".join(f'CAST("{f}" AS {entity.field(f).warehouse_type}) AS "{f}"' for f in fields)
            self.con.register("said", given)
            self.con.execute(
                f"CREATE OR REPLACE TEMP TABLE given AS SELECT _row, hash(said)::UBIGINT AS _hash, {typed} FROM said"
            )
            counts = upsert(self.con, self.model, CleanRows(entity, "given", fields, True), origin).counts
            if counts.inserted or counts.replaced:
                changed.add(name)
        resolve(self.con, self.model, "CNY", changed)
        at = Circumstances(day)
        record_quality(
            self.con, judge_delivery(self.con, self.book, at, batches=[batch], changed=changed), naive_utc(NOW)
        )

    def state(self) -> tuple[dict[tuple[str, str], tuple[int, int]], dict[str, list[Any]]]:
        """The last counts of every check, and the failing records of every entity."""
        counts = self.con.execute(
            "SELECT entity, check_name, arg_max(failed, rowid), arg_max(checked, rowid) FROM ledger.quality GROUP BY ALL"
        ).fetchall()
        judged = [name for (name,) in self.con.execute("SELECT entity FROM ledger.judged").fetchall()]
        failing = {name: self.con.execute(f"SELECT * FROM failing.{name} ORDER BY ALL").fetchall() for name in judged}
        return {(entity, check): (failed, checked) for entity, check, failed, checked in counts}, failing


def order(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "order_id": f"O{number}",
        "line_no": 1,
        "order_date": f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
        "customer_id": chance.choice([None, "甲公司", "乙公司", "丙公司", "C1", "C2", "C9"]),
        "employee_id": chance.choice([None, "李强", "E1", "E7"]),
        "quantity": chance.choice([None, 1, -2]),
        "unit_price": chance.choice([None, 5, -5]),
        "amount": chance.choice([5, -5, 10]),
        "currency": chance.choice([None, "CNY", "USD"]),
        "status": chance.choice(["open", "completed"]),
        "contact_name": chance.choice([None, "赵", "钱", "孙", f"人{number}"]),
        "entered_at": chance.choice([None, "2026-06-01 10:00:00"]),
    }


def delivery(chance: random.Random, size: int) -> Batch:
    tables: Batch = {"order_line": [order(chance, n) for n in sorted(chance.sample(range(120), size))]}
    if chance.random() < 0.4:
        tables["customer"] = [
            {"customer_id": f"C{n}", "name": chance.choice(["甲公司", "乙公司", "丙公司"])}
            for n in range(chance.randint(1, 3))
        ]
    if chance.random() < 0.3:
        tables["employee"] = [
            {"employee_id": "E1", "name": chance.choice(["李强", "王芳"]), "valid_from": "1900-01-01"}
        ]
    if chance.random() < 0.2:
        tables["exchange_rate"] = [{"currency": "USD", "valid_from": f"2026-0{chance.randint(1, 9)}-01", "rate": 7}]
    return tables


@pytest.fixture
def checks(tmp_path: Path) -> Path:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    return tmp_path


def test_carrying_forward_is_exact(tmp_path: Path, checks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace.create(tmp_path / "company")
    chance, carried = random.Random(7), []
    carry = carrying._carried

    def noted(*given: object) -> object:
        carried.append(given)
        return carry(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(carrying, "_carried", noted)
    with workspace.rehearsing() as building:
        company = Deliveries(building.con, workspace.model, load_book(workspace.model, checks))
        company.bring(delivery(chance, 100), dt.date(2026, 8, 1))
        for step in range(6):
            day = dt.date(2026, 8, 1) + dt.timedelta(days=9 * step)
            company.bring(delivery(chance, chance.randint(1, 6)), day)
            counts, failing = company.state()
            everything = run_checks(building.con, company.book, Circumstances(day))
            fresh = {(r.entity, r.check): (r.failed, r.checked) for r in everything}
            assert {key: counts[key] for key in fresh if key[0] == "order_line"} == {
                key: value for key, value in fresh.items() if key[0] == "order_line"
            }
            assert failing["order_line"] == company.state()[1]["order_line"]
    assert len(carried) >= 5  # the small deliveries were carried forward, not judged as a whole
