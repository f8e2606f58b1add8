"""Records of people with the answer: febrl3 (made, true pairs by the number in rec_id) and fake_1000 (clusters given)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from salesloop.engine.clean.identity import Matching
from salesloop.engine.model.entity import Entity

FEBRL = Matching.model_validate(
    {
        "entity": "person",
        "fields": [
            {"field": "given_name", "as": "person"},
            {"field": "surname", "as": "person"},
            {"field": "street_number", "as": "code"},
            {"field": "address_1", "as": "text"},
            {"field": "address_2", "as": "text"},
            {"field": "suburb", "as": "text"},
            {"field": "postcode", "as": "code"},
            {"field": "date_of_birth", "as": "date"},
            {"field": "soc_sec_id", "as": "code"},
        ],
        "blocks": [
            ["soc_sec_id"],
            ["date_of_birth"],
            ["given_name", "surname"],
            ["surname", "postcode"],
            ["given_name", "postcode"],
            ["surname", "suburb"],
            ["given_name", "suburb"],
            ["address_1"],
            ["street_number", "postcode"],
            ["surname", "street_number"],
            ["given_name", "street_number"],
        ],
        "learn": True,
        "thresholds": {"merge": 0.5, "ask": 0.5, "leave": 0.01},
    }
)
FAKE = Matching.model_validate(
    {
        "entity": "person",
        "fields": [
            {"field": "first_name", "as": "person"},
            {"field": "surname", "as": "person"},
            {"field": "dob", "as": "date"},
            {"field": "city", "as": "text"},
            {"field": "email", "as": "code"},
        ],
        "blocks": [
            ["first_name"],
            ["surname"],
            ["dob"],
            ["email"],
            ["dob.year", "city"],
            ["dob.day", "city"],
            ["email.start"],
        ],
        "learn": True,
        "thresholds": {"merge": 0.5, "ask": 0.5, "leave": 0.01},
    }
)


@dataclass(frozen=True, slots=True)
class People:
    """`entity` is the table `person` of a connection; `truth` are the true pairs, smaller id first."""

    entity: Entity
    settings: Matching
    truth: frozenset[tuple[str, str]]


def read_febrl(con: duckdb.DuckDBPyConnection, folder: Path) -> People:
    """5,000 records, 6,538 true pairs."""
    file = folder / "matching" / "febrl3.csv"
    con.execute(
        f"CREATE OR REPLACE TABLE person AS SELECT trim(COLUMNS(*)) FROM read_csv('{file}', all_varchar = true, header = true, normalize_names = true)"
    )
    truth = _pairs(con, "rec_id", "split_part(rec_id, '-', 2)")
    return People(_entity(con, "rec_id"), FEBRL, truth)


def read_fake(con: duckdb.DuckDBPyConnection, folder: Path) -> People:
    """1,000 records with gaps, slips and nicknames."""
    con.execute(
        f"CREATE OR REPLACE TABLE person AS FROM read_csv('{folder / 'matching' / 'fake_1000.csv'}', all_varchar = true, header = true)"
    )
    truth = _pairs(con, "unique_id", "cluster")
    return People(_entity(con, "unique_id"), FAKE, truth)


def _pairs(con: duckdb.DuckDBPyConnection, key: str, group: str) -> frozenset[tuple[str, str]]:
    found = con.execute(
        f"WITH p AS (SELECT {key} AS id, {group} AS g FROM person) SELECT a.id, b.id FROM p a JOIN p b USING (g) WHERE a.id < b.id"
    ).fetchall()
    return frozenset((left, right) for left, right in found)


def _entity(con: duckdb.DuckDBPyConnection, key: str) -> Entity:
    columns = [name for (name,) in con.execute("SELECT column_name FROM (DESCRIBE person)").fetchall()]
    words = {"zh-Hans": "人", "en": "People"}
    return Entity.model_validate(
        {
            "name": "person",
            "kind": "dimension",
            "label": words,
            "doc": words,
            "key": [key],
            "fields": [{"name": name, "type": "text", "label": words, "doc": words} for name in columns],
        }
    )
