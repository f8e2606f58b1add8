"""Checks that people write: every kind does what it says, wrong ones are explained, own ones win over built-in ones."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from salesloop.engine.clean.quality import Circumstances, load_book, run_checks
from salesloop.engine.clean.quality.definition import json_schema
from salesloop.engine.clean.quality.tables import stability_index, table_results
from salesloop.engine.model.errors import UserError
from salesloop.engine.store.schema import prepare
from tests.engine.clean.tables import MODEL

AT = Circumstances(dt.date(2026, 11, 21), entry_sla_hours=24)
WORDS = "label: {zh-Hans: 试验, en: trial}\nwhy: {zh-Hans: 试验, en: trial}\n"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        prepare(con, MODEL)
        yield con


def write(folder: Path, *documents: str, name: str = "own.yaml") -> Path:
    (folder / name).write_text("---\n".join(WORDS + document + "\n" for document in documents), "utf-8")
    return folder


ORDERS = (
    "INSERT INTO order_line (order_id, line_no, order_date, status, quantity, store, contact_name, shipped_at, entered_at) VALUES "
    "('a', 1, '2026-11-02', 'open', 5, 'S01', '赵 钱', '2026-11-02 09:00', '2026-11-03 20:00'), "
    "('b', 1, '2026-11-03', 'shipped', 500, 'X', '赵钱', '2026-11-02 23:00', '2026-11-09 00:00'), "
    "('c', 1, '2026-12-24', NULL, NULL, NULL, NULL, NULL, NULL)"
)


@pytest.mark.requirement("B12")
@pytest.mark.requirement("C05")
@pytest.mark.parametrize(
    ("parts", "failed", "checked"),
    [
        ("kind: required\nfield: quantity", 1, 3),
        ("kind: required\nfield: quantity\nwhen: status IS NOT NULL", 0, 2),
        ("kind: range\nfield: quantity\nmin: 1\nmax: 100", 1, 2),
        ("kind: range\nfield: order_date\nmax: 2026-11-30", 1, 3),
        ('kind: set\nfield: status\nvalues: [shipped, "it\'s"]', 1, 2),
        ("kind: pattern\nfield: store\npattern: 'S[0-9]+'", 1, 2),
        ("kind: unique\nfields: [contact_name]", 0, 2),
        ("kind: unique\nfields: [contact_name]\nloosely: true", 1, 2),
        ("kind: order\nfields: [order_date, shipped_at]", 1, 2),
        ("kind: rule\nholds: quantity > 10 OR status = 'open'", 0, 2),
        ("kind: rule\nholds: order_date <= :today", 1, 3),
        ("kind: rule\nholds: cast(store as integer) > 3", 0, 0),  # what cannot be converted is not judged
        ("kind: not_in_future\nfield: order_date", 1, 3),
        ("kind: stale\nopen: status IS NOT NULL\ndays: 18\ntouched: [order_date]", 1, 2),  # the 3rd is 18 days ago
        ("kind: back_dated\nevent: order_date\nentry: entered_at", 1, 2),  # a: within 24 hours of the end of the day
        ("kind: back_dated\nevent: order_date\nentry: entered_at\nhours: 200", 0, 2),
        ("kind: back_dated\nevent: shipped_at\nentry: entered_at\nhours: 36", 1, 2),  # a moment counts from itself
    ],
)
def test_every_kind_of_check_of_records(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, parts: str, failed: int, checked: int
) -> None:
    con.execute(ORDERS)
    book = load_book(MODEL, write(tmp_path, f"check: own\nentity: order_line\n{parts}"))
    (result,) = [
        r for r in run_checks(con, book, AT, changed=["order_line"]) if (r.entity, r.check) == ("order_line", "own")
    ]
    assert (result.failed, result.checked) == (failed, checked)


def test_a_reference_and_what_touches_a_record(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute(
        "INSERT INTO opportunity (opportunity_id, stage, status, created_date) VALUES ('o1', 's', 'open', '2026-01-01')"
    )
    con.execute(
        "INSERT INTO opportunity (opportunity_id, stage, status, created_date) VALUES ('o2', 's', 'open', '2026-01-01')"
    )
    con.execute(
        "INSERT INTO activity (activity_id, type, event_time, opportunity_id) VALUES ('x', 'call', '2026-11-20', 'o2')"
    )
    con.execute(
        "INSERT INTO activity (activity_id, type, event_time, opportunity_id) VALUES ('y', 'call', '2026-11-20', 'o9')"
    )
    found = {(r.entity, r.check): (r.failed, r.checked) for r in run_checks(con, load_book(MODEL), AT)}
    assert found["opportunity", "touched_lately"] == (1, 2)  # nobody has done anything about o1
    assert found["activity", "opportunity_id_known"] == (1, 2)


def test_outliers_against_what_is_typical_of_their_group(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute(
        "INSERT INTO order_line (order_id, line_no, product_id, unit_price) SELECT 'o' || n, 1, 'A', 100 FROM range(30) t(n)"
    )
    con.execute(
        "INSERT INTO order_line (order_id, line_no, product_id, unit_price) VALUES "
        "('p', 1, 'A', 10000), ('q', 1, 'A', 1), ('r', 1, 'A', 900), ('s', 1, 'A', -5), ('t', 1, 'B', 10000), ('u', 1, NULL, 1)"
    )  # typical of A: about 100 × (10000 · 1 · 900 ÷ 100³)^(1/33) = 107; of B too few are known
    book = load_book(
        MODEL, write(tmp_path, "check: own\nentity: order_line\nkind: outlier\nfield: unit_price\nby: product_id")
    )
    (result,) = [r for r in run_checks(con, book, AT, changed=["order_line"]) if r.check == "own"]
    assert (result.failed, result.checked) == (2, 33)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ("entity: orders\nkind: required\nfield: quantity", "没有「orders」这种数据"),
        ("entity: order_line\nkind: required\nfield: qty", "没有字段「qty」"),
        ("entity: order_line\nkind: rule\nholds: qty > 1", "没有字段「qty」"),
        ("entity: order_line\nkind: rule\nholds: (SELECT 1)", "not allowed"),
        ("entity: order_line\nkind: rule\nholds: read_text('x') = 'y'", "not allowed"),
        ("entity: order_line\nkind: rule\nholds: amount > :limit", "unknown parameter :limit"),
        ("entity: order_line\nkind: rule\nholds: 'amount >'", "not an SQL expression"),
        ("entity: order_line\nkind: rule\nholds: order_date > amount", "Cannot compare"),
        ("entity: order_line\nkind: pattern\nfield: store\npattern: '[a-'", "missing"),
        ("entity: order_line\nkind: range\nfield: quantity\nmin: 2026-01-01", "类型不合"),
        ("entity: order_line\nkind: range\nfield: quantity", "min, max or both"),
        ("entity: order_line\nkind: order\nfields: [order_date, quantity]", "不是日期"),
        ("entity: order_line\nkind: reference\nfield: quantity", "不引用"),
        ("entity: order_line\nkind: outlier\nfield: store\nby: product_id", "不是数字"),
        ("entity: order_line\nkind: outlier\nfield: unit_price\nby: product", "没有字段「product」"),
        ("entity: customer\nkind: freshness\nworking_days: 3", "没有事件日期"),
        ("entity: order_line\nkind: guess", "guess"),
        ("entity: order_line\nkind: required\nfield: quantity\nseverity: dreadful", "severity"),
        (
            "entity: order_line\nkind: stale\nopen: status = 'open'\ndays: 3\ntouched: [order_date]\ntouched_by: [product]",
            "没有引用",
        ),
    ],
)
def test_a_wrong_check_is_explained(tmp_path: Path, parts: str, told: str) -> None:
    with pytest.raises(UserError) as raised:
        load_book(MODEL, write(tmp_path, f"check: own\n{parts}"))
    assert told in str(raised.value)
    assert "own.yaml" in str(raised.value)
    assert raised.value.text("en")


def test_own_checks_win_and_can_switch_others_off(tmp_path: Path) -> None:
    own = "check: quantity_present\nentity: order_line\nkind: required\nfield: quantity\nseverity: error\nowner: 李强"
    off = "check: name_unique\nentity: customer\nkind: unique\nfields: [name]\nenabled: false"
    book = load_book(MODEL, write(tmp_path, own, off))
    assert (
        book.check("order_line", "quantity_present").severity,
        book.check("order_line", "quantity_present").owner,
    ) == ("error", "李强")
    assert load_book(MODEL).check("order_line", "quantity_present").severity == "warning"
    with pytest.raises(UserError, match="没有检查「name_unique」"):
        book.check("customer", "name_unique")


def test_a_check_stands_once(tmp_path: Path) -> None:
    own = "check: own\nentity: order_line\nkind: required\nfield: quantity"
    write(tmp_path, own, name="a.yaml")
    write(tmp_path, own, name="b.yaml")
    with pytest.raises(UserError, match=r"a\.yaml"):
        load_book(MODEL, tmp_path)


def test_the_schema_describes_every_kind() -> None:
    schema = json.dumps(json_schema(), ensure_ascii=False)
    for kind in ("required", "range", "set", "pattern", "reference", "unique", "order", "rule", "not_in_future", "outlier", "stale",
                 "back_dated", "freshness", "volume", "drift"):  # fmt: skip
        assert f'"const": "{kind}"' in schema


def of_table(con: duckdb.DuckDBPyConnection, folder: Path, parts: str) -> tuple[int, int] | None:
    def ask(sql: str) -> list[dict[str, Any]]:
        return con.sql(sql).to_arrow_table().to_pylist()

    book = load_book(MODEL, write(folder, f"check: own\nentity: order_line\n{parts}"))
    found = [r for r in table_results(ask, book, AT, entities=["order_line"]) if r.check == "own"]
    return (found[0].failed, found[0].checked) if found else None


def test_freshness_counts_working_days(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert of_table(con, tmp_path, "kind: freshness\nworking_days: 3") is None  # no record, nothing to say
    con.execute("INSERT INTO order_line (order_id, line_no, order_date) VALUES ('a', 1, '2026-11-17')")  # a Tuesday
    assert of_table(con, tmp_path, "kind: freshness\nworking_days: 3") == (
        0,
        1,
    )  # Wednesday to Friday; today is Saturday
    assert of_table(con, tmp_path, "kind: freshness\nworking_days: 2") == (1, 1)


def test_volumes_of_days_and_deliveries(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    con.execute(
        "INSERT INTO order_line (order_id, line_no, order_date) SELECT 'o' || n, 1, DATE '2026-10-19' + (n // 10)::INT "
        "FROM range(330) t(n) WHERE n // 10 <> 30"  # ten a day for 33 days; none on 18 November
    )
    assert of_table(con, tmp_path, "kind: volume\nper: day\nmin: 5") == (1, 20)
    con.execute(
        "INSERT INTO ledger.batch (batch_id, received_at) VALUES ('x-1', now()), ('y-1', now()), ('y-1.2', now())"
    )
    con.execute(
        "INSERT INTO ledger.counts SELECT unnest(['x-1', 'y-1', 'y-1.2']), 'order_line', unnest([100, 900, 1]), 0, 0, 0, 0, 0"
    )
    assert of_table(con, tmp_path, "kind: volume\nper: delivery\nmin: 50\nmax: 500") == (1, 2)


def test_drift_of_a_mix(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    # 0.5/0.5 against 0.2/0.8: 0.3 · ln(0.5/0.2) + 0.3 · ln(0.8/0.5) = 0.275 + 0.141
    assert stability_index({"a": 100, "b": 100}, {"a": 40, "b": 160}) == pytest.approx(0.41589, abs=1e-5)
    assert stability_index({"a": 100}, {"a": 10}) is None
    mix = "CASE WHEN n % 10 < {} THEN 'web' ELSE 'shop' END"
    con.execute(
        f"INSERT INTO order_line (order_id, line_no, order_date, channel_id) "
        f"SELECT 'o' || n, 1, DATE '2026-11-20' - (n // 5)::INT, CASE WHEN n < 150 THEN {mix.format(2)} ELSE {mix.format(5)} END "
        f"FROM range(900) t(n)"
    )
    drift = "kind: drift\nfield: channel_id\ndays: 30\nlimit: {}"
    assert of_table(con, tmp_path, drift.format(0.4)) == (1, 1)
    assert of_table(con, tmp_path, drift.format(0.43)) == (0, 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_of_the_guide_is_a_check(tmp_path: Path, language: str) -> None:
    guide = Path(__file__).parents[3] / "docs" / "guide" / language / "quality-checks.md"
    example = guide.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "own.yaml").write_text(example, "utf-8")
    check = load_book(MODEL, tmp_path).check("order_line", "contact_present")
    assert (check.severity, check.owner) == ("warning", "李强")
