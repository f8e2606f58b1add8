"""A running job in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from salesloop.app.jobs.models import Job, State
from salesloop.app.ui.language import current_lang
from salesloop.engine.report.number import format_number


def state_of(job: Job) -> str:
    """What it does now."""
    if job.cancel_requested and not job.is_over:
        return _("正在停止")
    if job.state == State.RUNNING and job.stage:
        return _(job.stage)
    return str(job.get_state_display())


def figures_of(job: Job) -> list[str]:
    """Rows, speed and time left, as far as they are known."""
    lang = current_lang()
    found = []
    if job.rows:
        found.append(_("%(rows)s 行") % {"rows": format_number(job.rows, "count", lang, style="exact").text})
    if job.rate:
        found.append(
            _("每秒 %(rows)s 行") % {"rows": format_number(round(job.rate), "count", lang, style="exact").text}
        )
    if job.seconds_left is not None:
        found.append(_left(job.seconds_left))
    return found


def _left(seconds: int) -> str:
    if seconds < 60:
        return _("约剩 %(n)d 秒") % {"n": max(1, seconds)}
    return _("约剩 %(n)d 分钟") % {"n": -(-seconds // 60)}
