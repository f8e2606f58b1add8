from __future__ import annotations

import datetime as dt

from salesloop.engine.store import Workspace


def columns(workspace: Workspace, table: str) -> dict[str, str]:
    rows = workspace.current().rows(
        f"SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = '{table}'"
    )
    return {row["column_name"]: row["data_type"] for row in rows}


def test_columns_have_the_types_of_the_model(workspace: Workspace) -> None:
    found = columns(workspace, "order_line")
    for field in workspace.model.entity("order_line").fields:
        assert found[field.name] == field.warehouse_type
    assert found["fx_rate"] == "DECIMAL(18,8)"
    assert found["_given_customer_id"] == "VARCHAR"
    assert {"_batch", "_row", "_hash", "_primary", "_received_at"} <= found.keys()


def test_a_field_added_by_the_company_arrives_with_the_next_write(workspace: Workspace, now: dt.datetime) -> None:
    with workspace.writing(now, "before") as building:
        building.con.execute("INSERT INTO product (product_id, name) VALUES ('p1', '扳手')")
    (workspace.path / "entities" / "product.yaml").write_text(
        """
extend: product
fields:
  shelf_life:
    type: integer
    label: {zh-Hans: 保质期, en: Shelf life}
    doc: {zh-Hans: 天数。, en: Days.}
  made_by:
    type: identifier
    references: employee
    label: {zh-Hans: 产品经理, en: Product manager}
    doc: {zh-Hans: 负责的人。, en: Who is responsible.}
""",
        "utf-8",
    )
    workspace = Workspace.open(workspace.path)
    assert "shelf_life" not in columns(workspace, "product")
    with workspace.writing(now, "after") as building:
        building.con.execute("UPDATE product SET shelf_life = 30")
    assert columns(workspace, "product")["shelf_life"] == "BIGINT"
    assert "_given_made_by" in columns(workspace, "product")
    assert workspace.current().rows("SELECT product_id, name, shelf_life FROM product") == [
        {"product_id": "p1", "name": "扳手", "shelf_life": 30}
    ]


def test_an_entity_added_by_the_company_arrives_with_the_next_write(workspace: Workspace, now: dt.datetime) -> None:
    (workspace.path / "entities" / "showroom.yaml").write_text(
        """
entity: showroom
kind: dimension
label: {zh-Hans: 展厅, en: Showroom}
doc: {zh-Hans: 展厅。, en: A showroom.}
key: [showroom_id]
name_field: name
fields:
  showroom_id:
    type: identifier
    required: true
    label: {zh-Hans: 编号, en: ID}
    doc: {zh-Hans: 编号。, en: Number.}
  name:
    type: text
    required: true
    label: {zh-Hans: 名称, en: Name}
    doc: {zh-Hans: 名称。, en: Name.}
""",
        "utf-8",
    )
    workspace = Workspace.open(workspace.path)
    assert workspace.current().count("showroom") == 0  # older snapshots do not know it
    with workspace.writing(now, "after") as building:
        building.con.execute("INSERT INTO showroom (showroom_id, name) VALUES ('s1', '上海')")
    assert workspace.current().count("showroom") == 1
