"""Each spelling of a value means what a person would say it means; what nobody could say stays unreadable."""

from __future__ import annotations

from functools import cache

import pytest

from salesloop.engine.clean.rules import RULES
from tests.engine.clean.labelled import Column, columns
from tests.engine.clean.labelled.score import Reading, read_column, scores

FAMILIES = tuple(dict.fromkeys(column.family for column in columns()))


@cache
def reading(place: str) -> Reading:
    return read_column(next(column for column in columns() if column.place == place))


def of(family: str) -> list[Column]:
    return [column for column in columns() if column.family == family]


@pytest.mark.requirement("C02", "C03", "C04")
@pytest.mark.parametrize("family", FAMILIES)
def test_every_labelled_cell_is_read_as_labelled(family: str) -> None:
    """The value, the reason why there is none, and the repairs that are recorded."""
    outcomes = [outcome for column in of(family) for outcome in reading(column.place).outcomes]
    wrong = [
        f"{o.column.place} {o.cell.text!r}: {o.value!r} {o.state}" for o in outcomes if not o.right and not o.cell.limit
    ]
    assert wrong == []
    (score,) = scores(outcomes)
    assert score.right >= score.cells - sum(1 for o in outcomes if o.cell.limit)


@pytest.mark.parametrize("family", FAMILIES)
def test_decisions_about_whole_columns_are_recorded(family: str) -> None:
    found = [(column.place, sorted(reading(column.place).rules)) for column in of(family)]
    assert found == [(column.place, sorted(column.rules)) for column in of(family)]


def test_the_table_is_large_enough_and_knows_every_rule() -> None:
    assert sum(len(column.cells) for column in columns()) >= 1500
    labelled = {rule for column in columns() for rule in column.rules | {r for c in column.cells for r in c.rules}}
    assert labelled == set(RULES)


def test_known_limits_say_why_and_are_few() -> None:
    limits = [cell for column in columns() for cell in column.cells if cell.limit is not None]
    assert all(cell.limit for cell in limits)
    assert len(limits) <= 5


@pytest.mark.parametrize("type_", sorted({column.type for column in columns()} - {"place"}))
def test_a_column_of_usual_cells_is_read_like_each_alone(type_: str) -> None:
    """The short way for columns without odd cells gives what the long way gives."""
    column = next(column for column in columns() if column.type == type_)
    plain = [cell for cell in column.cells if cell.value is not None and not cell.rules][:3]
    for cell in plain:
        alone = Column(column.place, column.family, column.type, column.unit, column.rules, [cell])
        assert read_column(alone).outcomes[0].value == cell.value, cell.text
