"""How each metric is defined, in words: for the handbook, the command line and everyone who reads definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from salesloop.engine.metrics.definition import (
    Churn,
    Cohort,
    Conversion,
    Cumulative,
    Derived,
    Distribution,
    Measure,
    Metric,
    Parameter,
    Rank,
    Ratio,
    RowBased,
    Share,
    Spread,
    Stage,
    Status,
    Stock,
    Target,
)
from salesloop.engine.metrics.dimension import Dimension
from salesloop.engine.metrics.registry import Registry
from salesloop.engine.metrics.schema import json_schema
from salesloop.engine.model.text import Lang, Text

_W: Final[dict[str, Text]] = {
    "title": Text("指标手册", "Handbook of metrics"),
    "intro": Text(
        "每个指标只有一个定义，页面、提醒、报告、导出和接口用的都是它。本页由定义文件生成，请勿手工修改。",
        "Every metric has one definition, which pages, alerts, reports, exports and the API all use. This page is made "
        "from the definition files; do not edit it by hand.",
    ),
    "metrics": Text("指标", "Metrics"),
    "parts": Text("只作组成部分的指标", "Metrics that are only parts of others"),
    "dimensions": Text("维度", "Dimensions"),
    "formula": Text("计算方式", "Formula"),
    "caveats": Text("注意", "Mind"),
    "type": Text("类型", "Type"),
    "rows": Text("数据来源", "Rows"),
    "date": Text("归入期间", "Period by"),
    "expression": Text("表达式", "Expression"),
    "filter": Text("条件", "Condition"),
    "aggregate": Text("汇总", "Aggregate"),
    "per": Text("先按", "First per"),
    "ratio": Text("比率", "Ratio"),
    "window": Text("窗口", "Window"),
    "over": Text("占比的范围", "Share over"),
    "all": Text("全部", "everything"),
    "within": Text("排名的范围", "Ranked within"),
    "quantile": Text("分位数", "Quantile"),
    "buckets": Text("分段界限", "Bounds of the buckets"),
    "then": Text("随后", "Then"),
    "params": Text("参数", "Parameters"),
    "of": Text("针对指标", "Of the metric"),
    "unit": Text("格式", "Format"),
    "favorable": Text("方向", "Good direction"),
    "owner": Text("负责人", "Owner"),
    "review": Text("复核", "Review"),
    "version": Text("版本", "Version"),
    "status": Text("状态", "Status"),
    "successor": Text("替代指标", "Replaced by"),
    "drivers": Text("驱动指标", "Driven by"),
    "tags": Text("标签", "Tags"),
    "sources": Text("依据的需求", "Requirements"),
    "slices": Text("可拆分的维度", "Can be split by"),
    "id": Text("编号", "Id"),
    "name": Text("名称", "Name"),
    "about": Text("说明", "Description"),
    "levels": Text("层级", "Tree"),
    "yes": Text("是", "yes"),
    "no": Text("否", "no"),
}
_TYPES: Final[dict[str, Text]] = {
    "measure": Text("汇总", "measure"),
    "distribution": Text("分布", "distribution"),
    "snapshot": Text("时点存量", "snapshot (semi-additive)"),
    "conversion": Text("转化", "conversion"),
    "cohort": Text("同期群", "cohort"),
    "churn": Text("流失", "churn"),
    "spread": Text("按天分摊", "spread over days"),
    "ratio": Text("比率", "ratio"),
    "derived": Text("推算", "derived"),
    "cumulative": Text("累计", "cumulative"),
    "share": Text("占比", "share of the whole"),
    "rank": Text("排名", "rank"),
    "target": Text("目标", "target"),
}
_FAVORABLE: Final[dict[str, Text]] = {
    "up": Text("越高越好", "higher is better"),
    "down": Text("越低越好", "lower is better"),
    "neutral": Text("不分好坏", "neither"),
}
STATUSES: Final[dict[Status, Text]] = {
    "draft": Text("草案", "draft"),
    "active": Text("使用中", "in use"),
    "deprecated": Text("即将停用", "deprecated"),
    "retired": Text("已停用", "retired"),
}
TAGS: Final[dict[str, Text]] = {"leading": Text("先行", "leading"), "lagging": Text("滞后", "lagging")}
_REVIEWS: Final[dict[str, Text]] = {
    "month": Text("每月", "every month"),
    "quarter": Text("每季度", "every quarter"),
    "half-year": Text("每半年", "every half-year"),
    "year": Text("每年", "every year"),
}
_FORMATS: Final[dict[str, Text]] = {
    "money": Text("金额（本位币）", "money (base currency)"),
    "number": Text("数值", "number"),
    "percent": Text("百分比", "percentage"),
    "days": Text("天数", "days"),
    "count": Text("个数", "count"),
}
_AGGREGATES: Final[dict[str, Text]] = {
    "sum": Text("求和", "sum"),
    "count": Text("计数", "count"),
    "count_distinct": Text("去重计数", "count of different values"),
    "average": Text("平均", "mean"),
    "median": Text("中位数", "median"),
    "minimum": Text("最小值", "least"),
    "maximum": Text("最大值", "greatest"),
}
PAGES: Final[dict[Lang, str]] = {"zh-Hans": "handbook.zh-Hans.md", "en": "handbook.en.md"}
SCHEMA_FILE: Final = "metric.schema.json"


def definition_json(metric: Metric, registry: Registry) -> dict[str, Any]:
    """A definition as JSON, with what follows from it: the entities it reads and the dimensions it can be split by."""
    return metric.model_dump(mode="json", exclude_none=True) | {
        "entities": list(registry.entities_of(metric.metric)),
        "dimensions": [d.dimension for d in registry.dimensions_of(metric.metric) if not d.hidden],
    }


def facts_about(metric: Metric, registry: Registry, lang: Lang) -> Iterator[tuple[str, str]]:
    """(heading, text) of everything that a definition says, in a reader's language."""

    def word(key: str) -> str:
        return _W[key].get(lang)

    yield word("formula"), metric.formula.get(lang)
    if metric.caveats is not None:
        yield word("caveats"), metric.caveats.get(lang)
    yield word("type"), type_word(metric, lang)
    for key, text in _computed(metric, registry, lang):
        yield word(key), text
    if metric.params:
        yield word("params"), ", ".join(_parameter(name, one, lang) for name, one in metric.params.items())
    yield word("unit"), _FORMATS[metric.format].get(lang)
    yield word("favorable"), _FAVORABLE[metric.favorable].get(lang)
    yield word("slices"), ", ".join(d.dimension for d in registry.dimensions_of(metric.metric) if not d.hidden)
    if metric.status != "active":
        yield word("status"), STATUSES[metric.status].get(lang)
    if metric.successor is not None:
        yield word("successor"), metric.successor
    if metric.drivers:
        yield word("drivers"), ", ".join(metric.drivers)
    if metric.tags:
        yield word("tags"), ", ".join(TAGS[tag].get(lang) if tag in TAGS else tag for tag in metric.tags)
    yield word("owner"), metric.owner
    yield word("review"), _REVIEWS[metric.review_every].get(lang)
    yield word("version"), str(metric.version)
    if metric.sources:
        yield word("sources"), ", ".join(metric.sources)


def type_word(metric: Metric, lang: Lang) -> str:
    """What the type of a metric is called."""
    return _TYPES[metric.type].get(lang)


def _parameter(name: str, one: Parameter, lang: Lang) -> str:
    return f"`:{name}` {one.label.get(lang)} = {one.default} ({one.minimum} … {one.maximum})"


def _computed(metric: Metric, registry: Registry, lang: Lang) -> Iterator[tuple[str, str]]:
    match metric:
        case Ratio():
            yield "ratio", f"{metric.numerator} ÷ {metric.denominator}"
        case Derived():
            yield "expression", f"`{metric.expression}`"
        case Cumulative():
            yield "of", metric.measure
            yield "window", str(metric.to_date or metric.days)
        case Share():
            yield "of", metric.of
            yield "over", ", ".join(metric.over) or _W["all"].get(lang)
        case Rank():
            yield "of", metric.of
            if metric.within:
                yield "within", ", ".join(metric.within)
        case Target():
            yield "of", metric.of
        case _:
            yield from _row_based(metric, registry, lang)


def _row_based(metric: RowBased, registry: Registry, lang: Lang) -> Iterator[tuple[str, str]]:
    entity = registry.model.entity(metric.entity)
    yield "rows", f"{entity.label.get(lang)} `{entity.name}`"
    match metric:
        case Measure():
            yield "aggregate", _AGGREGATES[metric.aggregate].get(lang)
            if metric.expression is not None:
                yield "expression", f"`{metric.expression}`"
            if metric.per is not None:
                least = "" if metric.per.at_least is None else f" ≥ {metric.per.at_least}"
                yield "per", f"`{metric.per.key}` ({_AGGREGATES[metric.per.aggregate].get(lang)}{least})"
        case Stock():
            if metric.expression is not None:
                yield "expression", f"`{metric.expression}`"
            if metric.interval:
                yield "window", f"`{metric.opened}` … `{metric.closed}`"
        case Distribution():
            yield "expression", f"`{metric.expression}`"
            if metric.per is not None:
                yield "per", f"`{metric.per.key}` ({_AGGREGATES[metric.per.aggregate].get(lang)})"
            if metric.quantile is not None:
                yield "quantile", str(metric.quantile)
            else:
                yield "buckets", " · ".join(f"{bound:g}" for bound in metric.buckets or ())
        case Conversion():
            yield "per", f"`{metric.subject}`"
            yield "then", " → ".join(_stage(stage, metric) for stage in metric.stages)
            if metric.within_days is not None:
                yield "window", str(metric.within_days)
        case Cohort():
            yield "per", f"`{metric.subject}`"
            yield (
                "window",
                str(metric.within_days) if metric.after_days == 1 else f"{metric.after_days} … {metric.within_days}",
            )
        case Churn():
            yield "per", f"`{metric.subject}`"
            yield "window", str(metric.within_days or f"`{metric.until}`")
        case Spread():
            yield "expression", f"`{metric.expression}`"
            yield "window", f"… `{metric.until}`"
    if metric.filter is not None:
        yield "filter", f"`{metric.filter}`"
    if not (isinstance(metric, Stock) and metric.interval):
        yield "date", f"`{metric.date or entity.event_date}`"


def _stage(stage: Stage, metric: Conversion) -> str:
    return f"`{stage.entity or metric.entity}`" + ("" if stage.filter is None else f" `{stage.filter}`")


def page(registry: Registry, lang: Lang) -> str:
    """The handbook in one language, as Markdown."""
    lines = [f"# {_W['title'].get(lang)}", "", _W["intro"].get(lang), "", f"## {_W['metrics'].get(lang)}", ""]
    for hidden in (False, True):
        if hidden:
            lines += [f"## {_W['parts'].get(lang)}", ""]
        for metric in registry.metrics.values():
            if metric.hidden is hidden:
                lines += _metric_section(metric, registry, lang)
    lines += [f"## {_W['dimensions'].get(lang)}", "", *_dimension_table(registry, lang)]
    return "\n".join(lines) + "\n"


def _metric_section(metric: Metric, registry: Registry, lang: Lang) -> list[str]:
    facts = [f"- {heading}: {text}" for heading, text in facts_about(metric, registry, lang)]
    return [f"### {metric.label.get(lang)} `{metric.metric}`", "", metric.description.get(lang), "", *facts, ""]


def _dimension_table(registry: Registry, lang: Lang) -> list[str]:
    heads = [_W[key].get(lang) for key in ("id", "name", "levels", "about")]
    rows = [_dimension_row(dimension, lang) for dimension in registry.dimensions.values()]
    return [_row(heads), _row(["---"] * len(heads)), *rows]


def _dimension_row(dimension: Dimension, lang: Lang) -> str:
    tree = _W["yes" if dimension.tree else "no"].get(lang)
    return _row([f"`{dimension.dimension}`", dimension.label.get(lang), tree, dimension.description.get(lang)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def schema_text() -> str:
    """The JSON Schema as it is published."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def write_pages(registry: Registry, folder: Path) -> tuple[Path, ...]:
    """Write the handbook in each language and the schema; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: page(registry, lang) for lang, name in PAGES.items()} | {SCHEMA_FILE: schema_text()}
    written = []
    for name, text in texts.items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return tuple(written)
