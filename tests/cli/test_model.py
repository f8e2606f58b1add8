from __future__ import annotations

import json
from pathlib import Path

import pytest

from salesloop.engine.model.loader import load_model
from tests.cli.test_command_line import run
from tests.engine.model.test_loader import OWN_ENTITY

MODEL = load_model()


@pytest.mark.requirement("B12", "C04", "AF01")
@pytest.mark.parametrize("arguments", [["list"], ["dictionary"]])
@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_every_entity_is_listed(capsys: pytest.CaptureFixture[str], arguments: list[str], form: str) -> None:
    code, out, err = run(capsys, "model", *arguments, "--format", form)
    assert (code, err) == (0, "")
    assert all(entity.name in out for entity in MODEL.entities)
    if form == "json":
        assert [entity["name"] for entity in json.loads(out)] == [entity.name for entity in MODEL.entities]


@pytest.mark.requirement("B12")
def test_one_entity_is_shown_with_its_fields_values_and_rules(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--lang", "en", "model", "show", "opportunity")
    assert code == 0
    assert out.startswith("Opportunities  opportunity\n")
    for word in ("opportunity_id*", "probability", "closed_has_date", "赢单率", "Closed not before created"):
        assert word in out


def test_one_entity_as_markdown_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "model", "show", "target", "--format", "markdown")[1].startswith('<a id="target"></a>')
    shown = json.loads(run(capsys, "model", "show", "target", "--format", "json")[1])
    assert shown["key"][0] == "metric"


@pytest.mark.parametrize(("lang", "word"), [("zh-Hans", "订单明细"), ("zh-Hant", "訂單明細"), ("en", "Order lines")])
def test_the_command_takes_a_language_of_its_own(capsys: pytest.CaptureFixture[str], lang: str, word: str) -> None:
    assert word in run(capsys, "model", "list", "--lang", lang)[1]


@pytest.mark.requirement("A04")
def test_the_entities_of_a_workspace_are_listed_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "machine.yaml").write_text(OWN_ENTITY, "utf-8")
    assert "machine" not in run(capsys, "-w", str(tmp_path), "model", "list")[1]
    (tmp_path / "salesloop.toml").write_text("", "utf-8")
    assert "machine" in run(capsys, "-w", str(tmp_path), "model", "list")[1]


def test_a_table_in_a_pipe_has_no_trailing_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "model", "list")[1].splitlines()
    assert all(line == line.rstrip() for line in lines)
    assert len({line.index(word) for line, word in zip(lines[2:], [e.name for e in MODEL.entities], strict=True)}) == 1
