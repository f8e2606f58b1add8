from __future__ import annotations

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Workspace
from salesloop.engine.store.doctor import examine


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    path = tmp_path / "订单 (1).csv"
    path.write_text("订单号\nA1\nA2\n", "utf-8")
    return path


def test_bytes_are_kept(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    batch = workspace.landed.land(delivery, [""], now)
    original = delivery.read_bytes()
    delivery.unlink()
    assert batch.file_name == "订单 (1).csv"
    assert batch.landed_at == now
    assert batch.original.read_bytes() == original
    assert batch.sheets == ("",)
    assert sorted(path.name for path in batch.original.parent.iterdir()) == ["batch.json", "original"]
    assert workspace.landed.batches() == [batch]
    assert workspace.landed.batch(batch.batch_id) == batch


def test_the_same_bytes_land_once(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    first = workspace.landed.land(delivery, [""], now)
    renamed = delivery.rename(delivery.with_name("copy.csv"))
    second = workspace.landed.land(renamed, [""], now + dt.timedelta(days=1))
    assert second == first
    assert [path.name for path in workspace.landed.folder.iterdir()] == [first.batch_id]
    assert workspace.landed.identify(renamed) == first.batch_id


def test_another_sheet_of_the_same_bytes_is_added(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    workspace.landed.land(delivery, ["a"], now)
    second = workspace.landed.land(delivery, ["b", "a"], now)
    assert second.sheets == ("a", "b")  # the place of a sheet stays: batch ids count on it
    assert workspace.landed.batch(second.batch_id) == second


def test_what_an_older_version_landed_is_known(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    """It kept the rows of each sheet as Parquet beside the bytes."""
    batch = workspace.landed.land(delivery, ["a"], now)
    card = batch.original.with_name("batch.json")
    told = json.loads(card.read_text("utf-8"))
    told["tables"] = [{"sheet": "a", "file": "0a1b.parquet", "rows": 2, "sha256": "0a1b"}]
    card.write_text(json.dumps(told), "utf-8")
    batch.original.with_name("0a1b.parquet").write_bytes(b"PAR1")
    assert workspace.landed.land(delivery, ["a", "b"], now).sheets == ("a", "b")
    assert {one.state for one in examine(workspace)} == {"ok"}


def test_other_bytes_are_another_delivery(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    first = workspace.landed.land(delivery, [""], now)
    delivery.write_text("订单号\nA1\n", "utf-8")
    second = workspace.landed.land(delivery, [""], now)
    assert first.batch_id != second.batch_id
    assert len(workspace.landed.batches()) == 2


def test_an_unknown_delivery_is_refused(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    batch = workspace.landed.land(delivery, [""], now)
    with pytest.raises(UserError, match="没有名为"):
        workspace.landed.batch("../landed/" + batch.batch_id)


def test_a_landing_cut_short_is_no_delivery(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    workspace.landed.land(delivery, [""], now)
    half = workspace.landed.folder / ".0123456789ab.77.tmp"
    half.mkdir()
    assert len(workspace.landed.batches()) == 1
    assert workspace.landed.leftovers() == [half]
    with workspace.writing(now, "next") as building:
        building.discard()
    assert workspace.landed.leftovers() == []


def test_one_file_uploaded_by_many_at_once_lands_once(workspace: Workspace, delivery: Path, now: dt.datetime) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: workspace.landed.land(delivery, [""], now), range(8)))
    assert len({batch.batch_id for batch in found}) == 1
    assert workspace.landed.batches() == [found[0]]
    assert workspace.landed.leftovers() == []
