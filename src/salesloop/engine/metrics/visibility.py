"""The row rule of a Scope as SQL: owners in small tables, so that a query stays short and its text tells nobody's name."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.metrics.plan import sql
from salesloop.engine.model.entity import Entity
from salesloop.engine.model.scope import Scope

SCOPE_EMPLOYEES: Final = "scope_employees"
SCOPE_ORG_UNITS: Final = "scope_org_units"


def visible(entity: Entity, alias: str, scope: Scope) -> exp.Expr | None:
    """The condition under which a scope shows a row of a fact, None where it shows all of them."""
    if scope.everything or entity.visibility == "shared":
        return None
    owners = {"employee_id": SCOPE_EMPLOYEES, "org_unit_id": SCOPE_ORG_UNITS}
    parts = [
        exp.In(this=sql.column(name, alias), query=sql.select([sql.column(name)], table).subquery(copy=False))
        for name, table in owners.items()
    ]
    return sql.any_of(parts)


def scope_tables(scope: Scope) -> dict[str, pa.Table]:
    """The small tables that `visible` reads."""
    if scope.everything:
        return {}
    return {
        SCOPE_EMPLOYEES: pa.table({"employee_id": pa.array(sorted(scope.employees), pa.string())}),
        SCOPE_ORG_UNITS: pa.table({"org_unit_id": pa.array(sorted(scope.org_units), pa.string())}),
    }
