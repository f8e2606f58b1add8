"""The declarations hold together: names, languages, aliases, references, and the SQL of checks and derivations."""

from __future__ import annotations

import re
from collections import Counter

import duckdb
import pytest

from salesloop.engine.collect.normal import normal
from salesloop.engine.model.entity import Entity, fields_in
from salesloop.engine.model.loader import load_model
from salesloop.engine.model.text import LANGS, Text

MODEL = load_model()
DIMENSIONS = "org_unit employee region channel product customer contact campaign competitor exchange_rate"
FACTS = (
    "lead opportunity stage_event activity quote contract order_line payment return_line receivable inventory_snapshot "
    "marketing_spend selling_expense survey_response ticket mention market_size competitor_price market_observation "
    "training_record target"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")

every_entity = pytest.mark.parametrize("entity", MODEL.entities, ids=lambda entity: entity.name)


@pytest.mark.requirement("B02", "B03", "B04", "B05", "B06", "B07", "C04", "AF01")
def test_the_sales_world_is_complete() -> None:
    assert {entity.name for entity in MODEL.dimensions} == set(DIMENSIONS.split())
    assert {entity.name for entity in MODEL.facts} == set(FACTS.split())


@pytest.mark.requirement("B12")
@every_entity
def test_every_text_is_in_three_languages(entity: Entity) -> None:
    texts = [entity.label, entity.doc]
    texts += [text for field in entity.fields for text in (field.label, field.doc)]
    texts += [check.label for check in entity.checks] + [level.label for level in entity.levels]
    texts += [choice.label for field in entity.fields for choice in field.choices]
    for text in texts:
        assert _is_told_in_every_language(text), text


def _is_told_in_every_language(text: Text) -> bool:
    chinese = all(CHINESE.search(text.get(lang)) for lang in LANGS if lang != "en")
    return chinese and not CHINESE.search(text.en)


@every_entity
def test_no_word_means_two_fields_of_an_entity(entity: Entity) -> None:
    words = Counter(word for field in entity.fields for word in {normal(alias) for alias in field.aliases})
    assert {word for word, count in words.items() if count > 1} == set()


@every_entity
def test_no_alias_is_written_twice(entity: Entity) -> None:
    lists = [field.aliases for field in entity.fields] + [level.aliases for level in entity.levels]
    for aliases in (*lists, entity.sheet_aliases):
        words = [normal(alias) for alias in aliases]
        assert len(set(words)) == len(words), aliases


@every_entity
def test_no_word_means_two_choices_of_a_field(entity: Entity) -> None:
    for field in entity.fields:
        words = Counter(
            word
            for choice in field.choices
            for word in {normal(w) for w in (choice.value, choice.label.zh_hans, choice.label.en, *choice.aliases)}
        )
        assert {word for word, count in words.items() if count > 1} == set(), field.name


@every_entity
def test_choices_and_only_choices_have_values(entity: Entity) -> None:
    assert all(bool(field.choices) == (field.type == "choice") for field in entity.fields)


@every_entity
def test_numbers_and_only_numbers_have_units(entity: Entity) -> None:
    for field in entity.fields:
        if field.type in ("money", "quantity", "percent"):
            assert field.unit is not None, field.name
        elif field.type not in ("integer", "decimal"):
            assert field.unit is None, field.name


@every_entity
def test_references_are_identifiers_of_entities(entity: Entity) -> None:
    for name, target in entity.references.items():
        assert MODEL.has(target)
        assert entity.field(name).type == "identifier"


@every_entity
def test_required_key_and_derived_fields_can_be_filled(entity: Entity) -> None:
    for name in entity.key:
        field = entity.field(name)
        assert field.required or field.default is not None or field.derive is not None, name


@pytest.mark.requirement("B12")
@every_entity
def test_checks_and_derivations_are_sql_over_the_fields(entity: Entity) -> None:
    con = duckdb.connect()
    columns = ", ".join(f"{field.name} {field.warehouse_type}" for field in entity.fields)
    con.execute(f"CREATE TABLE t ({columns}, _row BIGINT)")
    for check in entity.checks:
        con.execute(f"SELECT {check.expression} FROM t")
        assert con.description is not None
        assert str(con.description[0][1]) == "BOOLEAN", check.name
        assert fields_in(check.expression) & set(entity.by_name), check.name
    for field in entity.derivations:
        con.execute(f"SELECT CAST({field.derive} AS {field.warehouse_type}) FROM t")


@every_entity
def test_a_field_is_derived_after_what_it_is_derived_from(entity: Entity) -> None:
    done: set[str] = set()
    for field in entity.derivations:
        derived = {other.name for other in entity.derivations}
        assert fields_in(field.derive or "") & derived <= done
        done.add(field.name)


@every_entity
def test_rows_of_people_say_whose_they_are(entity: Entity) -> None:
    if entity.visibility == "owner":
        assert entity.has("employee_id")
        assert entity.has("org_unit_id") or entity.kind == "dimension"


@pytest.mark.requirement("B02", "B03")
def test_a_customer_has_basics_history_preferences_and_needs() -> None:
    customer = MODEL.entity("customer")
    assert all(
        customer.has(name) for name in ("name", "industry", "tier", "phone", "preferences", "needs", "created_date")
    )
    telling = [entity.name for entity in MODEL.facts if "customer" in entity.references.values()]
    assert {"order_line", "activity", "opportunity", "payment", "ticket", "survey_response"} <= set(telling)


@pytest.mark.requirement("B05", "B07")
def test_an_order_line_has_cost_profit_and_the_times_of_its_processing() -> None:
    order = MODEL.entity("order_line")
    assert all(order.has(name) for name in ("cost", "profit", "unit_cost", "placed_at", "shipped_at", "completed_at"))
    assert (order.key, order.event_date, order.entry_time) == (("order_id", "line_no"), "order_date", "entered_at")
    assert order.has_money
    assert not MODEL.entity("exchange_rate").has_money


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Won", "won"), ("Closed Won", "won"), ("closedwon", "won"), ("赢单", "won"), ("贏單", "won"), ("已成交", "won"),
        ("签约成功", "won"), ("Lost", "lost"), ("Closed Lost", "lost"), ("输单", "lost"), ("未成交", "lost"), ("战败", "lost"),
        ("Engaging", "open"), ("Prospecting", "open"), ("方案报价", "open"), ("商务谈判/签约", "open"), ("待成交", "open"),
        (None, None),
    ],
)  # fmt: skip
def test_a_stage_tells_won_lost_or_open(stage: str | None, status: str | None) -> None:
    derive = MODEL.entity("opportunity").field("status").derive
    assert duckdb.execute(f"SELECT {derive} FROM (SELECT $1::VARCHAR AS stage)", [stage]).fetchone() == (status,)


@pytest.mark.parametrize(
    ("entity", "check", "row", "holds"),
    [
        ("order_line", "amount_sign", "amount: -5, quantity: -1", True),
        ("order_line", "amount_sign", "amount: 5, quantity: -1", False),
        ("order_line", "due_after_order", "order_date: DATE '2026-01-02', due_date: DATE '2026-01-01'", False),
        ("order_line", "shipped_after_order", "order_date: DATE '2026-01-02', shipped_at: TIMESTAMP '2026-01-02'", True),
        ("opportunity", "probability_in_range", "probability: 1.2", False),
        ("opportunity", "closed_has_date", "status: 'won', close_date: NULL::DATE", False),
        ("opportunity", "close_after_created", "created_date: DATE '2026-01-02', close_date: DATE '2026-01-01'", False),
        ("activity", "entry_after_event", "event_time: TIMESTAMP '2026-01-02', entry_time: NULL::TIMESTAMP", None),
        ("target", "dimension_complete", "dimension: 'category', dimension_value: ''", False),
        ("customer", "credit_code_form", "credit_code: '91310000MA1FL0XX5Y'", True),
        ("customer", "credit_code_form", "credit_code: '12'", False),
    ],
)  # fmt: skip
def test_what_checks_find(entity: str, check: str, row: str, holds: bool | None) -> None:
    rule = next(rule for rule in MODEL.entity(entity).checks if rule.name == check)
    columns = ", ".join(f"{value} AS {name}" for name, value in (part.split(": ", 1) for part in row.split(", ")))
    assert duckdb.execute(f"SELECT {rule.expression} FROM (SELECT {columns})").fetchone() == (holds,)
