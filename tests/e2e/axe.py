"""What axe-core finds wrong on an open page."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
_AXE = Axe()


def violations(page: Page, tags: Sequence[str] = (*STANDARD, "best-practice")) -> list[str]:
    """Each element that breaks a rule of these tags, and how. What is in order is not described: that costs as much again."""
    options = {"runOnly": {"type": "tag", "values": list(tags)}, "resultTypes": ["violations"]}
    found = _AXE.run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]
