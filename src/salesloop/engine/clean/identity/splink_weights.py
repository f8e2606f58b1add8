"""Weights learnt by Splink (extra `splink`): chances of coincidence from random pairs, of agreement from its own EM."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import duckdb

from salesloop.engine.clean.identity.comparison import Comparison, Part
from salesloop.engine.clean.identity.settings import MESSAGES, Matching
from salesloop.engine.model.errors import UserError
from salesloop.engine.store.engines.quiet import connect

_RANDOM_PAIRS: Final = 1e6
_PASSES: Final = 6
_SMALLEST: Final = 1e-5
_SEED: Final = 1
_ONE: Final = re.compile(r"\[(\w+)\]")
_SIDE: Final = re.compile(r"\b([lr])\.(\w+)")


def splink_weights(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Part], comparisons: Sequence[Comparison], settings: Matching
) -> tuple[list[Part], float]:
    """The parts with the weights that Splink learns from `identity_record`, and the log2 odds of two random records.

    A level that Splink met in no pair keeps its weight. UserError where Splink is not installed, or has too few true pairs
    to learn from.
    """
    try:
        from splink import DuckDBAPI, Linker
    except ImportError as absent:
        raise UserError(MESSAGES.message("no_splink")) from absent
    with connect() as own:  # Splink makes tables of its own, which a snapshot that is only read has no room for
        own.register("identity_records", con.sql("SELECT * FROM identity_record").to_arrow_table())
        own.execute("CREATE TABLE records AS FROM identity_records")
        api = DuckDBAPI(own)
        linker = Linker(api.register("records"), _model(parts), log_level=logging.ERROR, validate_settings=False)
        rules = _rules(comparisons, settings)
        linker.training.estimate_u_using_random_sampling(max_pairs=_RANDOM_PAIRS, seed=_SEED)
        try:
            for rule in rules[:_PASSES]:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    rule, populate_probability_two_random_records_match_from_trained_values=True
                )
        except ValueError as failed:  # a chance of nought, which Splink takes for a mistake: too few true pairs
            raise UserError(MESSAGES.message("splink_learnt_nothing", reason=str(failed))) from failed
        learnt = linker.misc.save_model_to_json()
    return [_weighted(part, found) for part, found in zip(parts, learnt["comparisons"], strict=True)], _odds(learnt)


def _model(parts: Sequence[Part]) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "i",
        "comparisons": [
            {
                "output_column_name": "_".join(filter(None, (part.field, part.name))),
                "comparison_levels": [
                    {
                        "sql_condition": _columns(part.written_out(part.missing)),
                        "label_for_charts": "missing",
                        "is_null_level": True,
                    },
                    *(
                        {"sql_condition": _columns(part.written_out(level.holds)), "label_for_charts": level.name}
                        for level in part.levels[:-1]
                    ),
                    {"sql_condition": "ELSE", "label_for_charts": part.levels[-1].name},
                ],
            }
            for part in parts
        ],
    }


def _columns(condition: str) -> str:
    """`l.name` as Splink names it: `name_l`."""
    return _SIDE.sub(r'"\2_\1"', condition)


def _rules(comparisons: Sequence[Comparison], settings: Matching) -> list[str]:
    """The blocks on normal forms as conditions. Splink leaves the parts on their columns out of what it learns there."""
    keys = {one.field: one.keys for one in comparisons}
    columns = [[_ONE.fullmatch(keys[field][key]) for field, _, key in map(_parted, block)] for block in settings.blocks]
    plain = [[found[1] for found in block if found] for block in columns if all(block)]
    return [" AND ".join(f"l.{column} = r.{column}" for column in block) for block in plain]


def _parted(key: str) -> tuple[str, str, str]:
    return key.partition(".")


def _weighted(part: Part, learnt: Mapping[str, Any]) -> Part:
    """The part with the weights of Splink's levels of the same order, the first of which is the missing one."""
    levels = (
        replace(level, weight=_bits(found) if "m_probability" in found and "u_probability" in found else level.weight)
        for level, found in zip(part.levels, learnt["comparison_levels"][1:], strict=True)
    )
    return replace(part, levels=tuple(levels))


def _bits(level: Mapping[str, Any]) -> float:
    return math.log2(max(level["m_probability"], _SMALLEST) / max(level["u_probability"], _SMALLEST))


def _odds(learnt: Mapping[str, Any]) -> float:
    share = float(learnt["probability_two_random_records_match"])
    return math.log2(share / (1 - share))
