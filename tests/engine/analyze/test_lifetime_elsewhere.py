"""The same histories from the company's own engine as from a snapshot of ours."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from salesloop.engine.analyze.predict.lifetime.history import histories
from salesloop.engine.metrics.warehouse import warehouse
from salesloop.engine.model.scope import Scope
from salesloop.engine.store import Workspace
from salesloop.engine.store.config import write_config
from salesloop.engine.store.engines.address import parse_address
from salesloop.engine.store.remote.publish import publish, write_view
from tests.app.company import build_company
from tests.conftest import missing

UNTIL = dt.date(2026, 10, 31)


@pytest.mark.requirement("D06", "I15")
def test_the_histories_of_postgresql_are_ours(tmp_path: Path) -> None:
    url = os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    here = build_company(tmp_path)
    shutil.copytree(here.path, tmp_path / "moved")
    copy = Workspace.open(tmp_path / "moved")
    address, zone = parse_address(url), copy.config.timezone
    for one in publish(
        copy.current(), copy.model, address, zone, schema="salesloop_lifetime", folder=tmp_path / "files"
    ):
        write_view(copy.path / "engine", one.view)
    write_config(copy.path, {**copy.config.model_dump(), "engine": url})
    there = Workspace.open(copy.path)
    for scope in (Scope.all(), Scope(False, frozenset({"D11"}), frozenset({"E12"}))):
        ours = histories(here.current(), here.model, scope, UNTIL, window=60)
        theirs = histories(warehouse(there).snapshot, there.model, scope, UNTIL, window=60)
        assert ours.customers == theirs.customers != ()
        for name in ("frequency", "recency", "age"):
            assert np.array_equal(getattr(ours.purchases, name), getattr(theirs.purchases, name)), name
        for name in ("value", "spent", "earned", "costed", "before", "before_value", "after", "after_value"):
            assert getattr(theirs, name) == pytest.approx(getattr(ours, name)), name
