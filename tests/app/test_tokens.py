"""The colours of pages are those of charts and documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from salesloop.engine.report.tokens import css_variables

CSS = (Path(__file__).parents[2] / "frontend/src/app/css/tokens.css").read_text("utf-8")
BLOCKS = {
    "light": r":root \{([^}]*)\}",
    "dark": r':root\[data-theme="dark"\] \{([^}]*)\}',
    "auto": r':root\[data-theme="auto"\] \{([^}]*)\}',
}


@pytest.mark.parametrize(("block", "theme"), [("light", "light"), ("dark", "dark"), ("auto", "dark")])
def test_each_theme_has_the_tokens(block: str, theme: str) -> None:
    found = re.search(BLOCKS[block], CSS)
    assert found is not None
    declared = {d.strip() for d in found[1].split(";") if d.strip()}
    assert {d.strip() for d in css_variables(theme).split(";") if d.strip()} <= declared  # type: ignore[arg-type]
