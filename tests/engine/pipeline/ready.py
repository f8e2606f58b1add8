"""Loaded once by the process that forks the children of test_crash: what every import works out from the product's own files.

So nearly all of a child's life is its import. DuckDB is not started here: its threads would be missing in a child.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.clean.quality.book import load_book
from salesloop.engine.clean.quality.rules import columns_of
from salesloop.engine.collect.aliases import AliasIndex
from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.model.loader import load_model
from salesloop.engine.store.config import WorkspaceConfig
from tests.engine.pipeline.crash import MAPPING


def work_out() -> None:
    model = load_model()
    book = load_book(model)
    for entity in model.entities:
        for check in book.of_rows(entity.name):
            columns_of(check)
    AliasIndex(model).by_meaning(MAPPING.header[0], MAPPING.entity)
    load_registry()
    WorkspaceConfig(timezone="Asia/Shanghai")  # lists the zones of the machine
    pc.equal(pa.array([0]), 0)  # Arrow loads pandas where it is installed


work_out()
