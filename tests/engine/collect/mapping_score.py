"""How many columns the first proposal gets right, against what a person would answer (`expected_mappings.yaml`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from salesloop.engine.collect.delivery import TablePlan, propose_delivery
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.entity import Model

EXPECTED = Path(__file__).with_name("expected_mappings.yaml")


@dataclass(frozen=True)
class Score:
    """Of one table: columns right of all, and each wrong one as `column: expected → proposed`."""

    delivery: str
    table: str
    entity: str
    right: int
    columns: int
    wrong: tuple[str, ...]


def scores(data: Path, model: Model) -> Iterator[Score]:
    """One score for each table of `data` that the expectations know."""
    for pattern, tables in yaml.safe_load(EXPECTED.read_text(encoding="utf-8")).items():
        files = sorted(data.glob(pattern))
        plans = propose_delivery([table for file in files for table in read_file(file).tables], model)
        for plan in plans:
            yield _score(pattern, plan, {k: str(v) for k, v in tables[plan.table.name].items()})


def _score(delivery: str, plan: TablePlan, expected: dict[str, str]) -> Score:
    wanted = expected.pop("entity")
    mapping = plan.proposal.mapping
    entity = mapping.entity if mapping and plan.role == "import" else "lookup" if plan.role == "lookup" else "none"
    proposed = {c.column: set(c.fields) for c in plan.proposal.columns} if wanted not in ("lookup", "none") else {}
    wrong = [] if entity == wanted else [f"entity: {wanted} → {entity}"]
    columns = list(dict.fromkeys([*plan.table.columns, *expected])) if proposed else ["entity"]
    for column in columns if proposed else ():
        right = set(expected.get(column, "").split())
        # What else a column feeds (the key as the name of a record that has none) is no mistake where the answer is in it.
        got = proposed.get(column, set())
        if not (right <= got and bool(right) == bool(got)):
            wrong.append(f"{column}: {' '.join(sorted(right)) or '-'} → {' '.join(sorted(got)) or '-'}")
    failed = len(columns) if entity != wanted else len(wrong)
    return Score(delivery, plan.table.name, wanted, len(columns) - failed, len(columns), tuple(wrong))
