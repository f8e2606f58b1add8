"""ECharts options → SVG in this process, without a browser.

One V8 context per process holds the bundled ECharts; a lock lets one chart through at a time (about 10 ms each). The
context is replaced now and then, so a long-lived server does not collect what ECharts leaves behind.
"""

from __future__ import annotations

import atexit
import json
import re
from hashlib import sha256
from html import escape
from importlib import resources
from threading import Lock
from typing import Any

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages
from salesloop.engine.report.charts import Option

_RENDERS_PER_CONTEXT = 500
_HOVER = re.compile(r"<style ?>.*?</style>| class=\"zr[^\"]*\"", re.DOTALL)
_COUNTED = re.compile(r"\bzr\d+-")
_MESSAGES = Messages("salesloop.engine.report")


class _Engine:
    """The V8 context of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._context: Any = None
        self._renders = 0

    def render(self, option: str, width: int, height: int) -> str:
        with self._lock:
            if self._context is None or self._renders >= _RENDERS_PER_CONTEXT:
                self._replace()
            self._renders += 1
            return str(self._context.call("renderSvg", option, width, height))

    def close(self) -> None:
        """Let V8 go while its thread still lives: left to the interpreter's end, one process in twenty never exits."""
        with self._lock:
            if self._context is not None:
                self._context.close()
            self._context = None

    def _replace(self) -> None:
        from py_mini_racer import MiniRacer  # 80 MB of V8: only for who draws

        if self._context is not None:
            self._context.close()
        self._context = MiniRacer()
        self._context.eval(_bundle())
        self._renders = 0


_ENGINE = _Engine()
atexit.register(_ENGINE.close)


def svg(option: Option, width: int, height: int, *, description: str = "") -> str:
    """The chart as an SVG document of ``width`` × ``height`` with ``description`` as its accessible name."""
    source = json.dumps(option, ensure_ascii=False)
    drawn = _still(_ENGINE.render(source, width, height), source)
    if not description:
        return drawn
    head, rest = drawn.split(">", 1)
    return f'{head} role="img" aria-label="{escape(description)}">{rest}'


def _still(drawn: str, source: str) -> str:
    """Without the rules for hovering, and with names that come from the content instead of a counter.

    So the same chart is the same text in every process, and charts set into one page do not share clipping paths.
    """
    name = sha256(source.encode()).hexdigest()[:10]
    return _COUNTED.sub(f"c{name}-", _HOVER.sub("", drawn))


def _bundle() -> str:
    file = resources.files("salesloop.engine.report").joinpath("assets", "echarts-ssr.js")
    if not file.is_file():
        raise UserError(_MESSAGES.message("assets_missing"))
    return file.read_text("utf-8")
