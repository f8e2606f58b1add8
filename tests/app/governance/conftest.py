"""Copies of the company: definitions are files, and tests change them. `folder` is a test's own, `shared` a module's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings

from salesloop.engine.store import Workspace


@pytest.fixture(scope="module")
def copied(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(company.path, tmp_path_factory.mktemp("shared") / "company"))


@pytest.fixture
def shared(copied: Path, _workspace: None, settings: LazySettings) -> Path:
    """For tests that change no definition."""
    settings.WORKSPACE = copied
    return copied


@pytest.fixture
def folder(company: Workspace, tmp_path: Path, _workspace: None, settings: LazySettings) -> Path:
    shutil.copytree(company.path, tmp_path / "company")
    settings.WORKSPACE = tmp_path / "company"
    return tmp_path / "company"


BIG = """metric: big_orders
label: {zh-Hans: 大单数, en: Large orders}
description: {zh-Hans: 大额订单行数, en: Lines above a limit}
formula: {zh-Hans: 行数, en: Lines}
type: measure
entity: order_line
aggregate: count
filter: amount >= 10000
unit: record
format: count
favorable: up
owner: zhangwei
review_every: quarter
"""


@pytest.fixture
def big(folder: Path) -> str:
    """A metric of the company's own: lines of 10,000 and more. 2 in November 2026 (SO-1, SO-3), 2 in October (SO-5, SO-6)."""
    (folder / "metrics").mkdir(exist_ok=True)
    (folder / "metrics" / "big.yaml").write_text(BIG, "utf-8")
    return BIG
