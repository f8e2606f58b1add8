"""What the research knows of real data: GTXPro is GTX Pro, once a person has said so."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from salesloop.engine.store import Workspace
from tests.cli.run import salesloop


@pytest.mark.requirement("B20", "C02")
def test_gtxpro_is_gtx_pro_in_every_deal_and_every_later_import(ws_crm: Path, real_data: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(ws_crm, tmp_path / "crm"))

    def deals() -> dict[str, tuple[int, Decimal]]:
        found = (
            Workspace.open(workspace)
            .current()
            .rows("SELECT product_id, count(*) AS n, sum(amount) AS amount FROM opportunity GROUP BY ALL")
        )
        return {row["product_id"]: (row["n"], row["amount"]) for row in found}

    before = deals()
    assert before["GTXPro"][0] == 1480
    assert "GTX Pro" not in before
    (case,) = salesloop("-w", workspace, "duplicates", "list", "--format", "json").json
    assert (case["entity"], case["ids"]) == ("product", ["GTX Pro", "GTXPro"])
    merged = salesloop("-w", workspace, "duplicates", "merge", "product", "GTX Pro", "GTXPro", "--format", "json")
    assert merged.code == 0, merged.err
    assert deals() == {("GTX Pro" if name == "GTXPro" else name): value for name, value in before.items()}
    answer = salesloop("-w", workspace, "query", "won_amount", "--by", "product", "--format", "json")
    rows = {row["product"]: row["won_amount"] for row in answer.json["rows"]}
    assert (rows["GTX Pro"], sum(rows.values())) == (3_510_578, 10_005_534)

    # The pipeline is imported anew after an undo, as a later delivery would be: nobody has to say it again.
    (batch,) = (
        row["batch_id"]
        for row in Workspace.open(workspace)
        .current()
        .rows("SELECT * FROM ledger.batch WHERE file_name = 'sales_pipeline.csv'")
    )
    assert salesloop("-w", workspace, "undo", batch).code == 0
    assert deals() == {}
    pipeline = real_data / "crm_sales_opportunities" / "sales_pipeline.csv"
    assert salesloop("-w", workspace, "import", pipeline, "--yes").code == 0
    assert deals()["GTX Pro"] == before["GTXPro"]

    assert salesloop("-w", workspace, "duplicates", "split", merged.json["decision"]).code == 0
    assert deals() == before
