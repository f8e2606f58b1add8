"""What is planted in the demo company, anchored to the day on which it is made.

Only tests read the manifest: the product has to find these things by itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Stories:
    """The plan, as days relative to `today` (a date in the company's own time zone)."""

    today: dt.date
    first_day: dt.date = field(init=False)

    shortage_region: str = "华东"
    shortage_channel: str = "分销"
    shortage_category: str = "打印设备"
    shortage_left: float = 0.12
    """The share of usual orders that is left during the shortage."""

    backlog_team: str = "上海二部"
    backlog_days: int = 9

    worked_team: str = "杭州部"
    worked_category: str = "耗材"
    worked_lift: float = 1.55
    idle_team: str = "济南部"
    idle_category: str = "扫描设备"
    action_weeks: int = 12
    ambition: float = 1.5
    """How much too high the targets of both teams were when they fell behind and the measures began."""

    peak_channel: str = "电商"
    duplicate_customers: int = 36

    def __post_init__(self) -> None:
        object.__setattr__(self, "first_day", dt.date(self.today.year - 3, self.today.month, 1))

    @property
    def shortage_start(self) -> dt.date:
        """The first of the period that a reader looks at: this month from its second third on, else last month."""
        this_month = self.today.replace(day=1)
        return this_month if self.today.day >= 11 else (this_month - dt.timedelta(days=1)).replace(day=1)

    @property
    def backlog_start(self) -> dt.date:
        """The first day of the data-entry backlog."""
        return self.today - dt.timedelta(days=self.backlog_days)

    @property
    def action_start(self) -> dt.date:
        """The Monday on which both finished measures began."""
        start = self.today - dt.timedelta(weeks=self.action_weeks)
        return start - dt.timedelta(days=start.weekday())

    @property
    def ambitious_months(self) -> tuple[dt.date, ...]:
        """First days of the months with too high targets: the one of the start and the one before."""
        start = self.action_start.replace(day=1)
        return ((start - dt.timedelta(days=1)).replace(day=1), start)

    @property
    def action_due(self) -> dt.date:
        """When both measures were to be judged."""
        return self.today - dt.timedelta(days=5)

    def manifest(self) -> dict[str, object]:
        """Everything planted, JSON-ready."""
        planted = {name: str(value) if isinstance(value, dt.date) else value for name, value in asdict(self).items()}
        for name in ("shortage_start", "backlog_start", "action_start", "action_due"):
            planted[name] = str(getattr(self, name))
        return planted
