"""Every way in which a question or a definition is refused, as somebody meets it who is new: what is wrong, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from salesloop.engine.model.text import LANGS
from tests.cli.run import Answer, salesloop
from tests.engine.metrics.world import World

QUESTIONS: dict[str, tuple[str, list[str]]] = {
    # what was asked: (words of the answer in every language, words in English)
    "revenu": ("revenue", ["Did you mean"]),
    "xyzzy": ("metrics list", ["no metric “xyzzy”"]),
    "": ("", ["at least one metric"]),
    "revenue,revenue": ("revenue", ["leave one out"]),
    "retired_one": ("revenue", ["retired", "use Revenue"]),
    "revenue --by regio": ("region", ["Did you mean"]),
    "revenue --by xyzzy": ("region", ["no dimension “xyzzy”", "Known ones"]),
    "revenue --by stage": ("org_unit", ["Deal stage", "Order lines", "Possible dimensions"]),
    "revenue,visits --by product": ("segment", ["Visits", "Product", "Activities"]),
    "revenue --where stage=won": ("org_unit", ["Deal stage", "Order lines"]),
    "revenue --by region:9": ("region:2", ["1 to 6"]),
    "revenue --by customer:2": ("customer:2", ["no levels"]),
    "revenue --by bucket": ("bucket", ["Revenue has no buckets"]),
    "revenue --where region": ("region", ["Write region=East"]),
    "revenue --where region=Atlantis": ("华东", ["no “Atlantis” in Region", "Known ones"]),
    "revenue --where metric=orders": ("metric=", ["attainment"]),
    "revenue --grain fortnight": ("quarter", ["no grain “fortnight”"]),
    "revenue --grain day --from 1900-01-01 --to 2026-12-31": ("46386", ["days, more than 10000", "Shorten"]),
    "revenue --from 2026-02-30": ("2026-02-30", ["not understood", "last-30-days"]),
    "revenue --from 2026-03-01 --to 2026-01-01": ("2026-03-01", ["Swap"]),
    "revenue --compare lastyear": ("festival", ["no comparison “lastyear”"]),
    "revenue --compare previous": ("", ["needs a period"]),
    "revenue --compare contribution": ("previous,contribution", ["compared with what"]),
    "revenue --compare 2025-Q1,2024-Q1": ("2024-Q1", ["one period of your own"]),
    "win_rate --compare share": ("", ["Win rate", "numerator"]),
    "active_customers --compare previous,contribution --grain month": ("", ["Active customers", "add up"]),
    "attainment --compare target": ("", ["itself about targets"]),
    "revenue --compare target --by region,product": ("", ["Region, Product", "at most one further"]),
    "buyers_lost --param churn_days=1": ("30", ["from 30 to 365", "not “1”"]),
    "buyers_lost --param churn_days=soon": ("365", ["not “soon”"]),
    "buyers_lost --param days=60": ("churn_days", ["no parameter “days”"]),
    "revenue --param churn_days=60": ("churn_days", ["no parameters to choose", "Leave"]),
    "revenue --order profit": ("profit", ["Columns: revenue"]),
    "revenue --limit 0": ("0", ["positive whole number"]),
}
WORDS = {"zh-Hans": "文字", "en": "words"}
WHOLE = {
    "metric": "mine", "label": WORDS, "description": WORDS, "formula": WORDS, "format": "money", "unit": "currency",
    "favorable": "up", "owner": "ops", "review_every": "year", "type": "measure", "entity": "order_line",
    "aggregate": "sum", "expression": "amount",
}  # fmt: skip
COMPOSED = {name: value for name, value in WHOLE.items() if name not in ("entity", "aggregate", "expression")}
DEFINITIONS: dict[str, tuple[object, list[str]]] = {
    # what is wrong: (the document, words of the answer in every language)
    "bad expression": (WHOLE | {"expression": "amount +"}, ["expression", "amount +"]),
    "unknown field": (WHOLE | {"expression": "amont"}, ["amont", "amount"]),
    "unknown field of what it refers to": (WHOLE | {"expression": "product.standrd_cost"}, ["standard_cost"]),
    "forbidden function": (WHOLE | {"expression": "read_csv('/etc/passwd')"}, ["expression", "READCSV"]),
    "subquery": (WHOLE | {"filter": "amount > (SELECT 1)"}, ["filter", "SUBQUERY"]),
    "unknown entity": (WHOLE | {"entity": "orders"}, ["entity", "orders", "order_line"]),
    "unknown aggregate": (WHOLE | {"aggregate": "total"}, ["aggregate", "total", "count_distinct"]),
    "unknown key": (WHOLE | {"filtr": "x"}, ["filtr"]),
    "unknown type": (WHOLE | {"type": "sum"}, ["sum", "measure"]),
    "no type": ({k: v for k, v in WHOLE.items() if k != "type"}, ["type:"]),
    "no label": ({k: v for k, v in WHOLE.items() if k != "label"}, ["label"]),
    "one language": (WHOLE | {"label": {"en": "Mine"}}, ["label", "zh-Hans"]),
    "bad name": (WHOLE | {"metric": "My metric"}, ["My metric"]),
    "no expression": ({k: v for k, v in WHOLE.items() if k != "expression"}, ["expression", "sum"]),
    "undeclared parameter": (WHOLE | {"filter": "amount > :least"}, [":least", "params"]),
    "deprecated for nothing": (WHOLE | {"status": "deprecated"}, ["successor"]),
    "unknown successor": (WHOLE | {"status": "deprecated", "successor": "nada"}, ["nada"]),
    "unknown part": (COMPOSED | {"type": "ratio", "numerator": "revenu", "denominator": "orders"}, ["numerator", "revenu"]),
    "circle": (COMPOSED | {"type": "derived", "expression": "mine + revenue"}, ["mine"]),
    "cumulative of a ratio": (COMPOSED | {"type": "cumulative", "measure": "win_rate", "to_date": "year"}, ["measure", "churn"]),
    "two windows": (COMPOSED | {"type": "cumulative", "measure": "revenue", "to_date": "year", "days": 3}, ["to_date", "days"]),
    "words for days": (COMPOSED | {"type": "cumulative", "measure": "revenue", "days": "thirty"}, ["days", "thirty"]),
    "no YAML": ("metric: [\n", ["2", "1"]),
    "no name": ("hello: 1\n", ["metric:", "dimension:"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("refusals")) / "w"
    line = {
        "order_id": "1",
        "line_no": 1,
        "order_date": "2026-11-02",
        "amount": 1,
        "region_id": "e",
        "customer_id": "c",
    }
    world = World(
        folder,
        region=[{"region_id": "e", "name": "华东"}],
        order_line=[line],
        opportunity=[{"opportunity_id": "d", "stage": "won", "created_date": "2026-11-02"}],
        target=[{"period_start": "2026-11-01", "period": "month", "value": 2800}],
    )
    own = [
        WHOLE | {"metric": "retired_one", "status": "retired", "successor": "revenue"},
        COMPOSED | {"metric": "buyers_lost", "type": "churn", "entity": "order_line", "subject": "customer_id", "format": "percent",
                    "unit": "fraction", "within_days": ":churn_days",
                    "params": {"churn_days": {"label": WORDS, "default": 90, "minimum": 30, "maximum": 365}}},
    ]  # fmt: skip
    (world.workspace.path / "metrics" / "own.yaml").write_text(yaml.safe_dump_all(own, allow_unicode=True), "utf-8")
    return folder


@pytest.mark.requirement("D23")
@pytest.mark.parametrize("asked", QUESTIONS)
def test_a_question(workspace: Path, asked: str) -> None:
    everywhere, english = QUESTIONS[asked]
    words = asked.split(" ") if asked else [""]
    answers = [salesloop("-w", workspace, "--lang", lang, "query", *words) for lang in LANGS]
    one_sentence(answers)
    assert all(everywhere in answer.err for answer in answers), answers[0].err
    assert all(word in answers[LANGS.index("en")].err for word in english), answers[LANGS.index("en")].err


@pytest.mark.requirement("F01")
@pytest.mark.parametrize("wrong", DEFINITIONS)
def test_a_definition(workspace: Path, wrong: str) -> None:
    document, everywhere = DEFINITIONS[wrong]
    file = workspace / "metrics" / "mine.yaml"
    file.write_text(document if isinstance(document, str) else yaml.safe_dump(document, allow_unicode=True), "utf-8")
    try:
        answers = [salesloop("-w", workspace, "--lang", lang, "metrics", "validate") for lang in LANGS]
    finally:
        file.unlink()
    one_sentence(answers)
    for answer in answers:
        assert "mine.yaml" in answer.err
        assert all(word in answer.err for word in everywhere), answer.err


def one_sentence(answers: list[Answer]) -> None:
    """In the reader's language, on one line, with the exit code of what the reader can mend."""
    for answer in answers:
        assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 1), answer.err
        for inside in ("Traceback", "Error", "None", "{", "Input should", "discriminator"):
            assert inside not in answer.err
    assert len({answer.err for answer in answers}) == len(LANGS)


def test_a_metric_that_is_about_to_go_is_answered_with_a_note(workspace: Path) -> None:
    file = workspace / "metrics" / "mine.yaml"
    file.write_text(
        yaml.safe_dump(WHOLE | {"status": "deprecated", "successor": "revenue"}, allow_unicode=True), "utf-8"
    )
    try:
        answer = salesloop("-w", workspace, "--lang", "en", "query", "mine", "--format", "json")
    finally:
        file.unlink()
    assert answer.code == 0
    assert answer.json["rows"] == [{"mine": 1}]
    assert "use Revenue (revenue) instead" in str(answer.json["meta"]["notes"])
