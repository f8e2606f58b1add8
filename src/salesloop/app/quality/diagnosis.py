"""Self-diagnosis: four troubles of sales data, measured on the company's own, at its beginning and now.

Uneven collection, analysis without a standard, islands of data, reports that come too seldom: each is one ratio or count that the
ledger and the audit log already hold, so nobody has to keep it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from salesloop.app.audit.services import entries
from salesloop.app.workspace.services import local_day, registry, snapshot, today
from salesloop.engine.report.number import Format

WINDOW = dt.timedelta(days=28)
REPORTS = "report."


@dataclass(frozen=True, slots=True)
class Trouble:
    """One of the four. `before` is the company's first 28 days, `now` the last 28; None where that cannot be told."""

    title: str
    measure: str
    format: Format
    before: float | None
    now: float | None
    detail: str
    href: str

    @property
    def better(self) -> bool | None:
        """Whether it improved; None where nothing changed or one side is unknown."""
        if self.before is None or self.now is None or self.before == self.now:
            return None
        return self.now > self.before


def troubles() -> list[Trouble]:
    """All four, measured from what was delivered, defined, joined and reported. Empty before the first delivery."""
    found = snapshot().rows("SELECT min(received_at) AS first FROM ledger.batch WHERE undone IS NULL")[0]["first"]
    if found is None:
        return []
    begun = _day(found)
    return [_collection(begun), _standard(), _islands(), _cadence(begun)]


def _collection(begun: dt.date) -> Trouble:
    """Share of the entities that metrics read which somebody delivers."""
    known = registry()
    wanted = {entity for name in known.metrics for entity in known.entities_of(name)}
    rows = snapshot().rows(
        "SELECT c.entity, min(b.received_at) AS first FROM ledger.counts c JOIN ledger.batch b USING (batch_id) "
        "WHERE b.undone IS NULL AND c.inserted > 0 GROUP BY c.entity"
    )
    first = {row["entity"]: _day(row["first"]) for row in rows if row["entity"] in wanted}
    early = sum(day <= begun + WINDOW for day in first.values())
    return Trouble(
        _("采集是否齐全"),
        _("指标所需的数据已有的占比"),
        "percent",
        early / len(wanted),
        len(first) / len(wanted),
        _("%(n)s/%(all)s 类数据有人提供") % {"n": len(first), "all": len(wanted)},
        "quality:coverage",
    )


def _standard() -> Trouble:
    """Share of the metrics in use that say who answers for them and where the formula comes from."""
    metrics = [metric for metric in registry().metrics.values() if not metric.hidden]
    told = sum(bool(metric.owner and metric.sources) for metric in metrics)
    return Trouble(
        _("口径是否统一"),
        _("写明负责人和出处的指标占比"),
        "percent",
        None,
        told / len(metrics),
        _("%(n)s/%(all)s 个指标写明了负责人和出处") % {"n": told, "all": len(metrics)},
        "metrics:index",
    )


def _islands() -> Trouble:
    """Share of references between data of different origins that lead to a delivered record."""
    rows = snapshot().rows(
        "SELECT sum(arg_min(failed, rowid)) OVER () AS f0, sum(arg_min(checked, rowid)) OVER () AS n0, "
        "sum(arg_max(failed, rowid)) OVER () AS f1, sum(arg_max(checked, rowid)) OVER () AS n1 "
        "FROM ledger.quality WHERE checked > 0 AND check_name LIKE '%\\_known' ESCAPE '\\' GROUP BY entity, check_name LIMIT 1"
    )
    row = rows[0] if rows else {"f0": 0, "n0": 0, "f1": 0, "n1": 0}
    return Trouble(
        _("数据是否连通"),
        _("引用能对上档案的占比"),
        "percent",
        1 - row["f0"] / row["n0"] if row["n0"] else None,
        1 - row["f1"] / row["n1"] if row["n1"] else None,
        _("客户、产品、人员等 %(n)s 处引用中有 %(bad)s 处对不上")
        % {"n": f"{row['n1'] or 0:,}", "bad": f"{row['f1'] or 0:,}"},
        "quality:mend",
    )


def _cadence(begun: dt.date) -> Trouble:
    """Days in 28 on which data arrived or a report went out."""
    until = today()
    delivered = snapshot().rows("SELECT DISTINCT received_at AS moment FROM ledger.batch WHERE undone IS NULL")
    days = {_day(row["moment"]) for row in delivered} | {local_day(entry.at) for entry in entries(code=REPORTS)}
    recent = sum(until - WINDOW < day <= until for day in days)
    early = sum(begun <= day < begun + WINDOW for day in days)
    return Trouble(
        _("报告是否及时"),
        _("28 天里有新数据或报告的天数"),
        "count",
        float(early) if begun + WINDOW <= until else None,
        float(recent),
        _("从 %(day)s 开始使用") % {"day": begun.isoformat()},
        "reports:index",
    )


def _day(received: dt.datetime) -> dt.date:
    """The company's day of a moment of the ledger, which is UTC."""
    return local_day(received.replace(tzinfo=dt.UTC))
