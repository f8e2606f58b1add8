"""A workspace of one's own, because entering targets writes to it, and short ways to read and write the grid."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http.response import HttpResponseBase
from django.test import Client

from salesloop.engine.store import Workspace
from tests.app.html import Element, read

NOVEMBER = "month:2026-11-01"


@pytest.fixture(autouse=True)
def own(company: Workspace, settings: LazySettings, tmp_path: Path, _workspace: None) -> Workspace:
    """A copy of the company."""
    folder = tmp_path / "workspace"
    shutil.copytree(company.path, folder)
    settings.WORKSPACE = folder
    return Workspace.open(folder)


@dataclass(frozen=True)
class Sheet:
    """The grid in one person's window."""

    client: Client
    query: str = ""

    def page(self) -> Element:
        return read(self.client.get(f"/targets/?{self.query}"))

    def line(self, key: str) -> Element:
        return self.page().one("tr", data_line=key)

    def keys(self) -> list[str]:
        return [row.attributes["data-line"] for row in self.page().all("tr") if "data-line" in row.attributes]

    def cell(self, row: str, column: str = NOVEMBER) -> Element:
        return self.line(row).one("td", data_c=column)

    def text(self, row: str, column: str = NOVEMBER) -> str:
        return self.cell(row, column).text

    def save(self, *cells: tuple[str, str, str]) -> HttpResponseBase:
        """Each cell is (row, column, text)."""
        body = {"cells": [{"row": row, "column": column, "text": text} for row, column, text in cells]}
        return self.client.post(f"/targets/cells/?{self.query}", json.dumps(body), content_type="application/json")


@pytest.fixture
def sheet(as_: Callable[[str], Client]) -> Callable[..., Sheet]:
    return lambda who="analyst", query="": Sheet(as_(who), query)
