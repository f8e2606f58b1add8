"""The planner against plain Python, on random worlds and questions."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from salesloop.engine.metrics import Query, Registry, Result, format_filter, run
from salesloop.engine.metrics.adding import adds_up, is_rate
from salesloop.engine.model.scope import Scope
from salesloop.engine.store.config import WorkspaceConfig
from tests.metrics_suite import case
from tests.metrics_suite.engines import ENGINES, Bench
from tests.metrics_suite.plainly import chance
from tests.metrics_suite.plainly.answer import Row, answer
from tests.metrics_suite.plainly.definitions import ADD_UP, BY_NAME, DEFINITIONS, ENTITIES, HAVE_SHARES, RATES
from tests.metrics_suite.plainly.setting import Key
from tests.metrics_suite.plainly.world import DIMENSIONS, Asked, World

WORLDS = {"duckdb": 50, "postgresql": 10, "clickhouse": 3, "spark": 2}
DEFAULT = 60  # examples of a run as usual; those who explore have more
QUESTIONS = 5
"""Each world is asked that many: to fill it costs more than to ask it."""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return case.registry_with([dict(one) for one in DEFINITIONS])


@pytest.mark.requirement("D24")
@pytest.mark.parametrize(("engine", "worlds"), WORLDS.items())
def test_the_planner_agrees_with_plain_python(engine: str, worlds: int, registry: Registry) -> None:
    """Every row and column of the answer: no row more or less, unknown where it is unknown."""
    bench = Bench(ENGINES[engine]())

    @settings(max_examples=worlds * (settings().max_examples // DEFAULT), phases=[Phase.explicit, Phase.generate])
    @given(seed=st.integers(0, 2**32))
    def agrees(seed: int) -> None:
        held, world, asked = drawn(seed, registry)
        for one in asked:
            problems = differences(bench, held, world, one)
            assert not problems, "\n".join([*problems[:8], str(one), ask(bench, held, one).sql])

    agrees()


def drawn(seed: int, registry: Registry, questions: int = QUESTIONS) -> tuple[case.World, World, list[Asked]]:
    """A world, as tables and as rows, with questions about it."""
    dice = chance.Chance(seed)
    company = dice.choice(chance.COMPANIES)
    world = chance.world(dice, company)
    held = case.World(f"random {seed}", chance.tables(world), registry, WorkspaceConfig(**company.settings()))
    return held, world, [chance.question(dice, world, company) for _ in range(questions)]


def differences(bench: Bench, held: case.World, world: World, asked: Asked) -> list[str]:
    """What the planner answers otherwise than plain Python does."""
    result = ask(bench, held, asked)
    found = {key_of(row, asked): row for row in result.to_pylist()}
    expected = answer(world, asked)
    out = [f"{key} is missing" for key in expected.keys() - found.keys()]
    out += [f"{key} is too much" for key in found.keys() - expected.keys()]
    out += ["a row stands twice"] * (len(found) != result.table.num_rows)
    for key in expected.keys() & found.keys():
        out += [
            f"{key} {column}: {found[key][column]!r} is not {value!r}"
            for column, value in expected[key].items()
            if not same(found[key][column], value, 1e-4 if column.startswith("r_earned") else 1e-9)
        ]
    return out


def ask(bench: Bench, held: case.World, asked: Asked) -> Result:
    query = Query(
        asked.metrics,
        by=tuple(name if level is None else f"{name}:{level}" for name, level in asked.by),
        grain=asked.grain,  # type: ignore[arg-type]
        start=asked.span[0],
        end=asked.span[1],
        where=tuple(format_filter(one.dimension, one.ids, negated=one.negated) for one in asked.keep),
        compare=asked.compare,
    )
    scope = Scope(asked.everything, asked.units, asked.employees)
    return run(bench.holding(held), held.registry, query, scope, today=asked.today)


def key_of(row: Row, asked: Asked) -> Key:
    return (row["period"] if asked.grain else None, *(row[f"{name}_id"] for name in asked.slices))


def same(value: Any, expected: Any, tolerance: float) -> bool:
    """Floats to nine digits; of amounts divided by days, which are kept to four decimals, the last may differ."""
    if value is None or expected is None:
        return value is expected
    if isinstance(value, Decimal):
        return abs(Fraction(value) - Fraction(expected)) < Fraction(1, 1000)
    return math.isclose(value, expected, rel_tol=tolerance, abs_tol=tolerance)


def test_what_is_said_of_the_definitions_is_so(registry: Registry) -> None:
    """The lists beside the definitions choose the questions; a wrong one would leave some unasked."""
    for name in BY_NAME:
        assert (name in ADD_UP) == adds_up(name, registry), name
        assert (name in RATES) == is_rate(name, registry), name
        assert (name in HAVE_SHARES) == (registry.sums_up(name) and BY_NAME[name]["type"] != "target"), name
        assert set(registry.entities_of(name)) == ENTITIES[name], name
    spoken = set[str]().union(*DIMENSIONS.values())
    for entity, dimensions in DIMENSIONS.items():
        assert {d for d in spoken if registry.paths(registry.dimension(d), entity)} == dimensions, entity
