"""The company after a delivery with two customers whose names are taken: one of 张伟 (E12), one of 刘洋 (E21)."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings

from salesloop.engine.analyze.quality.verdicts import publish_verdicts
from salesloop.engine.pipeline import ImportRequest, import_files
from salesloop.engine.store import Workspace
from tests.app.company import NOW

ROWS = [
    ["客户编码", "客户名称", "业务员工号", "电话"],
    ["K1", "同名贸易", "E13", "13800138001"],
    ["K2", "同名贸易", "E12", "13800138002"],
    ["K3", "独一无二商行", "E12", "13800138003"],
    ["K4", "同名贸易", "E21", "13800138004"],
]


@pytest.fixture(scope="module")
def flawed(company: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flawed")
    shutil.copytree(company.path, folder / "company")
    with (folder / "客户.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    import_files(Workspace.open(folder / "company"), [ImportRequest(folder / "客户.csv", entity="customer")], now=NOW)
    return folder / "company"


@pytest.fixture(autouse=True)
def _flawed(flawed: Path, _workspace: None, settings: LazySettings) -> None:
    """Verdicts of an earlier test are as gone as its database."""
    settings.WORKSPACE = flawed
    publish_verdicts(Workspace.open(flawed), [])
