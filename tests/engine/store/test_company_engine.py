"""A company's own tables on PostgreSQL, ClickHouse and Spark: mapped by YAML, every number as if they had been imported."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from salesloop.engine.metrics import Query, load_registry, run
from salesloop.engine.metrics.behind import rows as rows_behind
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from salesloop.engine.store.config import write_config
from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.engines.clickhouse import ClickHouseEngine
from salesloop.engine.store.engines.postgresql import PostgreSQLEngine
from salesloop.engine.store.remote.check import examine_views
from tests.conftest import missing
from tests.metrics_suite.elsewhere import chdb_address, spark_address

TODAY = dt.date(2026, 3, 31)
TABLES = {
    "so_head": "SELECT * FROM (VALUES ('S1', DATE '2026-01-10', 'E1', 'A', 'CNY'), ('S2', DATE '2026-02-10', 'E1', 'A', "
    "'USD'), ('S3', DATE '2026-02-11', 'E2', 'X', 'CNY'), ('S4', DATE '2026-03-01', '', 'A', 'EUR')) "
    "t(so_no, so_date, seller, so_state, curr)",
    "so_item": "SELECT so, pos, cust, CAST(qty AS DECIMAL(18,4)) qty, CAST(price AS DECIMAL(18,4)) price FROM (VALUES "
    "('S1', 1, 'c1', 2, 10.5), ('S1', 2, 'c1', 1, 0.25), ('S2', 1, 'c2', 3, 100), ('S3', 1, 'c2', 9, 9), "
    "('S4', 1, 'c1', 1, 50)) t(so, pos, cust, qty, price)",
    "staff": "SELECT * FROM (VALUES ('E1', '张三', 'north', DATE '2020-01-01'), ('E1', '张三', 'south', DATE '2026-02-01'), "
    "('E2', 'Li', 'south', DATE '2020-01-01')) t(no, nick, dept, since)",
    "dept": "SELECT * FROM (VALUES ('all', '公司', ''), ('north', '北区', 'all'), ('south', '南区', 'all')) t(no, title, above)",
    "fx": "SELECT c, d, CAST(r AS DECIMAL(28,8)) r FROM (VALUES ('USD', DATE '2026-01-01', 7.1), ('USD', DATE "
    "'2026-02-10', 7.2)) t(c, d, r)",
}
ENTITIES = {
    "order_line": """
{place_item}
joins:
  head: {{{place_head}, match: {{so_no: so}}}}
columns: {{order_id: so, line_no: pos, customer_id: cust, order_date: head.so_date, employee_id: head.seller,
  currency: head.curr, status: head.so_state, quantity: qty, unit_price: price}}
expressions: {{amount: qty * price}}
values: {{status: {{A: completed, X: cancelled}}}}
""",
    "employee": "{place_staff}\ncolumns: {{employee_id: no, name: nick, org_unit_id: dept, valid_from: since}}\n",
    "org_unit": "{place_dept}\ncolumns: {{org_unit_id: no, name: title, parent_id: above}}\n",
    "exchange_rate": "{place_fx}\ncolumns: {{currency: c, valid_from: d, rate: r}}\n",
}
SCHEMA = "salesloop_company"


@pytest.fixture(scope="module", params=["postgresql", "clickhouse", "spark"])
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("company")
    url, places = {"postgresql": _postgresql, "clickhouse": _clickhouse, "spark": _spark}[request.param](folder)
    workspace = Workspace.create(folder / "ws", engine=url, engine_refresh=0)
    for entity, text in ENTITIES.items():
        (workspace.path / "engine" / f"{entity}.yaml").write_text(f"entity: {entity}" + "\n" + text.format(**places))
    return workspace


def _postgresql(folder: Path) -> tuple[str, dict[str, str]]:
    url = os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    text = {name: sql.replace("t(", "AS t(") for name, sql in TABLES.items()}
    made = [f"CREATE TABLE {SCHEMA}.{name} AS {sql}" for name, sql in text.items()]
    PostgreSQLEngine(parse_address(url), "UTC").write(
        [f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}", *made]
    )
    return url, _places("table: " + SCHEMA + ".{}")


def _clickhouse(folder: Path) -> tuple[str, dict[str, str]]:
    files, url = _files(folder), chdb_address()
    made = [
        f"CREATE TABLE {SCHEMA}.{name} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('{path}/rows.parquet', "
        "Parquet)"
        for name, path in files.items()
    ]
    ClickHouseEngine(parse_address(url), "Asia/Shanghai").write(
        [f"DROP DATABASE IF EXISTS {SCHEMA}", f"CREATE DATABASE {SCHEMA}", *made]
    )
    return url, _places("table: " + SCHEMA + ".{}")


def _spark(folder: Path) -> tuple[str, dict[str, str]]:
    url = spark_address()
    files = _files(folder)
    return url, {f"place_{name.split('_')[-1]}": f"parquet: {path}" for name, path in files.items()}


def _places(pattern: str) -> dict[str, str]:
    return {f"place_{name.split('_')[-1]}": pattern.format(name) for name in TABLES}


def _files(folder: Path) -> dict[str, Path]:
    out = {}
    for name, sql in TABLES.items():
        out[name] = folder / name
        out[name].mkdir()
        duckdb.execute(f"COPY ({sql}) TO '{out[name]}/rows.parquet' (FORMAT parquet)")
    return out


def ask(workspace: Workspace, query: Query, scope: Scope | None = None) -> list[dict[str, object]]:
    registry = load_registry(workspace.path, workspace.model)
    return run(workspace, registry, query, scope or Scope.all(), today=TODAY).table.to_pylist()


@pytest.mark.requirement("I15", "AB05")
def test_amounts_are_of_the_joined_tables_in_the_base_currency_of_the_day(company: Workspace) -> None:
    """21.25 CNY; 300 USD at 7.2 of its very day; the cancelled line not; 50 EUR have no rate."""
    rows = ask(company, Query(("revenue", "orders"), grain="month", start=dt.date(2026, 1, 1), end=TODAY))
    assert [(row["revenue"], row["orders"]) for row in rows] == [
        (Decimal("21.2500"), 1),
        (Decimal("2160.0000"), 1),
        (Decimal("0.0000"), 1),
    ]


def test_a_row_belongs_to_the_unit_of_its_employee_on_the_day(company: Workspace) -> None:
    rows = ask(company, Query(("revenue",), by=("org_unit",), order="org_unit_id"))
    assert [(row["org_unit"], row["org_unit_id"], row["revenue"]) for row in rows] == [
        ("北区", "north", Decimal("21.2500")),
        ("南区", "south", Decimal("2160.0000")),
        (None, None, Decimal("0.0000")),  # nobody's order, in a currency without a rate
    ]


@pytest.mark.requirement("D24")
def test_a_scope_shows_its_own_rows_only(company: Workspace) -> None:
    rows = ask(company, Query(("orders",)), Scope(org_units=frozenset({"north"})))
    assert rows == [{"orders": 1}]


def test_the_answer_explains_itself_down_to_the_companys_tables(company: Workspace) -> None:
    registry = load_registry(company.path, company.model)
    result = run(company, registry, Query(("revenue",)), Scope.all(), today=TODAY)
    assert list(result.steps)[-1] == "result"
    assert "order_line" in result.steps
    assert "qty" in result.sql
    assert company.remote is not None
    assert company.remote.engine.execute(result.sql).num_rows == 1, "a person can run it as it stands"


def test_rows_behind_a_number(company: Workspace) -> None:
    registry = load_registry(company.path, company.model)
    found = rows_behind(company, registry, None, Query(("revenue",)), Scope.all(), today=TODAY)
    assert found.total == 4
    assert found.table["order_id"].to_pylist()[0] == "S4", "newest first"


@pytest.mark.requirement("A03")
def test_state_and_freshness_follow_the_tables(company: Workspace) -> None:
    first = company.current()
    assert first.count("order_line") == 5
    assert first.freshness()["order_line"].last_event == dt.date(2026, 3, 1)
    assert company.current().number == first.number, "nothing changed"
    changed = Workspace.open(company.path)
    view = changed.path / "engine" / "order_line.yaml"
    before = view.read_text()
    try:
        view.write_text(before + "where: qty > 1\n")
        later = changed.current()
        assert later.number == first.number + 1
        assert later.count("order_line") == 3
    finally:
        view.write_text(before)


def test_what_people_enter_stands_beside_the_companys_rows(company: Workspace) -> None:
    rows = pa.table(
        {
            "order_id": ["S3", "NEW"],
            "line_no": [1, 1],
            "order_date": [dt.date(2026, 2, 11), dt.date(2026, 3, 2)],
            "customer_id": ["c2", "c9"],
            "employee_id": ["E2", "E1"],
            "amount": [Decimal("5.0000"), Decimal("7.0000")],
            "currency": ["CNY", "CNY"],
            "status": ["completed", "completed"],
        }
    )
    company.entered.write("order_line", rows)
    try:
        found = ask(company, Query(("revenue",), by=("org_unit",), order="org_unit_id"))
        assert [row["revenue"] for row in found] == [Decimal("21.2500"), Decimal("2172.0000"), Decimal(0)]
    finally:
        (company.path / ".salesloop" / "entered" / "order_line.parquet").unlink()


def test_the_check_finds_what_is_wrong(company: Workspace) -> None:
    assert company.remote is not None
    said = {(one.entity, one.state): one.message.text("en") for one in examine_views(company.remote.mapped())}
    assert "5 rows" in said["order_line", "ok"]
    assert "1 rows" in said["order_line", "warning"]  # EUR
    view = company.path / "engine" / "order_line.yaml"
    before = view.read_text()
    try:
        view.write_text(before.replace("line_no: pos", "line_no: qty").replace("order_id: so,", "order_id: cust,"))
        wrong = [one.message.text("en") for one in examine_views(company.remote.mapped()) if one.state == "error"]
        assert len(wrong) == 1
        assert "more than one row" in wrong[0]
        view.write_text(before.replace("customer_id: cust", "customer_id: nobody_knows"))
        wrong = [one.message.text("en") for one in examine_views(company.remote.mapped()) if one.state == "error"]
        assert "nobody_knows" in wrong[0]
        assert "mappings" in wrong[0]
    finally:
        view.write_text(before)


def test_nothing_is_imported_where_the_company_writes_itself(company: Workspace) -> None:
    with pytest.raises(UserError) as refused, company.writing(dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "import"):
        pass
    assert refused.value.key == "not_here"


@pytest.mark.parametrize(
    ("url", "saying"),
    [
        ("postgresql://me:secret@host/db", "environment"),
        ("oracle://host", "postgresql://HOST"),
        ("spark://", "host is missing"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_its_setting(tmp_path: Path, url: str, saying: str) -> None:
    with pytest.raises(UserError) as refused:
        write_config(tmp_path, {"engine": url})
    assert saying in refused.value.text("en")


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/x", "spark://127.0.0.1:1", "clickhouse://127.0.0.1:1/x"])
def test_an_engine_that_nobody_runs_is_said_to_be_unreachable(tmp_path: Path, url: str) -> None:
    workspace = Workspace.create(tmp_path / "ws", engine=url)
    (workspace.path / "engine" / "lead.yaml").write_text("entity: lead\ntable: a.b\ncolumns: {lead_id: x}\n")
    with pytest.raises(UserError) as refused:
        workspace.current()
    assert refused.value.key == "unreachable"
    assert url in refused.value.text("en")


def test_a_mapping_that_says_what_cannot_be_is_refused_with_its_file(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "ws", engine="postgresql://127.0.0.1:1/x")
    assert workspace.remote is not None
    with pytest.raises(UserError) as refused:
        workspace.remote.mapped()
    assert refused.value.key == "no_views"
    view = workspace.path / "engine" / "x.yaml"
    for text, key in (
        ("entity: lead\ntable: a\ncolumns: {nada: x}\n", "view_field"),
        ("entity: lead\ncolumns: {lead_id: x}\n", "view_wrong"),
        ("entity: lead\ntable: a\nexpressions: {lead_id: read_csv('x')}\n", "view_wrong"),
        ("entity: [", "view_unreadable"),
    ):
        view.write_text(text)
        with pytest.raises(UserError) as refused:
            workspace.remote.mapped()
        assert refused.value.key == key
        assert "x.yaml" in refused.value.text("en")
