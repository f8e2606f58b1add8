"""A small company whose records were judged: two sources, two departments, three representatives, faults known by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from salesloop.engine.clean.quality import Circumstances
from salesloop.engine.pipeline.quality import run_quality
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)
AT = Circumstances(dt.date(2026, 11, 21))


def make(folder: Path) -> Workspace:
    """10 order lines: C1 and C2 from 'erp', C9 unknown; faults stand in the comments."""
    workspace = Workspace.create(folder)
    with workspace.writing(NOW, "import") as building:
        con = building.con
        con.execute(
            "INSERT INTO ledger.batch (batch_id, file_name, mapping, received_at) VALUES "
            "('e-1', 'erp.csv', 'erp', TIMESTAMP '2026-11-01'), ('s-1', 'shop.csv', 'shop', TIMESTAMP '2026-11-02')"
        )
        con.execute("INSERT INTO org_unit (org_unit_id, name, valid_from) VALUES ('HQ', '总部', '1900-01-01')")
        con.execute(
            "INSERT INTO org_unit (org_unit_id, name, parent_id, valid_from) VALUES "
            "('N', '北区', 'HQ', '1900-01-01'), ('S', '南区', 'HQ', '1900-01-01')"
        )
        con.execute(
            "INSERT INTO org_unit_flat (id, depth, l1_id, l1_name, l2_id, l2_name) VALUES "
            "('HQ', 1, 'HQ', '总部', NULL, NULL), ('N', 2, 'HQ', '总部', 'N', '北区'), ('S', 2, 'HQ', '总部', 'S', '南区')"
        )
        con.execute(
            "INSERT INTO employee (employee_id, name, org_unit_id, valid_from) VALUES "
            "('E1', '李强', 'N', '1900-01-01'), ('E2', '王芳', 'N', '1900-01-01'), ('E3', '赵敏', 'S', '1900-01-01')"
        )
        con.execute("INSERT INTO customer (customer_id, name) VALUES ('C1', '甲'), ('C2', '乙')")
        con.execute(
            "INSERT INTO order_line (order_id, line_no, order_date, customer_id, employee_id, org_unit_id, quantity, amount, "
            "unit_price, discount, entered_at, fx_rate, _batch, _row) VALUES "
            "('1', 1, '2026-11-02', 'C1', 'E1', 'N', 1, 10, 10, 0, '2026-11-02 18:00', 1, 'e-1', 2),"
            "('2', 1, '2026-11-02', 'C1', 'E1', 'N', 1, 10, 10, 0, '2026-11-09 18:00', 1, 'e-1', 3),"  # entered too late
            "('3', 1, '2026-11-02', 'C9', 'E1', 'N', 1, 10, 10, 0, NULL, 1, 'e-1', 4),"  # unknown customer
            "('4', 1, '2026-11-02', 'C2', 'E2', 'N', 1, 10, 10, 1.5, NULL, 1, 'e-1', 5),"  # discount: an error
            "('5', 1, '2026-11-02', 'C2', 'E2', 'N', NULL, 10, 10, 0, NULL, 1, 'e-1', 6),"  # no quantity
            "('6', 1, '2026-11-02', NULL, 'E3', 'S', 1, 10, 10, 0, NULL, 1, 's-1', 2),"  # no customer: a hint
            "('7', 1, '2026-11-02', 'C9', 'E3', 'S', -1, 10, 10, 0, NULL, 1, 's-1', 3),"  # unknown customer, signs
            "('8', 1, '2026-11-02', 'C1', 'E3', 'S', 1, 10, 10, 0, NULL, 1, 's-1', 4),"
            "('9', 1, '2026-11-02', 'C1', NULL, 'S', 1, 10, -3, 0, NULL, 1, 's-1', 5),"  # negative price
            "('10', 1, '2026-11-02', 'C1', NULL, NULL, 1, 10, 10, 0, NULL, NULL, 's-1', 6)"  # no rate, nobody's
        )
    run_quality(workspace, NOW)
    return workspace
