"""Every case on every engine: the same definitions, the same question, the same answer."""

from __future__ import annotations

import pytest

from tests.metrics_suite.case import Case, cases
from tests.metrics_suite.engines import ENGINES, Bench
from tests.metrics_suite.runner import run_case


@pytest.fixture(scope="module", params=ENGINES)
def bench(request: pytest.FixtureRequest) -> Bench:
    return Bench(ENGINES[request.param]())


@pytest.mark.requirement("D24")
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases()])
def test_case(case: Case, bench: Bench) -> None:
    run_case(case, bench)
