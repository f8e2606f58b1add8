"""Report definitions: built in, a company's own, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from salesloop.engine.metrics import load_registry
from salesloop.engine.model.errors import UserError
from salesloop.engine.report.definition import Bars, Bridge, Pair, definition_of, load_definitions

OWN = """
report: weekly
title: {zh-Hans: 我们的周报, en: Our week}
description: {zh-Hans: 自定义, en: Our own}
version: 3
grain: week
blocks:
  - {block: kpis, metrics: [revenue]}
"""


def test_the_built_in_weekly_names_only_metrics_and_dimensions_that_exist() -> None:
    registry = load_registry()
    for definition in load_definitions().values():
        parts = [part for block in definition.blocks for part in (block.parts if isinstance(block, Pair) else (block,))]
        for part in parts:
            names = [*getattr(part, "metrics", ()), *([part.metric] if hasattr(part, "metric") else [])]
            assert [name for name in names if registry.metric(name).metric != name] == []
            if isinstance(part, Bars | Bridge):
                assert any(item.dimension == part.by for item in registry.dimensions_of(part.metric))


def test_the_first_page_holds_the_summary() -> None:
    kinds = [block.block for block in definition_of("weekly").blocks]
    assert kinds[: kinds.index("chapter")] == ["summary", "kpis", "trend", "findings"]


@pytest.mark.requirement("M07")
def test_a_workspace_replaces_a_report_by_name(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(OWN, "utf-8")
    definition = definition_of("weekly", tmp_path)
    assert (definition.version, definition.title.zh_hans) == (3, "我们的周报")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_of_the_guide_is_a_report(tmp_path: Path, lang: str) -> None:
    guide = Path(__file__).parents[3] / "docs" / "guide" / lang / "reports.md"
    example = guide.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "example.yaml").write_text(example, "utf-8")
    assert definition_of("monthly-east", tmp_path).season == "quarter"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("report: [", "YAML"),
        (OWN.replace("grain: week", "grain: fortnight"), "grain"),
        (OWN.replace("block: kpis", "block: pie"), "blocks"),
        (OWN.replace("metrics: [revenue]", "metrics: []"), "metrics"),
        ("just words", "-"),
    ],
)
def test_a_wrong_definition_names_file_and_place(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    with pytest.raises(UserError) as error:
        load_definitions(tmp_path)
    assert says in error.value.text("en")
    assert "mine.yaml" in error.value.text("en")


def test_an_unknown_report_names_those_that_there_are() -> None:
    with pytest.raises(UserError, match="weekly"):
        definition_of("dayly")
