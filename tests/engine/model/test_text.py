from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from pydantic import BaseModel

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import LANGS, Message, Messages, Text, placeholders

MODEL = Messages("salesloop.engine.model")


def test_traditional_chinese_is_derived_with_the_words_of_taiwan() -> None:
    assert Text("数据质量软件", "x").get("zh-Hant") == "資料品質軟體"
    assert Text("统一社会信用代码", "x").get("zh-Hant") == "統一社會信用代碼"


def test_an_own_traditional_wording_wins() -> None:
    assert Text("第 3 行", "row 3", "第 3 列").get("zh-Hant") == "第 3 列"


def test_a_text_reads_and_writes_the_form_of_yaml() -> None:
    written = {"zh-Hans": "销售额", "en": "Revenue"}
    assert Text.parse(written) == Text("销售额", "Revenue")
    assert Text.parse(written).to_json() == written


@pytest.mark.parametrize(
    "wrong", ["销售额", {"zh-Hans": "销售额"}, {"zh-Hans": "销售额", "en": ""}, {"zh-Hans": "a", "en": "b", "fr": "c"}]
)
def test_a_text_without_its_languages_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"language|keys"):
        Text.parse(wrong)


def test_pydantic_reads_checks_and_publishes_texts() -> None:
    class Labelled(BaseModel):
        label: Text

    assert Labelled.model_validate({"label": {"zh-Hans": "甲", "en": "A"}}).label == Text("甲", "A")
    assert Labelled(label=Text("甲", "A")).model_dump(mode="json") == {"label": {"zh-Hans": "甲", "en": "A"}}
    assert Labelled.model_json_schema()["properties"]["label"]["required"] == ["zh-Hans", "en"]


def test_a_message_speaks_three_languages_and_survives_json() -> None:
    message = MODEL.message("unknown_field", entity=Text("订单明细", "Order lines"), name="x", known=["a", "b"])
    again = Message.from_json(json.loads(json.dumps(message.to_json())))
    assert [again.text(lang) for lang in LANGS] == [
        "「订单明细」没有字段「x」。可用的有：a、b。",
        "「訂單明細」沒有欄位「x」。可用的有：a、b。",
        "Order lines has no field “x”. Known ones: a, b.",
    ]


def test_parameters_of_data_are_not_converted() -> None:
    said = MODEL.say("unknown_entity", "zh-Hant", name="数据", known=[])
    assert "「数据」" in said


def test_dates_and_amounts_become_text_in_json() -> None:
    stored = Message("k", {"day": dt.date(2026, 11, 21), "amount": Decimal("1.50")}, "salesloop.engine.model").to_json()
    assert stored["params"] == {"day": "2026-11-21", "amount": "1.50"}


def test_a_key_of_another_version_still_says_something() -> None:
    assert Message("gone", {"n": 3}, "salesloop.engine.model").text("en") == "gone n=3"


def test_a_message_needs_its_parameters() -> None:
    with pytest.raises(KeyError, match="name"):
        MODEL.message("unknown_entity", known=[])


@pytest.mark.requirement("A04")
def test_every_message_has_the_same_parameters_in_every_language() -> None:
    for key, text in MODEL.texts.items():
        said = {placeholders(text.get(lang)) for lang in LANGS}
        assert len(said) == 1, key


def test_an_error_names_the_place_that_its_sentence_leaves_out() -> None:
    error = UserError(MODEL.message("bad_period", value="x"), file="订单.csv", row=12, column="金额", value="x")
    assert error.text("en").endswith("(file 订单.csv · row 12 · column “金额”)")
    assert str(error).endswith("（文件 订单.csv · 第 12 行 · 列「金额」）")
    assert error.text("zh-Hant").endswith("（檔案 订单.csv · 第 12 列 · 欄「金额」）")
    assert (error.key, error.params) == ("bad_period", {"value": "x"})


def test_an_error_knows_no_other_places() -> None:
    with pytest.raises(TypeError, match="page"):
        UserError(MODEL.message("bad_period", value="x"), page=3)
