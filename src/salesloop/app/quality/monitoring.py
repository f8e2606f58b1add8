"""Deliveries against what is usual, as the page shows them; and stewards told of those that are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import Role, User
from salesloop.app.notices.services import notify
from salesloop.app.quality.drawn import band_line
from salesloop.app.quality.models import ToldAlarm
from salesloop.app.quality.sight import book, entity_word
from salesloop.app.ui.language import current_lang, lang_of
from salesloop.app.workspace.services import snapshot, workspace
from salesloop.engine.analyze.quality import Judged, judged
from salesloop.engine.analyze.quality.monitors import MonitorState, alarms, states
from salesloop.engine.analyze.quality.trends import Trends, trends
from salesloop.engine.clean.values.cells import literals
from salesloop.engine.model.scope import Scope
from salesloop.engine.report.number import Format, Style, format_number

_FORMATS: dict[str, Format] = {"volume": "count", "blanks": "percent", "mix": "number", "late": "count"}
_ORDER = ("volume", "late", "blanks", "mix")


@dataclass(frozen=True, slots=True)
class Watched:
    """One monitor of a delivery. `usual` is its band in words, '' while it is learning."""

    name: str
    field: str
    state: str
    sentence: str
    observed: str
    usual: str
    line: SafeString


@dataclass(frozen=True, slots=True)
class Delivered:
    """The last delivery of a source. `alarms` are off the usual, `quiet` the other monitors."""

    anchor: str
    entity: str
    source: str
    file: str
    at: dt.datetime
    alarms: list[Watched]
    quiet: list[Watched]

    @property
    def learning(self) -> bool:
        """Whether nothing is known yet of what is usual."""
        return bool(self.quiet) and not self.alarms and all(each.state == "learning" for each in self.quiet)


def deliveries(of: Judged, today: dt.date) -> list[Delivered]:
    """The last delivery of every source, those with alarms first."""
    found, gone_by = states(of, today, workspace().config.timezone), trends(of)
    files = _files({each.batch_id for each in found})
    groups: dict[tuple[str, str], list[MonitorState]] = {}
    for each in found:
        groups.setdefault((each.entity, each.source), []).append(each)
    out = [_delivered(of, group, files, gone_by) for group in groups.values()]
    return sorted(out, key=lambda one: (not one.alarms, one.learning, one.entity, one.source))


def tell_alarms(today: dt.date) -> int:
    """Tell the stewards of each alarm once: (a delivery, what is off). Returns how many deliveries they were told of."""
    of = judged(snapshot(), Scope.all(), book())
    fresh: dict[tuple[str, str, str], list[MonitorState]] = {}
    with transaction.atomic():
        for alarm in alarms(of, today, workspace().config.timezone):
            about = {name: getattr(alarm, name) for name in ("entity", "source", "monitor", "field", "batch_id")}
            if ToldAlarm.objects.get_or_create(**about)[1]:
                fresh.setdefault((alarm.entity, alarm.source, alarm.batch_id), []).append(alarm)
        stewards = list(User.objects.filter(role=Role.STEWARD, is_active=True))
        for found in fresh.values():
            _tell(stewards, of, found)
    return len(fresh)


def anchor_of(entity: str, source: str) -> str:
    """Where a source stands on the page: its place among all that have the same letters does not matter."""
    return f"{entity}-{source.encode().hex()[:24]}"


def _tell(stewards: Iterable[User], of: Judged, found: list[MonitorState]) -> None:
    first, more = min(found, key=lambda each: _ORDER.index(each.monitor)), len(found) - 1
    text = (
        gettext_noop("送来的数据异常：%(alarm)s")
        if not more
        else gettext_noop("送来的数据异常：%(alarm)s，另有 %(more)s 项")
    )
    url = f"{reverse('quality:deliveries')}#{anchor_of(first.entity, first.source)}"
    for steward in stewards:
        notify([steward], text, url, alarm=first.message(of).text(lang_of(steward.language)), more=more)


def _files(batches: set[str]) -> dict[str, str]:
    if not batches:
        return {}
    found = snapshot().rows(f"SELECT batch_id, file_name FROM ledger.batch WHERE batch_id IN ({literals(batches)})")
    return {row["batch_id"]: row["file_name"] for row in found}


def _delivered(of: Judged, group: list[MonitorState], files: dict[str, str], gone_by: Trends) -> Delivered:
    newest = max(group, key=lambda each: each.at)
    shown = [_watched(of, each, gone_by) for each in sorted(group, key=lambda each: _ORDER.index(each.monitor))]
    return Delivered(
        anchor=anchor_of(newest.entity, newest.source),
        entity=entity_word(newest.entity),
        source=newest.source,
        file=files.get(newest.batch_id, ""),
        at=newest.at,
        alarms=[each for each in shown if each.state == "alarm"],
        quiet=[each for each in shown if each.state != "alarm"],
    )


def _watched(of: Judged, each: MonitorState, gone_by: Trends) -> Watched:
    names = {"volume": _("行数"), "blanks": _("空白"), "mix": _("构成"), "late": _("等待的工作日")}
    fields = of.book.model.entity(each.entity).by_name
    usual = ""
    if each.high is not None and each.low is not None:
        high, low = _number(each, each.high), _number(each, each.low)
        usual = f"{low}–{high}" if each.monitor == "volume" else _("不超过 %(high)s") % {"high": high}
    values = gone_by.get((each.entity, each.source, each.monitor, each.field), ())
    return Watched(
        name=names[each.monitor],
        field=fields[each.field].label.get(current_lang()) if each.field in fields else "",
        state=each.state,
        sentence=each.message(of).text(current_lang()),
        observed=_number(each, each.observed),
        usual=usual,
        line=band_line(values, each.low, each.high),
    )


def _number(each: MonitorState, value: float) -> str:
    shown = round(value, 2) if each.monitor == "mix" else float(round(value)) if each.monitor != "blanks" else value
    style: Style = "compact" if each.monitor == "blanks" else "exact"
    return str(format_number(shown, _FORMATS[each.monitor], current_lang(), style=style, currency="", unit=""))
