"""The company's engine as the store sees it: statements speak of canonical tables, views stand before them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

import pyarrow as pa
from sqlglot import exp

from salesloop.engine.store.engines import Engine
from salesloop.engine.store.engines.dialect import text
from salesloop.engine.store.engines.written import mentioned, preceded, words
from salesloop.engine.store.remote.spans import READS, READS_OF, span_view
from salesloop.engine.store.remote.trees import flat_tree
from salesloop.engine.store.remote.view import Canon, entered_table
from salesloop.engine.store.schema import FLAT_TREES

_EVERYTHING: Final = re.compile(r"(SELECT|DISTINCT)\s+\*|\.\*", re.IGNORECASE)
_HOW: Final = {"postgres": "NOT MATERIALIZED "}  # else a view that two steps read would be computed as a whole
COLLATIONS: Final = {"postgres": "C"}


class MappedEngine:
    """An `Engine` that knows a company's canonical tables, and their flat trees as they were when first asked for."""

    def __init__(self, engine: Engine, canon: Canon) -> None:
        self.engine, self.canon = engine, canon
        self._trees: dict[str, pa.Table] = {}

    @property
    def dialect(self) -> str:
        return self.engine.dialect

    def execute(self, sql: str, tables: Mapping[str, pa.Table] | None = None) -> pa.Table:
        passed = dict(tables or {})
        whole = preceded(sql, self.views(sql, passed), _HOW.get(self.dialect, ""))
        entered = {entered_table(name): table for name, table in self.canon.entered.items()}
        passed |= {name: entered[name] for name in mentioned(whole, entered)}
        for name in mentioned(sql, (f"{tree}_flat" for tree in FLAT_TREES)):
            if name not in passed:
                passed[name] = self._tree(name)
        return self.engine.execute(whole, passed)

    def views(self, sql: str, passed: Collection[str] = ()) -> dict[str, str]:
        """The views that a statement needs, by name, in the order in which they stand before it.

        `passed` are names that mean something else during this statement.
        """
        spoken = words(sql)
        asked = None if _EVERYTHING.search(sql) else spoken
        bodies: dict[str, exp.Query] = {}
        helpers: set[str] = set()
        for entity in self.canon.model.entities:
            if entity.name in spoken and entity.name not in passed:
                bodies[entity.name], needed = self.canon.select(entity.name, asked)
                helpers |= needed
        first: dict[str, exp.Query] = {}
        for helper in sorted(helpers):
            columns = None if asked is None else asked | READS_OF[helper]
            first[READS[helper]], _ = self.canon.select(READS[helper], columns)
            first[helper] = span_view(helper)
        ordered = first | {name: body for name, body in bodies.items() if name not in first}
        return {name: text(body, self.dialect, pretty=True) for name, body in ordered.items()}

    def _tree(self, name: str) -> pa.Table:
        if name not in self._trees:
            self._trees[name] = flat_tree(self, name.removesuffix("_flat"))
        return self._trees[name]
