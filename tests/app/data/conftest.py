"""Journeys of the data pages change the workspace: each gets a copy of the company and a database that really commits."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from salesloop.app.jobs.worker import work_off
from salesloop.engine.store import Workspace

HEADER = ["订单编号", "订单日期", "客户编码", "业务员工号", "金额", "备用"]
ORDERS = [
    ["SO-101", "2026-11-18", "C1", "E12", "1000", "600"],
    ["SO-102", "2026-11-19", "C2", "E12", "2000", "1200"],
    ["SO-103", "2026-11-20", "C3", "E13", "面议", "900"],
    *([f"SO-10{n}", "2026-11-20", "C4", "E13", f"{n}00", f"{n}0"] for n in range(4, 10)),
]
"""Nine orders. The amount of the third, in row 4 of its file, cannot be read."""


@pytest.fixture
def own(company: Workspace, tmp_path: Path, settings: LazySettings, transactional_db: None) -> Workspace:
    """The company, to change."""
    shutil.copytree(company.path, tmp_path / "own", ignore=shutil.ignore_patterns("writer.lock"))
    settings.WORKSPACE = tmp_path / "own"
    return Workspace.open(tmp_path / "own")


@pytest.fixture
def work(own: Workspace) -> Callable[[], None]:
    """Let the worker do what is queued."""
    return work_off


def csv_file(name: str, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> SimpleUploadedFile:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def upload(client: Client, *files: SimpleUploadedFile) -> str:
    """Send files; the address of the import."""
    answer = client.post("/data/import/upload/", {"files": list(files)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()
