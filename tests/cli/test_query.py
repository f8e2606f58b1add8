"""`salesloop query` and `salesloop metrics`: what scripts and people get."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from tests.cli.test_command_line import run as command
from tests.engine.metrics.world import TODAY, World

DAY = ("--today", TODAY.isoformat())


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("query")) / "w"

    def line(number: str, day: str, amount: float, region: str | None, employee: str = "E1") -> dict[str, Any]:
        return {"order_id": number, "line_no": 1, "order_date": day, "amount": amount, "cost": 1, "region_id": region,
                "employee_id": employee, "org_unit_id": "U"}  # fmt: skip

    World(
        folder,
        region=[{"region_id": "e", "name": "华东"}, {"region_id": "x", "name": "=1+1"}],
        org_unit=[{"org_unit_id": "U", "name": "销售部"}],
        employee=[{"employee_id": "E1", "name": "王", "org_unit_id": "U"}],
        order_line=[
            line("1", "2026-11-02", 1234.5, "e"),
            line("2", "2026-11-03", 65.5, "x"),
            line("3", "2026-11-04", 100, None, "E2"),
            line("4", "2026-10-02", 1000, "e"),
            line("5", "2025-11-02", 700, "e"),
        ],
        target=[{"period_start": "2026-11-01", "period": "month", "value": 2800}],
    )
    return folder


def ask(capsys: pytest.CaptureFixture[str], company: Path, *arguments: str) -> tuple[int, str, str]:
    return command(capsys, "-w", str(company), "query", *arguments)


def test_json_has_columns_rows_and_meta(capsys: pytest.CaptureFixture[str], company: Path) -> None:
    code, out, err = ask(
        capsys, company, "revenue,orders", "--by", "region", "--from", "2026-11-01", "--to", "2026-11-30",
        "--compare", "previous,target", "--format", "json", *DAY,
    )  # fmt: skip
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert set(answer) == {"columns", "rows", "meta"}
    assert answer["columns"][:3] == [
        {"name": "region", "type": "text"},
        {"name": "region_id", "type": "text"},
        {"name": "revenue", "type": "decimal"},
    ]
    assert answer["rows"][0]["region"] == "华东"
    assert answer["rows"][0]["revenue"] == 1234.5
    assert answer["rows"][0]["revenue_previous_change"] == 0.2345
    assert answer["rows"][2] == answer["rows"][2] | {"region": "=1+1", "orders": 1}  # JSON needs no guard
    meta = answer["meta"]
    assert (meta["snapshot"], meta["from"], meta["to"]) == (1, "2026-11-01", "2026-11-30")
    assert meta["metrics"] == {"revenue": {"version": 1}, "orders": {"version": 1}}
    assert meta["freshness"]["order_line"]["last_event"] == "2026-11-04"
    assert meta["partial"] is True


def test_explain_adds_the_steps(capsys: pytest.CaptureFixture[str], company: Path) -> None:
    answer = json.loads(ask(capsys, company, "revenue", "--explain", "--format", "json")[1])
    assert list(answer["steps"]) == ["order_line_by_order_date", "this_period", "result"]
    assert answer["sql"].startswith("WITH order_line_by_order_date AS (")
    text = ask(capsys, company, "revenue", "--explain")[1]
    assert "-- 1. order_line_by_order_date" in text
    assert "SUM(order_line.amount) AS revenue" in text


def test_the_table_is_for_people(capsys: pytest.CaptureFixture[str], company: Path) -> None:
    how = (
        "revenue,gross_margin",
        "--by",
        "region",
        "--compare",
        "previous",
        "--from",
        "2026-11",
        "--to",
        "2026-11",
        *DAY,
    )
    code, out, _ = ask(capsys, company, *how)
    assert code == 0
    for word in ("区域", "销售额", "毛利率·环比", "华东", "1,234.50", "▲23.5%", "未归属", "快照 1", "期间未结束"):
        assert word in out
    assert "region_id" not in out
    english = command(capsys, "-w", str(company), "--lang", "en", "query", *how)[1]
    for word in ("Region", "Revenue", "Unassigned", "snapshot 1", "unfinished"):
        assert word in english


def test_csv_is_guarded_and_exact(capsys: pytest.CaptureFixture[str], company: Path) -> None:
    out = ask(capsys, company, "revenue", "--by", "region", "--from", "2026-11", *DAY, "--format", "csv")[1]
    assert list(csv.reader(io.StringIO(out))) == [
        ["region", "region_id", "revenue"],
        ["华东", "e", "1234.5"],
        ["", "", "100"],
        ["'=1+1", "x", "65.5"],
    ]


def test_parquet_is_the_table_itself(capsys: pytest.CaptureFixture[str], company: Path, tmp_path: Path) -> None:
    file = tmp_path / "answer.parquet"
    assert ask(capsys, company, "revenue", "--grain", "month", "--format", "parquet", "--out", str(file))[0] == 0
    table = pq.read_table(file)
    assert [str(kind) for kind in table.schema.types] == ["date32[day]", "decimal128(38, 4)"]
    assert table["revenue"].to_pylist() == [Decimal(700), Decimal(1000), Decimal(1400)]


def test_the_number_is_the_same_from_the_command_line_and_from_python(
    capsys: pytest.CaptureFixture[str], company: Path
) -> None:
    asked = json.loads(ask(capsys, company, "revenue,orders,gross_margin", "--format", "json", *DAY)[1])["rows"]
    result = run(
        Workspace.open(company),
        load_registry(company),
        Query(("revenue", "orders", "gross_margin")),
        Scope.all(),
        today=TODAY,
    )
    assert asked == result.to_json()["rows"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--from", "2026-11"), [1400]),
        (("--from", "2026-11-03", "--to", "2026-11-03"), [65.5]),
        (("--from", "2026-Q4", "--to", "2026-Q4"), [2400]),
        (("--where", "region=华东"), [2934.5]),
        (("--where", "region!=华东", "--where", "employee=E2"), [100]),
        (("--grain", "year"), [700, 2400]),
        (("--grain", "year", "--order", "-revenue", "--limit", "1"), [2400]),
    ],
)
def test_options(
    capsys: pytest.CaptureFixture[str], company: Path, arguments: tuple[str, ...], expected: list[float]
) -> None:
    out = ask(capsys, company, "revenue", *arguments, *DAY, "--format", "json")[1]
    assert [row["revenue"] for row in json.loads(out)["rows"]] == expected


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("revnue",), "revenue"),
        (("revenue", "--by", "regions"), "region"),
        (("revenue", "--where", "region=华冬"), "华东"),
        (("revenue", "--from", "2026-13"), "2026-13"),
        (("revenue", "--today", "gestern"), "gestern"),
        (("revenue", "--compare", "year"), "期间"),
    ],
)
def test_mistakes_are_one_clear_line(
    capsys: pytest.CaptureFixture[str], company: Path, arguments: tuple[str, ...], word: str
) -> None:
    code, out, err = ask(capsys, company, *arguments)
    assert (code, out) == (2, "")
    assert word in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1


def test_metrics_are_listed_shown_and_checked(
    capsys: pytest.CaptureFixture[str], company: Path, tmp_path: Path
) -> None:
    listed = json.loads(command(capsys, "metrics", "list", "--format", "json")[1])
    shown = {metric["metric"]: metric for metric in listed["metrics"]}
    assert shown["win_rate"]["label"] == {"zh-Hans": "赢单率", "en": "Win rate"}
    assert shown["win_rate"]["entities"] == ["opportunity"]
    assert "revenue_with_cost" not in shown  # only a part of another
    assert {"region", "employee"} <= {dimension["dimension"] for dimension in listed["dimensions"]}
    table = command(capsys, "metrics", "list")[1]
    assert "赢单率" in table
    assert "赢单数" in command(capsys, "metrics", "show", "win_rate")[1]
    assert "贏單數" in command(capsys, "--lang", "zh-Hant", "metrics", "show", "win_rate")[1]
    assert "無" in command(capsys, "--lang", "zh-Hant", "metrics", "validate")[1]
    code, _, err = command(capsys, "metrics", "show", "winrate")
    assert code == 2
    assert "win_rate" in err


def test_wrong_definitions_of_a_workspace_are_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w")
    (tmp_path / "w" / "metrics" / "mine.yaml").write_text("metric: x\ntype: ratio\n", "utf-8")
    code, _, err = command(capsys, "-w", str(tmp_path / "w"), "metrics", "validate")
    assert code == 2
    assert "mine.yaml" in err


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Measure" in json.loads(command(capsys, "metrics", "schema")[1])["$defs"]


def test_as_somebody_else(company: Path) -> None:
    """In a process of its own: it starts the app."""

    def salesloop(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "salesloop.cli", "-w", str(company), *arguments]
        # Tests of the app point Django at a database of their own.
        env = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SALESLOOP_"))}
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=120, env=env)

    added = salesloop(
        "user", "add", "wang", "--role", "rep", "--employee", "E1", "--password-stdin", given="a-Long-1-password"
    )
    assert added.returncode == 0, added.stderr
    answer = salesloop("query", "revenue", "--as", "wang", "--from", "2026-11", "--format", "json", *DAY)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["rows"] == [{"revenue": 1300}]  # without the 100 of E2
    assert json.loads(answer.stdout)["meta"]["scope"] == "limited"
    nobody = salesloop("query", "revenue", "--as", "nobody")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "nobody" in nobody.stderr
