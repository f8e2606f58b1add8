"""The first proposal on headers as typical systems write them, whose answers were written before any was proposed."""

from __future__ import annotations

import pytest

from salesloop.engine.model.loader import load_model
from tests.engine.collect.mapping_score import Score, blind_scores

# Right when the proposer first saw them: tune .774, held .799.
AT_LEAST = {"tune": 0.97, "held": 0.88}
SURE, RELIABLE = 0.9, 0.97


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return list(blind_scores(load_model()))


@pytest.mark.requirement("B04")
@pytest.mark.parametrize("part", AT_LEAST)
def test_columns_are_right_on_the_first_proposal(scores: list[Score], part: str) -> None:
    columns = [column for score in scores if score.part == part for column in score.columns]
    assert len(columns) > 250
    assert sum(column.right for column in columns) / len(columns) >= AT_LEAST[part]


def test_what_is_said_to_be_sure_is_right(scores: list[Score]) -> None:
    sure = [c for score in scores for c in score.columns if c.got and c.confidence >= SURE]
    assert len(sure) > 250
    assert sum(column.right for column in sure) / len(sure) >= RELIABLE
