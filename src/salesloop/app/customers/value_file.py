"""Predicted customer value as rows of a file: every customer, exact numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from salesloop.app.customers.value import Valued
from salesloop.app.pages.services import Page

_AT_ONCE = 1_000


def header(page: Page, found: Valued) -> list[str]:
    """The column heads; money in the base currency, the horizon and the model's version where they decide the number."""
    model, currency = found.model, page.workspace.config.currency
    ahead = {"years": f"{model.trained.model.years:g}", "currency": currency, "version": model.saved.version}
    return [
        _("客户编码"),
        _("客户"),
        _("客户细分"),
        _("等级"),
        _("行业"),
        _("区域"),
        _("渠道"),
        _("负责人"),
        _("购买次数"),
        _("最近购买"),
        _("仍是客户的概率"),
        _("未来 %(years)s 年的购买次数（模型 v%(version)s）") % ahead,
        _("预计每次金额（%(currency)s）") % ahead,
        _("已带来（%(currency)s）") % ahead,
        _("预计还会带来（%(currency)s，已折现）") % ahead,
        _("合计（%(currency)s）") % ahead,
    ]


def rows(found: Valued, sort: str) -> Iterator[list[Any]]:
    """The customers in the order of the page."""
    order = found.order(sort)
    for start in range(0, len(order), _AT_ONCE):
        places = order[start : start + _AT_ONCE]
        for place, line in zip(places, found.lines(places), strict=True):
            known = found.known[place]
            words = [known[name] for name in ("segment", "tier", "industry", "region", "channel")]
            money = [round(value, 2) for value in (line.worth, line.past, line.coming, line.total)]
            numbers = [line.bought, line.last, round(line.alive, 4), round(line.purchases, 2), *money]
            yield [line.key, line.name, *words, line.owner, *numbers]
