"""Finding rules on a small company: what is off is raised once, with its cause; what is usual is not."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.findings.draft import FindingDraft
from salesloop.engine.analyze.findings.find import find
from salesloop.engine.analyze.findings.rule import Rule, load_rules
from salesloop.engine.metrics import parse_filter
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from tests.engine.metrics.world import TODAY, World

AREAS = ("华东", "华南", "华北", "西南")
SEASON = (90, 60, 100, 100, 100, 115, 95, 95, 105, 95, 180, 110)


def months(count: int = 37) -> list[dt.date]:
    first = TODAY.year * 12 + TODAY.month - count
    return [dt.date(index // 12, index % 12 + 1, 5) for index in range(first, first + count)]


def order_lines(shortage: float = 1.0) -> list[dict[str, object]]:
    """One line a month, area, channel and category on the 5th; the November peak is 80 % above October in every year.

    `shortage` is what is left of 华东 × 分销 × 打印 in the current month.
    """
    rows = []
    for at, day in enumerate(months()):
        for area in range(4):
            for place, (channel, product, share) in enumerate(
                (("分销", "P", 0.25), ("分销", "S", 0.25), ("直销", "P", 0.2), ("直销", "S", 0.3))
            ):
                wobble = 1 + 0.02 * math.sin(7 * at + 3 * area + place)
                amount = 1000 * SEASON[day.month - 1] / 100 * 1.005**at * share * wobble * (1 + area / 4)
                if day.month == 11 and day.year == 2026 and (area, channel, product) == (0, "分销", "P"):
                    amount *= shortage
                number = f"O{at}-{area}-{place}"
                rows.append(
                    {"order_id": number, "line_no": 1, "order_date": day, "amount": round(amount, 2), "channel_id": channel,
                     "product_id": product, "org_unit_id": f"D{area + 1}", "customer_id": f"C{area}{place}", "quantity": 1}
                )  # fmt: skip
    return rows


def company(tmp_path, lines, **more) -> Asking:
    units = [{"org_unit_id": "D0", "name": "全国"}]
    units += [{"org_unit_id": f"D{n}", "name": f"{area}大区", "parent_id": "D0"} for n, area in enumerate(AREAS, 1)]
    world = World(
        tmp_path / "company",
        org_unit=units,
        channel=[{"channel_id": "分销", "name": "分销"}, {"channel_id": "直销", "name": "直销"}],
        product=[
            {"product_id": "P", "name": "打印机", "category": "打印"},
            {"product_id": "S", "name": "扫描仪", "category": "扫描"},
        ],
        order_line=lines,
        **more,
    )
    return Asking(world.workspace, world.registry, Scope.all(), TODAY)


def off(draft: FindingDraft) -> float:
    """By which share the finding is off."""
    assert draft.observed is not None
    assert draft.expected is not None
    return (draft.observed - draft.expected) / draft.expected


ANOMALY = Rule.model_validate(
    {"rule": "revenue-odd", "label": {"zh-Hans": "异常", "en": "Odd"}, "kind": "anomaly", "metric": "revenue",
     "watch": [["org_unit:2"], ["channel"], []], "explain_by": [["channel", "category"], ["channel"], ["category"]]}
)  # fmt: skip


@pytest.mark.requirement("L01", "L02", "I02")
def test_a_shortage_is_raised_once_with_its_cause(tmp_path):
    found = find(company(tmp_path, order_lines(shortage=0.1)), [ANOMALY])
    assert len(found) == 1, [draft.message.text() for draft in found]
    draft = found[0]
    assert [member.name for member in draft.members] == ["华东大区"]
    # A quarter of the area at a tenth: 22.5 % missing.
    assert off(draft) == pytest.approx(-0.225, abs=0.03)
    assert [member.name for member in draft.causes[0].members] == ["分销", "打印"]
    assert draft.causes[0].share == pytest.approx(1.0, abs=0.15)
    assert (draft.start, draft.end) == (dt.date(2026, 11, 1), dt.date(2026, 11, 30))


@pytest.mark.requirement("L02", "I06")
def test_the_peak_of_every_november_is_not_raised(tmp_path):
    assert find(company(tmp_path, order_lines()), [ANOMALY]) == []


def test_evidence_leads_to_the_slice_and_the_period(tmp_path):
    (draft,) = find(company(tmp_path, order_lines(shortage=0.1)), [ANOMALY])
    assert draft.evidence.metrics == ("revenue",)
    assert draft.evidence.period == "2026-11"
    assert [parse_filter(text).values for text in draft.evidence.where] == [("D1",)]


def test_sentences_hold_the_number_in_three_languages(tmp_path):
    (draft,) = find(company(tmp_path, order_lines(shortage=0.1)), [ANOMALY])
    gap = f"{abs(off(draft)):.1%}"
    assert draft.message.text("zh-Hans") == f"华东大区销售额比预期低 {gap}"
    assert draft.message.text("zh-Hant").endswith(f"比預期低 {gap}")
    assert draft.message.text("en") == f"Revenue of 华东大区 is {gap} below what was to be expected"


def test_the_same_trouble_has_the_same_fingerprint_next_month(tmp_path):
    asking = company(tmp_path, order_lines(shortage=0.1))
    (first,) = find(asking, [ANOMALY])
    later = Asking(asking.workspace, asking.registry, asking.scope, TODAY + dt.timedelta(days=3))
    (second,) = find(later, [ANOMALY])
    assert first.fingerprint == second.fingerprint


PACE = Rule.model_validate(
    {"rule": "pace", "label": {"zh-Hans": "进度", "en": "Pace"}, "kind": "target_pace", "metric": "revenue", "limit": 0.85,
     "watch": [["org_unit:2"], []]}
)  # fmt: skip


@pytest.mark.requirement("E11", "L01")
def test_pace_to_target(tmp_path):
    # 21 of 30 days: 700 of 1,000 were due. D1 has 560 (80 % of the pace), D2 has 630 (90 %).
    day = dt.date(2026, 11, 5)
    lines = [
        {"order_id": f"O{n}", "line_no": 1, "order_date": day, "amount": amount, "org_unit_id": f"D{n}"}
        for n, amount in ((1, 560), (2, 630))
    ]
    targets = [
        {"org_unit_id": f"D{n}", "period_start": dt.date(2026, 11, 1), "period": "month", "value": 1000} for n in (1, 2)
    ]
    (draft,) = find(company(tmp_path, lines, target=targets), [PACE])
    assert [member.id for member in draft.members] == ["D1"]
    assert draft.observed == 560
    assert draft.expected == pytest.approx(700)
    assert draft.message.text("zh-Hans") == "华东大区销售额达成 56.0%，时间进度已到 70%"


CHANGE = Rule.model_validate(
    {"rule": "fall", "label": {"zh-Hans": "下降", "en": "Fall"}, "kind": "change", "metric": "revenue", "limit": 0.3,
     "compare": "year", "watch": [["org_unit:2"], []]}
)  # fmt: skip


def test_change_against_the_year_before(tmp_path):
    lines = []
    for n, now in ((1, 600), (2, 800)):
        for year, amount in ((2025, 1000), (2026, now)):
            lines.append(
                {
                    "order_id": f"O{n}{year}",
                    "line_no": 1,
                    "order_date": dt.date(year, 11, 5),
                    "amount": amount,
                    "org_unit_id": f"D{n}",
                }
            )
    (draft,) = find(company(tmp_path, lines), [CHANGE])
    assert [member.id for member in draft.members] == ["D1"]
    assert draft.message.text("zh-Hans") == "华东大区销售额同比下降 40.0%"


MISSING = Rule.model_validate(
    {
        "rule": "silent",
        "label": {"zh-Hans": "中断", "en": "Silent"},
        "kind": "missing_data",
        "entity": "order_line",
        "limit": 4,
    }
)


@pytest.mark.requirement("L05", "C05")
@pytest.mark.parametrize(("last", "raised"), [(dt.date(2026, 11, 16), True), (dt.date(2026, 11, 17), False)])
def test_data_that_stopped_coming(tmp_path, last, raised):
    lines = [{"order_id": "O1", "line_no": 1, "order_date": last, "amount": 10}]
    found = find(company(tmp_path, lines), [MISSING])
    assert bool(found) is raised
    if raised:
        assert found[0].message.text("zh-Hans") == "订单明细已 5 天没有新数据，最后一条是 2026-11-16"


def test_a_broken_rule_does_not_silence_the_others(tmp_path):
    broken = PACE.model_copy(update={"rule": "broken", "metric": "no_such_metric"})
    problems: list[tuple[Rule, UserError]] = []
    found = find(
        company(tmp_path, order_lines(shortage=0.1)), [broken, ANOMALY], on_problem=lambda *pair: problems.append(pair)
    )
    assert len(found) == 1
    assert [rule.rule for rule, _ in problems] == ["broken"]


def test_built_in_rules_name_metrics_and_dimensions_that_exist(tmp_path):
    asking = company(tmp_path, order_lines()[:1])
    for rule in load_rules():
        if rule.metric:
            asking.metric(rule.metric)
        for dimension in {name.split(":")[0] for by in (*rule.watch, *rule.explain_by) for name in by}:
            asking.registry.dimension(dimension)


def test_a_workspace_replaces_a_built_in_rule(tmp_path):
    (tmp_path / "own.yaml").write_text(
        "rule: orders-missing\nlabel: {zh-Hans: 订单, en: Orders}\nkind: missing_data\nentity: order_line\nlimit: 10\n",
        "utf-8",
    )
    rules = {rule.rule: rule for rule in load_rules(tmp_path)}
    assert rules["orders-missing"].limit == 10
    assert len(rules) == len(load_rules())


@pytest.mark.parametrize(
    "text",
    [
        "rule: x\nkind: threshold\n",
        "rule: [",
        "rule: a\nlabel: {zh-Hans: 甲, en: A}\nkind: threshold\nmetric: revenue\n",
    ],
)
def test_a_wrong_rule_file_is_named(tmp_path, text):
    (tmp_path / "wrong.yaml").write_text(text, "utf-8")
    with pytest.raises(UserError, match=r"wrong\.yaml"):
        load_rules(tmp_path)
