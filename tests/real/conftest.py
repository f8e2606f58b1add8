"""Workspaces with real companies' exports, each imported once a session through the command line.

The files are read where they are (SALESLOOP_REAL_DATA) and never copied into the project.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from salesloop.cli import main

MAPPINGS = Path(__file__).parent / "mappings"


class Imports:
    """What the imports of the session answered, by workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.answers: dict[Path, list[dict[str, Any]]] = {}

    def make(self, name: str, *steps: Sequence[object], **settings: str) -> Path:
        """A workspace made by `init` and one `import --yes` per step."""
        workspace = self._folder / name
        self._run("init", workspace, *(f"--{key}={value}" for key, value in settings.items()))
        self.answers[workspace] = [
            json.loads(self._run("-w", workspace, "import", "--yes", "--format=json", *step)) for step in steps
        ]
        return workspace

    def _run(self, *arguments: object) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        assert left.value.code == 0, err.getvalue()
        return out.getvalue()


@pytest.fixture(scope="session")
def imports(tmp_path_factory: pytest.TempPathFactory) -> Imports:
    return Imports(tmp_path_factory.mktemp("real"))


@pytest.fixture(scope="session")
def ws_crm(real_data: Path, imports: Imports) -> Path:
    """CRM of a hardware seller: accounts, products, sales teams, pipeline."""
    folder = real_data / "crm_sales_opportunities"
    names = ["accounts", "products", "sales_teams", "sales_pipeline"]
    return imports.make("crm", [folder / f"{name}.csv" for name in names], currency="USD")


@pytest.fixture(scope="session")
def ws_superstore_cn(real_data: Path, imports: Imports) -> Path:
    """示例-超市: orders, returns and regional managers in one workbook."""
    return imports.make("superstore_cn", [real_data / "superstore_cn" / "示例-超市.xls"])


@pytest.fixture(scope="session")
def ws_superstore_en(real_data: Path, imports: Imports) -> Path:
    """Sample Superstore: orders, returns and people in one workbook."""
    return imports.make("superstore_en", [real_data / "superstore_en" / "sample_superstore.xls"], currency="USD")


@pytest.fixture(scope="session")
def ws_northwind(real_data: Path, imports: Imports) -> Path:
    """Northwind: order heads and lines, products and categories, customers, employees in eleven files."""
    return imports.make("northwind", sorted((real_data / "northwind").glob("*.csv")), currency="USD")


@pytest.fixture(scope="session")
def ws_cn_orders(real_data: Path, imports: Imports) -> Path:
    """Till lines of three stores, GBK."""
    return imports.make("cn_orders", [real_data / "cn_orders_gbk" / "orders.csv"])


@pytest.fixture(scope="session")
def ws_cn_logistics(real_data: Path, imports: Imports) -> Path:
    """Deliveries with broken amounts and merged cells, GBK."""
    return imports.make("cn_logistics", [real_data / "cn_logistics_gbk" / "data_wuliu.csv"])


@pytest.fixture(scope="session")
def ws_adventureworks(real_data: Path, imports: Imports) -> Path:
    """AdventureWorks: reseller and internet sales, products, customers, territories, employees, quotas."""
    folder = real_data / "adventureworks_dw"
    names = [
        "DimReseller",
        "DimCustomer",
        "DimProduct",
        "DimProductSubcategory",
        "DimProductCategory",
        "DimSalesTerritory",
        "FactResellerSales",
        "FactInternetSales",
        "FactSalesQuota",
    ]
    employees = [folder / "DimEmployee_dnoeth.csv", "--mapping", MAPPINGS / "adventureworks_employees.yaml"]
    return imports.make("adventureworks", employees, [folder / f"{name}.parquet" for name in names], currency="USD")
