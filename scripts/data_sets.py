"""What becomes of the real data sets: `python -m scripts.data_sets FOLDER > docs/data-sets.md`.

Every folder inside FOLDER is imported into a workspace of its own, as `salesloop import --yes` does, with the few corrections
that a person makes; what cannot be read or imported stands there with its reason.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from salesloop.engine.collect.mapping import Mapping as ColumnsMapping
from salesloop.engine.collect.raw import FileContent, RawTable
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from salesloop.engine.pipeline import BatchReport, ImportReport, ImportRequest, plan_import, run_import
from salesloop.engine.store import Workspace

NOW = dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MAPPINGS = Path(__file__).parent.parent / "tests" / "real" / "mappings"
CORRECTIONS = {
    "adventureworks_dw/DimEmployee_dnoeth.csv": (
        "adventureworks_employees.yaml",
        "its columns named, as it has no header",
    ),
}
"""File → mapping in tests/real, and what a person changes with it."""
WHAT = {
    "accounts_receivable": "invoices and when they were settled",
    "adventureworks_dw": "data warehouse of a bicycle maker",
    "bank_marketing": "telephone contacts of a bank, dates without a year: no event can be dated",
    "basket": "baskets of a grocer, one a line, neither order nor date",
    "bpi2012": "event log of loan applications",
    "causal": "yearly and daily series for measuring effects, no sales records",
    "cn_companies": "listed companies",
    "cn_logistics_gbk": "deliveries, damaged amounts, GBK",
    "cn_nbs": "regional statistics of a yearbook",
    "cn_orders_gbk": "till lines of three stores, GBK",
    "cn_tmall_orders": "orders of a shop on Tmall",
    "crm_sales_opportunities": "pipeline of a hardware seller",
    "forecast": "series of a forecasting competition, one column a week, no sales records",
    "marketing": "advertising by market and by advertisement, no date at all",
    "matching": "made-up persons with known duplicates, and pairs of them",
    "nab_ad_exchange": "cost of clicks by the hour, with known anomalies",
    "northwind": "trading company in eleven files",
    "olist": "leads, sellers, products and payments of a marketplace; its orders are not there",
    "online_retail": "till lines of an online shop",
    "root_cause_rs": "incidents of a service by the minute, with their causes",
    "superstore_cn": "orders, returns and people in one workbook, Chinese",
    "superstore_en": "the same in English",
    "telco_churn": "customers of a telephone company",
    "walmart": "weekly sales by shop and department, no orders",
}
"""What the folders hold, for the reader of the page."""
HEAD = """# Real data sets and what becomes of them

Made by `python -m scripts.data_sets FOLDER`. Nobody of this project wrote these files, and none of them is part of it. Each
folder is imported into an empty workspace of its own with one command, without a question answered; where a person has to
correct something, it says what. **received = accepted + quarantined + unchanged** holds for every table and is checked by
`tests/real/test_every_file.py`. Received are the records that the rows give: a wide sheet feeds several entities.
Accepted are also rows that a later row of the same delivery replaces.
"""


@dataclass(frozen=True)
class Fate:
    """What became of one table, or of a file without one (`table` None): imported as `batch`, or left out because of `why`."""

    file: str
    content: FileContent | None
    table: RawTable | None
    role: str
    why: str
    batch: BatchReport | None = None
    correction: str = ""


@dataclass
class Folder:
    """What became of the files of one folder. `repairs` and `cells`: rule or reason → values, over the whole folder."""

    name: str
    fates: list[Fate]
    repairs: Mapping[str, int] = field(default_factory=dict)
    cells: int = 0

    @property
    def batches(self) -> list[BatchReport]:
        return [fate.batch for fate in self.fates if fate.batch is not None]

    def total(self, name: str) -> int:
        """Sum of one count over all tables and entities."""
        return sum(getattr(counts, name) for batch in self.batches for counts in batch.entities.values())


def survey(folder: Path, workspace: Workspace, *, dry_run: bool = False) -> Folder:
    """Import every file of `folder` that can be read, together."""
    refused: list[Fate] = []
    requests: list[ImportRequest] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            read_file(path)
        except UserError as error:
            refused.append(Fate(path.name, None, None, "refused", error.text("en")))
        else:
            requests.append(ImportRequest(path, mapping=_correction(path)))
    found = Folder(folder.name, refused)
    if requests:
        found.fates += _imported(workspace, requests, found, dry_run)
    return found


def _correction(path: Path) -> ColumnsMapping | None:
    known = CORRECTIONS.get(f"{path.parent.name}/{path.name}")
    if known is None:
        return None
    return ColumnsMapping.from_yaml((MAPPINGS / known[0]).read_text("utf-8"), file=known[0])


def _imported(workspace: Workspace, requests: Sequence[ImportRequest], found: Folder, dry_run: bool) -> list[Fate]:
    plan = plan_import(workspace, requests)
    report: ImportReport | None = None
    if plan.to_import:
        report = run_import(workspace, plan, now=NOW, dry_run=dry_run)
    batches = {(batch.file, batch.sheet): batch for batch in (report.batches if report else ())}
    fates = []
    for planned in plan.tables:
        path = planned.request.path
        correction = CORRECTIONS.get(f"{path.parent.name}/{path.name}", ("", ""))[1]
        why = planned.why.text("en") if planned.why else ""
        batch = batches.get((planned.content.file, planned.sheet)) if planned.role == "import" else None
        fates.append(Fate(path.name, planned.content, planned.table, planned.role, why, batch, correction))
    for content in {fate.file: fate.content for fate in fates if fate.content}.values():
        fates += [Fate(content.file, content, None, "refused", sheet.message.text("en")) for sheet in content.refused]
    if report and report.published:
        current = workspace.current()
        repaired = current.rows("SELECT rule, count(*) AS n FROM ledger.repair GROUP BY ALL ORDER BY n DESC, rule")
        found.repairs = {row["rule"]: row["n"] for row in repaired}
        found.cells = current.rows("SELECT count(*) AS n FROM ledger.cell")[0]["n"]
    return fates


def document(folders: Iterable[Folder]) -> str:
    """The page: one table over all folders, then each folder's tables."""
    folders = list(folders)
    lines = [
        HEAD,
        "| folder | what | how | received | = accepted | + quarantined | + unchanged | repaired values | unreadable cells |",
    ]
    lines.append("|---|---|---|--:|--:|--:|--:|--:|--:|")
    for folder in folders:
        counts = [folder.total(name) for name in ("received", "accepted", "quarantined", "unchanged")]
        figures = [*counts, sum(folder.repairs.values()), folder.cells]
        what = WHAT.get(folder.name, "")
        lines.append(_line(f"[{folder.name}](#{folder.name})", what, _how(folder), *(f"{n:,}" for n in figures)))
    for folder in folders:
        lines += ["", f"## {folder.name}", "", "| file | detected | became | counts and reasons |", "|---|---|---|---|"]
        lines += _rows(folder)
        if folder.repairs:
            lines += ["", "Repaired: " + ", ".join(f"{rule} {n:,}" for rule, n in folder.repairs.items()) + "."]
    return "\n".join(lines) + "\n"


def _how(folder: Folder) -> str:
    if not folder.batches:
        return "not imported"
    corrections = list(dict.fromkeys(fate.correction for fate in folder.fates if fate.correction))
    left = sum(fate.role in ("refused", "undecided") for fate in folder.fates)
    how = f"corrected: {'; '.join(corrections)}" if corrections else "automatic"
    return f"{how}; {left} left out" if left else how


def _rows(folder: Folder) -> list[str]:
    """One line a table, by file; tables that are alike share one."""
    alike: dict[tuple[str, str, str], list[Fate]] = {}
    for fate in folder.fates:
        told = fate.why if fate.batch is None else _counts(fate.batch)
        alike.setdefault((_detected(fate), _became(fate), told), []).append(fate)
    lines = []
    for (detected, became, told), fates in sorted(alike.items(), key=lambda item: item[1][0].file):
        files = list(dict.fromkeys(fate.file for fate in fates))
        named = ", ".join(files) if len(files) < 4 else f"{len(files)} files such as {files[0]}"
        lines.append(_line(named, detected, became, f"{_sizes(fates)}{told}"))
    return lines


def _sizes(fates: Sequence[Fate]) -> str:
    """How many rows the tables have that say nothing of counts."""
    sizes = sorted(fate.table.received for fate in fates if fate.table is not None and fate.batch is None)
    if not sizes:
        return ""
    return f"{sizes[0]:,} rows. " if sizes[0] == sizes[-1] else f"{sizes[0]:,} to {sizes[-1]:,} rows each. "


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').strip() for cell in cells)} |"


def _detected(fate: Fate) -> str:
    if fate.content is None or fate.table is None:
        return "–"
    table = fate.table
    header = "named columns" if fate.content.format in ("parquet", "json") else "no header"
    header = f"header in row {table.header_row}" if table.header_row else header
    parts = [fate.content.encoding or fate.content.format, header, f"{len(table.columns)} columns"]
    parts += [f"sheet {table.name}"] if fate.content.format == "workbook" else []
    parts += ["encoding in doubt"] if fate.content.encoding_doubt else []
    return ", ".join(parts)


def _became(fate: Fate) -> str:
    if fate.batch is not None:
        return ", ".join(fate.batch.entities)
    return {"lookup": "completes other tables", "undecided": "left out", "refused": "refused"}.get(fate.role, fate.role)


def _counts(batch: BatchReport) -> str:
    told = [
        f"{name} {counts.received:,} = {counts.accepted:,} + {counts.quarantined:,} + {counts.unchanged:,}"
        for name, counts in batch.entities.items()
    ]
    skipped = [f"{reason} {rows:,}" for reason, rows in sorted(batch.skipped.items()) if rows]
    told += [f"skipped: {', '.join(skipped)}"] if skipped else []
    told += [f"quarantined {trouble.rows:,}: {trouble.message.text('en')}" for trouble in batch.troubles]
    return "; ".join(told)


def main() -> None:
    """Survey the folders of the one that is named and print the page."""
    folders = []
    for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
        with TemporaryDirectory() as place:
            folders.append(survey(folder, Workspace.create(Path(place) / "company")))
        print(folder.name, file=sys.stderr)
    print(document(folders), end="")


if __name__ == "__main__":
    main()
