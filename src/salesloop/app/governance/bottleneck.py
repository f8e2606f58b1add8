"""What holds revenue back: the driver and the stage of the funnel that fall short the most, with the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from salesloop.app.dashboards.services import stage_order
from salesloop.app.governance.tree import FIRST
from salesloop.app.metrics.services import askable, sees
from salesloop.app.pages.services import Page, period_label
from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.bottleneck import Bottleneck, Loss, bottleneck, find_losses
from salesloop.engine.analyze.diagnose.leak import Leak, find_leak
from salesloop.engine.metrics import format_filter
from salesloop.engine.metrics.definition import Metric
from salesloop.engine.model.calendar import Period


@dataclass(frozen=True, slots=True)
class Step:
    """A metric on the way from the result to the bottleneck."""

    metric: Metric
    href: str


@dataclass(frozen=True, slots=True)
class Named:
    """The bottleneck of the tree (None where nothing falls short), the way to it, and the period in words. `top` is the result
    with its own loss, None where it does not fall short beyond the usual."""

    found: Bottleneck | None
    metric: Metric | None
    way: list[Step]
    period: str
    result: Metric
    top: Loss | None


@dataclass(frozen=True, slots=True)
class NamedStage:
    """The funnel over its days, and where the stage that costs the most is looked at."""

    leak: Leak
    href: str


def named_bottleneck(page: Page, top: str = FIRST) -> Named:
    """The bottleneck below a result, for the page's filters and scope."""
    known = {m.metric: m for m in page.registry.metrics.values() if sees(page.user, m) and m.status != "retired"}
    drivers = {name: tuple(n for n in metric.drivers if n in known) for name, metric in known.items()}
    names = askable(page, _below(top, drivers))
    losses = find_losses(_asking(page), names, page.view.where)
    found = bottleneck(top, drivers, losses)
    result, own = known[top], losses.get(top)
    own = own if own is not None and own.beyond else None
    if found is None:
        return Named(None, None, [], "", result, own)
    period = found.loss.period
    way = [Step(known[name], _page_of(page, name, period)) for name in found.path]
    return Named(found, known[found.path[-1]], way, period_label(period, page.calendar, page.lang), result, own)


def named_leak(page: Page) -> NamedStage | None:
    """The stage that leaks; None without a pipeline."""
    if len(askable(page, ["stage_entries", "stage_conversion"])) < 2:
        return None
    leak = find_leak(_asking(page), list(stage_order(page)), page.view.where)
    if leak.worst is None:
        return NamedStage(leak, "")
    view = page.view.changed(
        period=f"{leak.days.start}..{leak.days.end}",
        where=(*page.view.where, format_filter("stage", [leak.worst.name])),
        metrics=(),
        by=("employee",),
    )
    return NamedStage(leak, f"{reverse('metrics:metric', args=['stage_conversion'])}?{view.to_query()}")


def _asking(page: Page) -> Asking:
    return Asking(page.workspace, page.registry, page.scope, page.as_of)


def _below(top: str, drivers: dict[str, tuple[str, ...]]) -> list[str]:
    found, waiting = [top], [top]
    while waiting:
        for name in drivers.get(waiting.pop(), ()):
            if name not in found:
                found.append(name)
                waiting.append(name)
    return found


def _page_of(page: Page, metric: str, period: Period) -> str:
    view = page.view.changed(period=page.calendar.text(period), metrics=(), by=(), grain=None)
    return f"{reverse('metrics:metric', args=[metric])}?{view.to_query()}"
