"""Finds the records of an entity that may be the same thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import duckdb
import pyarrow as pa

from salesloop.engine.clean.identity.blocks import candidate_pairs
from salesloop.engine.clean.identity.kinds import comparison, weighted_parts
from salesloop.engine.clean.identity.learn import learn_weights
from salesloop.engine.clean.identity.records import prepare_records
from salesloop.engine.clean.identity.score import compare, scored_pairs
from salesloop.engine.clean.identity.settings import Matching, load_matching
from salesloop.engine.clean.identity.splink_weights import splink_weights
from salesloop.engine.model.entity import Model

Engine = Literal["plain", "splink"]


def find_duplicates(
    con: duckdb.DuckDBPyConnection,
    model: Model,
    entity: str,
    *,
    new_only: Iterable[str] | None = None,
    settings: Matching | None = None,
    engine: Engine = "plain",
) -> pa.Table:
    """Pairs of records of the table `entity` that may be one: left_id < right_id (VARCHAR), score (0–1), evidence (list of
    field, part, agreement, left, right, weight in bits), decision (`merge`, `ask`, `leave`), in the order of the ids.

    `con` may be read-only; only temporary tables are made. `new_only`: keys of records that are compared with all
    others and with each other; without it all with all. `settings`: in place of rules/<entity>.yaml. UserError for an
    entity without rules. `engine`: who learns the
    weights; `plain` takes those of the rules, or learns where they say `learn`; UserError where `splink` is not installed.
    Pairs below the threshold `leave` are not returned; those at or above it that are not to be asked about are (a
    branch and its company), so that people see what was looked at.
    """
    declared = model.entity(entity)
    settings = settings or load_matching(entity)
    with con.cursor() as work:
        comparisons = [comparison(rule) for rule in settings.fields]
        prepare_records(work, declared, comparisons, new_only)
        candidate_pairs(work, settings.blocks, comparisons)
        parts = weighted_parts(settings, comparisons)
        compare(work, parts)
        prior = settings.prior
        if engine == "splink":
            parts, prior = splink_weights(work, parts, comparisons, settings)
        elif settings.learn:
            parts, prior = learn_weights(work, parts, prior)
        return scored_pairs(work, parts, prior, settings.thresholds)
