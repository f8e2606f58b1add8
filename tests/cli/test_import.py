"""`salesloop init` and `import`: what they print, and that the counts add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.model.text import LANGS
from salesloop.engine.store import Workspace
from tests.cli.run import salesloop
from tests.engine.pipeline.files import ORDERS, order, write_csv


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "公司"
    assert salesloop("init", folder).code == 0
    return folder


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    rows = [*(order(f"A{n}", 1, 100 + n) for n in range(20)), order("A20", 1, "很多"), ["合计", *[""] * 6, 2190]]
    return write_csv(tmp_path / "订单.csv", ORDERS, rows, encoding="gb18030")


def test_init_makes_a_workspace_with_the_given_settings(tmp_path: Path) -> None:
    answer = salesloop(
        "init", tmp_path / "acme", "--name", "Acme", "--currency", "USD", "--fiscal-start-month", "4", "--lang", "en"
    )
    assert answer.code == 0
    assert "salesloop -w" in answer.out
    config = Workspace.open(tmp_path / "acme").config
    assert (config.name, config.currency, config.language) == ("Acme", "USD", "en")
    assert (config.calendar, config.fiscal_start_month) == ("fiscal", 4)
    again = salesloop("init", tmp_path / "acme")
    assert (again.code, again.out) == (2, "")
    assert "acme" in again.err


def test_the_json_answer_reconciles(workspace: Path, orders: Path) -> None:
    answer = salesloop("-w", workspace, "import", orders, "--yes", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["snapshot"] == 1
    (batch,) = answer.json["batches"]
    assert (batch["file"], batch["sheet"], batch["mapping"]) == ("订单.csv", None, "订单")
    assert batch["batch"].endswith("-1")
    assert batch["skipped"] == {"total": 1}
    (lines,) = [counts for counts in batch["entities"] if counts["entity"] == "order_line"]
    assert lines == {
        "entity": "order_line",
        "received": 21,
        "accepted": 20,
        "inserted": 20,
        "replaced": 0,
        "superseded": 0,
        "unchanged": 0,
        "quarantined": 1,
    }
    for counts in batch["entities"]:
        assert counts["received"] == counts["accepted"] + counts["quarantined"] + counts["unchanged"]


def test_the_same_again_says_that_nothing_changed(workspace: Path, orders: Path) -> None:
    salesloop("-w", workspace, "import", orders, "--yes")
    answer = salesloop("-w", workspace, "import", orders, "--format", "json")  # a saved mapping needs no confirmation
    assert answer.json["snapshot"] == 1
    for counts in answer.json["batches"][0]["entities"]:
        assert counts["unchanged"] == counts["received"]
    assert "快照 1" in salesloop("-w", workspace, "import", orders).out


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_says_what_happened_in_the_users_language(workspace: Path, orders: Path, lang: str) -> None:
    answer = salesloop("-w", workspace, "import", orders, "--yes", "--lang", lang)
    assert answer.code == 0
    words = {
        "zh-Hans": ["隔离", "收到 ", "跳过 合计行 1", "已发布快照 1", "quarantine show"],
        "zh-Hant": ["隔離", "收到 ", "已發布快照 1"],
        "en": ["Quarantine", "received ", "skipped total rows 1", "Snapshot 1 is published", "100%"],
    }[lang]
    for word in words:
        assert word in answer.out
    received, rest = answer.out.split("received " if lang == "en" else "收到 ")[-1].split(" = ")
    numbers = [int("".join(c for c in part if c.isdigit())) for part in rest.splitlines()[0].split(" + ")]
    assert int(received.replace(",", "")) == sum(numbers)


def test_a_dry_run_changes_nothing(workspace: Path, orders: Path) -> None:
    answer = salesloop("-w", workspace, "import", orders, "--dry-run", "--format", "json")
    assert (answer.code, answer.json["dry_run"], answer.json["snapshot"]) == (0, True, 0)
    assert answer.json["batches"][0]["troubles"][0]["rows"] == 1
    assert "试算" in salesloop("-w", workspace, "import", orders, "--dry-run").out
    assert Workspace.open(workspace).current().number == 0
    assert list((workspace / "sources").iterdir()) == []


def test_a_doubtful_column_wants_a_decision(workspace: Path, tmp_path: Path) -> None:
    strange = write_csv(tmp_path / "x.csv", ["aa", "bb"], [[1, 2], [3, 4]])
    answer = salesloop("-w", workspace, "import", strange)
    assert answer.code == 2
    assert "--mapping" in answer.err
    assert Workspace.open(workspace).current().number == 0


def test_a_mapping_file_decides(workspace: Path, tmp_path: Path) -> None:
    data = write_csv(tmp_path / "x.csv", ["aa", "bb", "cc"], [["O1", "2026-01-02", 5]])
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "name: 老系统\nentity: order_line\ncolumns:\n"
        "- {column: aa, field: order_line.order_id}\n- {column: bb, field: order_line.order_date}\n"
        "- {column: cc, field: order_line.amount}\n",
        "utf-8",
    )
    answer = salesloop("-w", workspace, "import", data, "--mapping", mapping, "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["batches"][0]["mapping"] == "老系统"
    wrong = salesloop("-w", workspace, "import", data, "--mapping", tmp_path / "none.yaml")
    assert (wrong.code, wrong.out) == (2, "")
    assert "none.yaml" in wrong.err


def test_as_names_the_entity_and_an_unknown_one_is_refused(workspace: Path, tmp_path: Path) -> None:
    people = write_csv(tmp_path / "名单.csv", ["客户编号", "客户名称"], [["1", "东方机械"], ["2", "华南电子"]])
    answer = salesloop("-w", workspace, "import", people, "--as", "customer", "--yes", "--format", "json")
    assert answer.json["batches"][0]["entities"][0]["entity"] == "customer"
    wrong = salesloop("-w", workspace, "import", people, "--as", "costumer", "--yes")
    assert wrong.code == 2
    assert "costumer" in wrong.err


def test_an_encoding_can_be_stated(workspace: Path, tmp_path: Path, orders: Path) -> None:
    answer = salesloop("-w", workspace, "import", orders, "--yes", "--encoding", "gb18030", "--format", "json")
    assert answer.code == 0
    wrong = salesloop("-w", workspace, "import", orders, "--yes", "--encoding", "klingon")
    assert wrong.code == 2
    assert "klingon" in wrong.err


def test_without_a_workspace_the_command_says_how_to_make_one(tmp_path: Path, orders: Path) -> None:
    answer = salesloop("-w", tmp_path, "import", orders, "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert "salesloop init" in answer.err


def test_order_heads_that_no_line_uses_are_reported_and_kept_in_the_ledger(workspace: Path, tmp_path: Path) -> None:
    heads: list[list[object]] = [[1, "ALFKI", "2026-01-02"], [2, "ANATR", "2026-01-03"], [3, "BONAP", "2026-01-04"]]
    lines: list[list[object]] = [[1, 11, 14, 12], [1, 42, 9.8, 10], [2, 11, 14, 1]]
    write_csv(tmp_path / "orders.csv", ["orderID", "customerID", "orderDate"], heads)
    write_csv(tmp_path / "order_details.csv", ["orderID", "productID", "unitPrice", "quantity"], lines)
    files = [tmp_path / "orders.csv", tmp_path / "order_details.csv"]
    dry = salesloop("-w", workspace, "import", *files, "--yes", "--dry-run", "--lang", "en")
    assert "records of completing tables that no row uses 1" in dry.out
    assert "1 records of the table “orders” are used by no row." in dry.out
    answer = salesloop("-w", workspace, "import", *files, "--yes", "--format", "json")
    (batch,) = answer.json["batches"]
    assert batch["skipped"] == {"unused": 1}
    assert [note["params"] for note in batch["notes"]] == [{"table": "orders", "rows": 1}]
    kept = Workspace.open(workspace).current().rows("SELECT reason, rows FROM ledger.skipped")
    assert kept == [{"reason": "unused", "rows": 1}]
