"""What is decided about two customers, products or contacts, and what is said about it."""

from __future__ import annotations

import pytest

from salesloop.engine.clean.identity import find_duplicates, load_matching, say
from salesloop.engine.clean.identity.kinds import comparison
from salesloop.engine.clean.identity.settings import known_entities
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import LANGS
from salesloop.engine.store.engines.quiet import connect
from tests.engine.clean.identity.tables import MODEL, agreements, decision, found, score, table

FULL = "深圳市华信科技有限公司"

pytestmark = pytest.mark.requirement("C02")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("深圳市華信科技有限公司", "merge"),
        ("华信科技（深圳）有限公司", "merge"),
        ("深圳市 华信科技 有限公司", "merge"),
        ("深圳市华信科技有限责任公司", "merge"),
        ("深圳市华信科技股份有限公司", "merge"),
        ("广东省深圳市华信科技有限公司", "merge"),
        ("华信科技有限公司", "merge"),
        ("华信科技", "ask"),
        ("华信", "ask"),
        ("深圳市华新科技有限公司", "ask"),
        ("深圳市信华科技有限公司", "ask"),
        ("深圳市华科技有限公司", "ask"),
        ("广东华信科技有限公司", "ask"),
        ("上海华信科技有限公司", "leave"),
        ("深圳市华泰科技有限公司", "leave"),
        ("深圳市华信科技有限公司上海分公司", "leave"),
        ("深圳市大明食品有限公司", "leave"),
    ],
)
def test_customers_by_name(other, expected):
    assert decision("customer", {"name": FULL}, {"name": other}) == expected


def test_another_industry_of_the_same_brand_is_another_firm():
    assert decision("customer", {"name": "深圳市华信软件有限公司"}, {"name": "深圳市华信食品有限公司"}) == "leave"


def test_numbered_ones_are_different():
    assert decision("customer", {"name": "北京第一机床厂"}, {"name": "北京第二机床厂"}) == "leave"


def test_the_credit_code_proves_what_a_short_name_cannot():
    code = {"credit_code": "91440300708461136T"}
    assert decision("customer", {"name": FULL, **code}, {"name": "华信", **code}) == "merge"


def test_one_credit_code_on_two_unlike_names_is_asked_about():
    code = {"credit_code": "91440300708461136T"}
    assert decision("customer", {"name": FULL, **code}, {"name": "上海大明食品有限公司", **code}) == "ask"


def test_two_credit_codes_on_one_name_are_asked_about():
    left = {"name": FULL, "credit_code": "91440300708461136T"}
    right = {"name": FULL, "credit_code": "914403001922038216"}
    assert decision("customer", left, right) == "ask"


def test_a_shared_phone_supports_a_name_that_differs_by_a_slip():
    alone = score("customer", {"name": "深圳市华信科技有限公司"}, {"name": "深圳市华倌科技有限公司"})
    phone = {"phone": "0755-12345678"}
    together = score(
        "customer", {"name": "深圳市华信科技有限公司", **phone}, {"name": "深圳市华倌科技有限公司", **phone}
    )
    assert alone < 0.9 < together


def test_a_placeholder_is_no_phone():
    pairs = found(
        "customer", {"A": {"name": "甲乙食品", "phone": "00000000"}, "B": {"name": "丙丁物流", "phone": "00000000"}}
    )
    assert pairs == {}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"name": "GTXPro"}, {"name": "GTX Pro"}, "merge"),
        ({"name": "激光打印机 A4"}, {"name": "激光打印机Ａ４"}, "merge"),
        ({"name": "MG Advanced"}, {"name": "MG Advnaced"}, "ask"),
        ({"name": "矿泉水 500ml"}, {"name": "矿泉水 250ml"}, "leave"),
        ({"name": "GTX Plus Pro"}, {"name": "GTX Plus Basic"}, "leave"),
        ({"name": "衬衫", "specification": "L"}, {"name": "衬衫", "specification": "XL"}, "leave"),
    ],
)
def test_products(left, right, expected):
    assert decision("product", left, right) == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ({"name": "王小明", "phone": "13800001111"}, {"name": "王小明", "phone": "138 0000 1111"}, "merge"),
        ({"name": "王小明", "customer_id": "17"}, {"name": "王小明", "customer_id": "17"}, "ask"),
        ({"name": "王小明", "email": "wang@a.cn"}, {"name": "王晓明", "email": "wang@a.cn"}, "ask"),
        ({"name": "王小明", "customer_id": "17"}, {"name": "王小明", "customer_id": "18"}, "leave"),
        (
            {"name": "王小明", "customer_id": "17", "phone": "075512345678"},
            {"name": "李丽", "customer_id": "17", "phone": "075512345678"},
            "leave",
        ),
    ],
)
def test_contacts(left, right, expected):
    assert decision("contact", left, right) == expected


def test_the_evidence_is_said_in_three_languages():
    phone = {"phone": "0755-1234567"}
    pair = found("customer", {"A": {"name": FULL, **phone}, "B": {"name": "上海华信科技有限公司", **phone}})["A", "B"]
    assert agreements(pair) == {
        "brand": "same_core",
        "place": "differ",
        "industry": "same",
        "form": "same",
        "phone": "same",
    }
    said = say(MODEL.entity("customer"), pair["evidence"])
    assert [message.text("zh-Hans") for message in said][:2] == ["字号与行业相同：华信", "地区不同：深圳／上海"]
    assert said[1].text("zh-Hant") == "地區不同：深圳／上海"
    assert said[1].text("en") == "Different places: 深圳 / 上海"


def test_fields_without_words_of_their_own_are_said_by_their_label():
    pair = found(
        "customer", {"A": {"name": FULL, "phone": "0755-1234567"}, "B": {"name": FULL, "phone": "07551234567"}}
    )["A", "B"]
    assert "电话相同：07551234567" in [message.text() for message in say(MODEL.entity("customer"), pair["evidence"])]


def test_every_level_has_its_sentence():
    """In one of two ways: words of its own, or those for any field."""
    for entity in known_entities():
        for part in (part for rule in load_matching(entity).fields for part in comparison(rule).parts):
            for level in part.levels:
                piece = {
                    "field": part.field,
                    "part": part.name,
                    "agreement": level.name,
                    "left": "甲",
                    "right": "乙",
                    "weight": 1.0,
                }
                for lang in LANGS:
                    said = say(MODEL.entity(entity), [piece])[0].text(lang)
                    assert "甲" in said
                    assert "{" not in said


def test_an_entity_without_rules_is_named():
    with connect() as con, pytest.raises(UserError, match=r"order_line.*contact、customer、product"):
        find_duplicates(con, MODEL, "order_line")


def test_a_table_without_rows_has_no_pairs():
    with connect() as con:
        table(con, "customer", {})
        assert find_duplicates(con, MODEL, "customer").num_rows == 0
