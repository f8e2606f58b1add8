"""Who works there, where, and what they sell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from salesloop.demo import names

Columns = dict[str, np.ndarray]


@dataclass
class Company:
    """The dimension tables as columns, and the positions by which facts refer to them."""

    org_units: Columns
    employees: Columns
    regions: Columns
    products: Columns
    sellers: Columns
    """`employee_id`, `team` and `region` of everybody who sells, managers of teams included."""


def build_company(rng: np.random.Generator, first_day: dt.date) -> Company:
    """Sixty people in 全国 → seven 大区 → sixteen 部; five categories of products in about sixty items."""
    units, people = _organisation(rng, first_day)
    selling = np.array([title in ("客户经理", "部门经理") for title in people["title"]])
    unit_name = dict(zip(units["org_unit_id"], units["name"], strict=True))
    team_region = {team: region for region, teams in names.TEAMS.items() for team in teams}
    teams = np.array([unit_name[unit] for unit in people["org_unit_id"][selling]], dtype=object)
    sellers = {
        "employee_id": people["employee_id"][selling],
        "team": teams,
        "region": np.array([team_region[team] for team in teams], dtype=object),
    }
    return Company(units, people, _regions(), _products(rng), sellers)


def _organisation(rng: np.random.Generator, first_day: dt.date) -> tuple[Columns, Columns]:
    units = [("D00", "全国", "", "公司")]
    people: list[tuple[str, str, str, str, str]] = []
    used: set[str] = set()

    def hire(unit: str, title: str, manager: str, name: str | None = None) -> str:
        number = f"E{len(people) + 1:03d}"
        people.append((number, name or _person(rng, used), unit, manager, title))
        return number

    head = hire("D00", "销售副总裁", "", "周明远")
    for title, name in (("销售运营分析师", "林晓"), ("数据专员", "何静怡"), ("系统管理员", "孙浩")):
        hire("D00", title, head, name)
    managers = {"D00": head}
    for number, (region, teams) in enumerate(names.TEAMS.items(), 1):
        area = f"D{number:02d}"
        units.append((area, f"{region}大区", "D00", "大区"))
        managers[area] = hire(area, "大区经理", head, "李静" if region == "华东" else None)
        for place, team in enumerate(teams, 1):
            unit = f"{area}{place:02d}"
            units.append((unit, team, area, "部门"))
            managers[unit] = hire(unit, "部门经理", managers[area], "张伟" if team == "上海一部" else None)
    teams_by_size = [unit for unit, _, _, level in units if level == "部门"]
    for place in range(60 - len(people)):
        unit = teams_by_size[place % len(teams_by_size)]
        hire(unit, "客户经理", managers[unit], "王芳" if place == 0 else None)
    columns: Columns = {
        "org_unit_id": np.array([unit for unit, *_ in units], dtype=object),
        "name": np.array([name for _, name, _, _ in units], dtype=object),
        "parent_id": np.array([parent for _, _, parent, _ in units], dtype=object),
        "level": np.array([level for *_, level in units], dtype=object),
        "manager_id": np.array([managers[unit] for unit, *_ in units], dtype=object),
    }
    hired = [first_day - dt.timedelta(days=int(days)) for days in rng.integers(60, 2500, len(people))]
    staff: Columns = {
        "employee_id": np.array([row[0] for row in people], dtype=object),
        "name": np.array([row[1] for row in people], dtype=object),
        "org_unit_id": np.array([row[2] for row in people], dtype=object),
        "manager_id": np.array([row[3] for row in people], dtype=object),
        "title": np.array([row[4] for row in people], dtype=object),
        "hire_date": np.array(hired, dtype="datetime64[D]"),
        "phone": np.array([f"13{rng.integers(0, 10)}{rng.integers(10**7, 10**8)}" for _ in people], dtype=object),
    }
    return columns, staff


def _person(rng: np.random.Generator, used: set[str]) -> str:
    while True:
        given = "".join(rng.choice(list(names.GIVEN), size=int(rng.integers(1, 3))))
        name = str(rng.choice(list(names.SURNAMES))) + given
        if name not in used:
            used.add(name)
            return name


def _regions() -> Columns:
    cities = [
        (region, province, city)
        for region, provinces in names.REGIONS.items()
        for province, members in provinces.items()
        for city in members
    ]
    return {
        name: np.array(column, dtype=object)
        for name, column in zip(("region", "province", "city"), zip(*cities, strict=True), strict=True)
    }


def _products(rng: np.random.Generator) -> Columns:
    rows = []
    for letter, (category, (_, kinds)) in zip("PSBHF", names.CATEGORIES.items(), strict=True):
        for place, (kind, price) in enumerate(kinds, 1):
            for number, series in enumerate(names.SERIES[: 5 if category != "服务与配件" else 3], 1):
                list_price = round(price * (0.75 + 0.2 * number) * float(rng.uniform(0.95, 1.05)), 0)
                rows.append(
                    (
                        f"{letter}{place}{number:02d}",
                        f"{kind} {series}",
                        category,
                        kind,
                        list_price,
                        round(list_price * float(rng.uniform(0.54, 0.66)), 2),
                    )
                )
    columns = list(zip(*rows, strict=True))
    return {
        "product_id": np.array(columns[0], dtype=object),
        "name": np.array(columns[1], dtype=object),
        "category": np.array(columns[2], dtype=object),
        "subcategory": np.array(columns[3], dtype=object),
        "list_price": np.array(columns[4], dtype=float),
        "standard_cost": np.array(columns[5], dtype=float),
    }
