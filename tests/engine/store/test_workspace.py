from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace


def test_a_new_workspace_has_an_empty_snapshot_of_every_entity(workspace: Workspace) -> None:
    snapshot = Workspace.open(workspace.path).current()
    assert snapshot.number == 0
    assert {entity.name: snapshot.count(entity.name) for entity in workspace.model.entities} == dict.fromkeys(
        [entity.name for entity in workspace.model.entities], 0
    )
    assert not snapshot.has("order_line")
    assert snapshot.freshness() == {}


def test_settings_are_written_out_and_read_back(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "w", name="华东分公司", currency="USD", fiscal_start_month=4, red_up=False)
    config = Workspace.open(tmp_path / "w").config
    assert (config.name, config.currency, config.fiscal_start_month, config.red_up) == ("华东分公司", "USD", 4, False)
    assert config.timezone == "Asia/Shanghai"
    assert 'timezone = "Asia/Shanghai"' in (tmp_path / "w" / "salesloop.toml").read_text("utf-8")


def test_a_second_workspace_in_the_same_folder_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="已经是一个工作区"):
        Workspace.create(workspace.path)


def test_a_folder_that_is_no_workspace_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        Workspace.open(tmp_path)
    assert str(tmp_path) in caught.value.text("en")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('timezone = "Mars/Base"', "timezone"),
        ("fiscal_start_month = 13", "fiscal_start_month"),
        ("colour = 1", "colour"),
    ],
)
def test_a_wrong_setting_is_named(workspace: Workspace, line: str, named: str) -> None:
    (workspace.path / "salesloop.toml").write_text(line + "\n", "utf-8")
    with pytest.raises(UserError) as caught:
        Workspace.open(workspace.path)
    assert named in caught.value.text("en")


def test_settings_that_are_no_toml_are_refused(workspace: Workspace) -> None:
    (workspace.path / "salesloop.toml").write_text("currency = \n", "utf-8")
    with pytest.raises(UserError, match="TOML"):
        Workspace.open(workspace.path)


def test_a_wrong_setting_makes_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="currency"):
        Workspace.create(tmp_path / "w", currency="Yuan")
    with pytest.raises(UserError, match="不是工作区"):
        Workspace.open(tmp_path / "w")
    assert Workspace.create(tmp_path / "w", currency="CNY").current().number == 0


def test_a_folder_may_be_called_anything(tmp_path: Path, now: dt.datetime) -> None:
    workspace = Workspace.create(tmp_path / "O'Brien & Söhne 公司 x=1#2;")
    with workspace.writing(now, "try") as building:
        building.con.execute("INSERT INTO region (region_id, name) VALUES ('a', 'a')")
    assert workspace.current().count("region") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["O'Brien & Söhne 公司 x=1#2;"]
    with pytest.raises(UserError, match="问号"):
        Workspace.create(tmp_path / "why?")
