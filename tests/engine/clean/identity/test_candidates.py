"""Which records meet: new ones only, in any order, also where very many share a key."""

from __future__ import annotations

from salesloop.engine.clean.identity import find_duplicates
from salesloop.engine.store.engines.quiet import connect
from tests.engine.clean.identity.tables import MODEL, found, table

NAMES = {
    "C1": "深圳市华信科技有限公司",
    "C2": "华信科技（深圳）有限公司",
    "C3": "上海大明食品有限公司",
    "C4": "上海大明食品有限责任公司",
    "C5": "杭州鑫淼机械有限公司",
    "C6": "杭州鑫淼机械",
    "C7": "华信",
}


def rows(names):
    return {key: {"name": name} for key, name in names.items()}


def summary(pairs):
    return {key: (round(pair["score"], 9), pair["decision"]) for key, pair in pairs.items()}


def test_new_records_meet_known_ones_and_each_other_only():
    everything = summary(found("customer", rows(NAMES)))
    new = {"C4", "C7"}
    assert summary(found("customer", rows(NAMES), new_only=new)) == {
        pair: what for pair, what in everything.items() if new & set(pair)
    }
    assert found("customer", rows(NAMES), new_only=[]) == {}


def test_the_order_of_the_rows_does_not_matter():
    backwards = {key: NAMES[key] for key in sorted(NAMES, reverse=True)}
    assert summary(found("customer", rows(backwards))) == summary(found("customer", rows(NAMES)))


def test_left_is_the_smaller_key_and_pairs_are_in_order():
    pairs = list(found("customer", rows(NAMES)))
    assert pairs == sorted(pairs)
    assert all(left < right for left, right in pairs)


def test_a_name_that_thousands_share_is_matched_in_a_chain_and_not_all_with_all():
    many = {f"P{n:05d}": {"name": "深圳市华信科技有限公司"} for n in range(1_000)}
    pairs = found("customer", many)
    assert len(pairs) < 1_000 * 30
    assert {key for pair in pairs for key in pair} == set(many)


def test_a_snapshot_that_is_only_read_is_enough(tmp_path):
    path = str(tmp_path / "snapshot.duckdb")
    with connect(path) as con:
        table(con, "customer", rows(NAMES))
    with connect(path, read_only=True) as con:
        pairs = find_duplicates(con, MODEL, "customer")
        assert pairs.num_rows > 0
        assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'identity%'").fetchall() == [
            (0,)
        ]
    assert pairs.column_names == ["left_id", "right_id", "score", "evidence", "decision"]
