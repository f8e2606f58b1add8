"""SalesLoop 销环: a closed-loop sales-operations monitoring system.

>>> import salesloop
>>> company = salesloop.open("我的公司")
>>> company.query("revenue", by="region", grain="month", start="2026-01", compare="previous")  # an Arrow table
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesloop.company import Company

__all__ = ["open"]


def open(folder: str | Path) -> Company:  # noqa: A001 - salesloop.open reads well, and is read with its package
    """The workspace in `folder`, to be asked for metrics. UserError where the folder is none."""
    from salesloop.company import Company

    return Company(folder)
