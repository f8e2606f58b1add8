"""Charts: pure JSON options, drawn with every label, and a table of the exact values."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from html import unescape

import pytest

from salesloop.engine.report.chart import ChartSpec, Series
from salesloop.engine.report.chart_text import describe, table_of
from salesloop.engine.report.charts import chart_height, echarts_option
from salesloop.engine.report.charts.base import nice_ticks
from salesloop.engine.report.render import svg as renderer
from salesloop.engine.report.render.drawing import chart_svg
from salesloop.engine.report.render.png import png
from tests.engine.report.specs import SPECS

TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)

LABELS = {
    "trend": ["本年", "去年", "目标", "华东分销断货", "284.6", "万元", "W34", "W46"],
    "bars": ["上海一部", "杭州部", "312.4", "288.0", "▲6.2%", "目标", "万元", "环比"],
    "diverging": ["分销 × 打印设备", "−72.0", "+18.0", "−0.5", "万元"],
    "stacked": ["直销", "分销", "1月", "3月", "万元"],
    "waterfall": ["上月", "1,209.4", "+18.2", "−8.0", "1,219.6", "万元"],
    "waterfall below zero": ["40.0", "−30.0", "−60.0", "+20.0"],
    "funnel": ["线索", "1,840", "702", "201", "38.2%", "转化"],
    "ring": ["67.0%", "闭环率"],
    "effect": ["华东大客户", "应有水平", "95% 区间", "行动开始"],
    "heat": ["华东", "西北", "打印", "400.0", "15.0"],
    "rate": ["华东", "华南", "大单", "1月"],
}


def drawn(svg: str) -> list[str]:
    return [unescape(text) for text in TEXT.findall(svg)]


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("width", [343, 720])
def test_an_option_is_pure_json(name: str, width: int) -> None:
    option = echarts_option(SPECS[name], "dark", "zh-Hans", width)
    assert json.loads(json.dumps(option, allow_nan=False)) == option


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("width", [343, 720])
def test_every_label_is_drawn(name: str, width: int) -> None:
    texts = drawn(chart_svg(SPECS[name], "zh-Hans", width))
    assert not [label for label in LABELS[name] if label not in texts], texts


@pytest.mark.parametrize("name", SPECS)
def test_a_chart_says_what_it_shows_to_those_who_cannot_see_it(name: str) -> None:
    spec = SPECS[name]
    svg = chart_svg(spec, "en", 400)
    assert svg.startswith("<svg")
    assert 'role="img"' in svg
    named = re.search(r'aria-label="([^"]*)"', svg)
    assert named is not None
    assert unescape(named[1]) == describe(spec, "en")
    assert spec.title in describe(spec, "zh-Hans")


def test_the_description_names_first_and_last_value_and_the_notes() -> None:
    said = describe(SPECS["trend"], "zh-Hans").replace("\u00a0", " ")
    assert said == "折线图：销售额：近 13 周。从 W34 231.0 万元 到 W46 284.6 万元。W45：华东分销断货。"


@pytest.mark.requirement("K01")
@pytest.mark.parametrize("name", SPECS)
def test_the_table_view_holds_the_exact_values(name: str) -> None:
    spec = SPECS[name]
    table = table_of(spec, "zh-Hans")
    for number, series in enumerate(spec.series, 1):
        assert table.column(number) == list(series.values)
    assert table.column(0) == list(spec.categories)


def test_tooltips_carry_every_digit() -> None:
    option = echarts_option(SPECS["trend"], "light", "zh-Hans")
    texts = [point["text"] for series in option["series"] for point in series["data"] if point and "text" in point]
    assert "2,846,021.50\u00a0元" in texts


def test_up_is_red_or_green_by_the_company_s_habit() -> None:
    def colours(*, red_up: bool) -> list[str]:
        option = echarts_option(SPECS["diverging"], "light", "zh-Hans", red_up=red_up)
        return [bar["itemStyle"]["color"] for bar in option["series"][0]["data"]]

    assert colours(red_up=True) == ["#0d7f58", "#c8322b", "#0d7f58"]
    assert colours(red_up=False) == ["#c8322b", "#0d7f58", "#c8322b"]


def test_a_waterfall_lies_down_on_a_phone() -> None:
    spec = ChartSpec(
        "waterfall",
        "为什么",
        tuple("abcdefg"),
        (Series("x", tuple(Decimal(n) for n in (9, 1, 1, 1, 1, 1, 14))),),
        "count",
    )
    assert echarts_option(spec, "light", "en", 343)["yAxis"]["type"] == "category"
    assert echarts_option(spec, "light", "en", 720)["xAxis"]["type"] == "category"


def test_bars_hang_between_running_totals() -> None:
    option = echarts_option(SPECS["waterfall below zero"], "light", "zh-Hans")
    stacks = [[point["value"] for point in series["data"]] for series in option["series"] if series["type"] == "bar"]
    base, step, base_below, step_below = stacks
    assert base == [0, 100000, 0, 0, 0]
    assert step == [400000, 300000, 100000, 0, 0]
    assert base_below == [0, 0, 0, -300000, 0]
    assert step_below == [0, 0, -500000, -200000, -300000]


def test_an_unfinished_period_is_a_dashed_piece_of_the_same_line() -> None:
    series = [item for item in echarts_option(SPECS["trend"], "light", "zh-Hans")["series"] if item["name"] == "本年"]
    assert [item["lineStyle"].get("type", "solid") for item in series] == ["solid", [4, 3]]
    assert series[0]["data"][-1] is None
    assert [point["value"] for point in series[1]["data"] if point] == [2512008.2, 2846021.5]


@pytest.mark.parametrize(
    ("numbers", "zero", "expected"),
    [
        ([2.2, 9.7], True, (0.0, 10.0, 2.5)),
        ([1010.0, 1420.0], False, (1000.0, 1600.0, 200.0)),
        ([-3.0, 12.0], False, (-5.0, 15.0, 5.0)),
        ([3.0, 12.0], False, (0.0, 15.0, 5.0)),
        ([], True, (0.0, 1.0, 0.25)),
        ([7.0], False, (6.0, 8.0, 0.5)),
    ],
)
def test_ticks_are_round_and_hold_all_values(numbers: list[float], zero: bool, expected: tuple[float, ...]) -> None:
    low, high, step, ticks = nice_ticks(numbers, zero=zero, count=4)
    assert (low, high, step) == expected
    assert (float(ticks[0]), float(ticks[-1])) == (low, high)


def test_series_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="each of 2 categories"):
        ChartSpec("bars", "x", ("a", "b"), (Series("s", (1,)),), "count")


def test_heights_grow_with_rows() -> None:
    assert chart_height(SPECS["funnel"]) == 3 * 34 + 26
    assert chart_height(SPECS["bars"]) == 2 * 30 + 26


def test_a_picture_has_the_asked_size() -> None:
    picture = png(chart_svg(SPECS["bars"], "zh-Hans", 400), zoom=2.0)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 800


def test_the_same_chart_is_the_same_text_every_time() -> None:
    first, second = (chart_svg(SPECS["trend"], "zh-Hans", 400) for _ in range(2))
    assert first == second
    assert "<style" not in first


def test_drawing_goes_on_with_a_fresh_context_and_from_many_threads() -> None:
    expected = chart_svg(SPECS["bars"], "zh-Hans", 400)
    renderer._ENGINE._renders = renderer._RENDERS_PER_CONTEXT  # the next one starts with a new V8
    with ThreadPoolExecutor(4) as threads:
        drawings = list(threads.map(lambda _: chart_svg(SPECS["bars"], "zh-Hans", 400), range(12)))
    assert set(drawings) == {expected}
    assert renderer._ENGINE._renders == 12


def test_charts_of_one_page_do_not_share_clipping_paths() -> None:
    ids = [set(re.findall(r'id="([^"]+)"', chart_svg(SPECS[name], "zh-Hans", 400))) for name in ("trend", "effect")]
    assert all(ids)
    assert not ids[0] & ids[1]


def test_braces_of_names_are_not_templates() -> None:
    spec = ChartSpec("trend", "x", ("{c}", "b"), (Series("{a}", (1, 2)),), "count")
    texts = drawn(chart_svg(spec, "en", 400))
    assert {"{c}", "(a)"} <= set(texts)
