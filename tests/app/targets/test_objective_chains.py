"""Long-term goal → years → quarters: what the parts add up to stands beside the goal, with what is lacking."""

from __future__ import annotations

from decimal import Decimal

import pytest

from salesloop.app.targets.chains import chains
from salesloop.app.targets.models import Objective
from tests.app.company import NOW
from tests.app.html import read

D = Decimal


@pytest.fixture
def chain(people) -> list[Objective]:
    def state(name: str, value: int | None, first: int, last: int = 0, **more: object) -> Objective:
        return Objective.objects.create(
            name=name, value=value, first_year=first, last_year=last or first,
            metric="revenue", created_by=people.analyst, created_at=NOW, **more,
        )  # fmt: skip

    goal = state("三年翻番", 300_000, 2026, 2028)
    year = state("2026 打基础", 100_000, 2026, parent=goal)
    state("2027 拓渠道", 180_000, 2027, parent=goal)
    state("2028 东部", 200_000, 2028, parent=goal)
    state("2028 南部", 80_000, 2028, parent=goal)
    state("一季度", 20_000, 2026, parent=year, quarter=1)
    state("四季度", 90_000, 2026, parent=year, quarter=4)
    return list(Objective.objects.all())


@pytest.mark.requirement("G07")
def test_parts_of_the_last_year_count_and_earlier_years_are_the_way(chain):
    found = {link.objective.name: link for link in chains(chain, lambda _metric: True)}
    goal, year = found["三年翻番"], found["2026 打基础"]
    assert (goal.total, goal.gap, goal.parts) == (D(280_000), D(-20_000), 2)
    assert goal.steps == ((2026, D(100_000)), (2027, D(180_000)))
    assert (year.total, year.gap, year.depth) == (D(110_000), D(10_000), 1)
    assert found["一季度"].total is None
    rates = {link.objective.name: link for link in chains(chain, lambda _metric: False)}
    assert rates["三年翻番"].total is None  # rates do not add up


@pytest.mark.requirement("G07")
def test_the_page_shows_sum_and_gap_and_the_form_keeps_spans_in_one_another(as_, chain):
    text = read(as_("executive").get("/targets/objectives/")).text
    assert "28.0 万元 2 项" in text.replace("\xa0", " ")
    assert "−2.0" in text
    goal = next(one for one in chain if one.is_long)
    wish = {"name": "太早", "parent": str(goal.pk), "first_year": "2025", "last_year": "2025"}
    assert as_("analyst").post("/targets/objectives/new/", wish).status_code == 422
    quarter = {"name": "二季度", "parent": str(goal.pk), "first_year": "2026", "last_year": "2027", "quarter": "2"}
    assert as_("analyst").post("/targets/objectives/new/", quarter).status_code == 422
    assert as_("analyst").post("/targets/objectives/new/", {**quarter, "last_year": "2026"}).status_code == 302
    assert Objective.objects.get(name="二季度").span == "2026 Q2"
