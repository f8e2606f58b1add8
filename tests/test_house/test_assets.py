"""What the build makes: bundles that fit their budget, a chart renderer for bare V8, and no work when nothing changed."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

import hatch_build

ROOT = Path(hatch_build.__file__).parent
DIST = ROOT / hatch_build.OUTPUTS["static"]
BAR = {
    "xAxis": {"type": "category", "data": ["华东", "西北"]},
    "yAxis": {
        "min": 0,
        "max": 4e6,
        "interval": 2e6,
        "axisLabel": {"formatter": {"$format": "lookup", "labels": [[0, "0"], [2e6, "200万"], [4e6, "400万"]]}},
    },
    "series": [{"type": "bar", "data": [3.2e6, 1.1e6], "label": {"show": True, "formatter": "320万元"}}],
}


@pytest.fixture(scope="module")
def v8() -> Iterator[MiniRacer]:
    with MiniRacer() as context:  # left open, it may keep the process from ending
        context.eval((ROOT / hatch_build.OUTPUTS["report"] / "echarts-ssr.js").read_text(encoding="utf-8"))
        yield context


def test_a_page_stays_below_its_script_budget():
    size = sum(len(gzip.compress(file.read_bytes(), 9)) for file in DIST.glob("*.js"))
    assert size < 400_000


def test_chart_is_drawn_without_a_browser(v8):
    svg = v8.call("renderSvg", json.dumps(BAR), 600, 360, "ZH")
    assert svg.startswith('<svg width="600" height="360"')
    assert all(text in svg for text in ("华东", "西北", "320万元", "200万", "400万"))


@pytest.mark.parametrize(("locale", "month"), [("ZH", "3月"), ("EN", "Mar")])
def test_time_axis_speaks_the_language(v8, locale, month):
    points = [["2026-01-01", 1], ["2026-03-01", 3], ["2026-06-01", 2]]
    option = {"xAxis": {"type": "time"}, "yAxis": {}, "series": [{"type": "line", "data": points}]}
    assert month in v8.call("renderSvg", json.dumps(option), 900, 300, locale)


@pytest.mark.parametrize("kind", ["line", "bar", "pie", "scatter", "funnel", "gauge", "heatmap"])
def test_every_kind_of_chart_is_bundled(v8, kind):
    series = {"type": kind, "data": [[0, 0, 7], [1, 0, 9]] if kind == "heatmap" else [{"value": 7, "name": "甲"}]}
    axes = {} if kind in ("pie", "funnel", "gauge") else {"xAxis": {"type": "category"}, "yAxis": {"type": "category"}}
    option = {**axes, "visualMap": {"max": 9, "show": False}, "series": [series]}
    empty = {**option, "series": []}
    drawn, blank = (v8.call("renderSvg", json.dumps(each), 300, 200).count("<p") for each in (option, empty))
    assert drawn > blank


def test_unknown_format_in_a_chart_is_an_error(v8):
    with pytest.raises(Exception, match="unknown format"):
        v8.call("renderSvg", json.dumps({"series": [{"label": {"formatter": {"$format": "nonsense"}}}]}), 300, 200)


def test_nothing_runs_when_nothing_changed(monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("npm or node was started")

    hatch_build.build_assets(ROOT)
    monkeypatch.setattr(hatch_build, "run_npm", refuse)
    monkeypatch.setattr(hatch_build, "run_node", refuse)
    hatch_build.build_assets(ROOT)


def test_a_changed_source_is_noticed(tmp_path):
    (tmp_path / "src").mkdir()
    source = tmp_path / "src" / "main.ts"
    source.write_text("1", encoding="utf-8")
    before = hatch_build.digest(tmp_path, hatch_build.SOURCES)
    source.write_text("2", encoding="utf-8")
    assert hatch_build.digest(tmp_path, hatch_build.SOURCES) != before


def test_assets_can_be_left_out(tmp_path, monkeypatch):
    monkeypatch.setenv("SALESLOOP_SKIP_ASSETS", "1")
    hatch_build.build_assets(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_messages_are_compiled_without_gettext(tmp_path):
    folder = tmp_path / hatch_build.PACKAGE / "app" / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "总览"\nmsgstr "Overview"\n',
        encoding="utf-8",
    )
    hatch_build.compile_messages(tmp_path)
    code = "import gettext, sys; print(gettext.GNUTranslations(open(sys.argv[1], 'rb')).gettext('总览'))"
    said = subprocess.run(
        [sys.executable, "-c", code, folder / "django.mo"], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "Overview"


def test_wheel_is_small_and_whole(tmp_path):
    from scripts.try_wheel import check_contents

    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    check_contents(next(tmp_path.glob("*.whl")))
