"""Company names fall into place, brand, industry, legal form and branch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salesloop.engine.clean.identity.company import split_names
from salesloop.engine.store.engines.quiet import connect


def split(*names: str) -> dict[str, Mapping[str, Any]]:
    with connect() as con:
        con.register("given", pa.table({"raw": list(names)}))
        split_names(con, "given", "parts")
        return {row["raw"]: row for row in con.sql("FROM parts").to_arrow_table().to_pylist()}


CASES: Final[Mapping[str, Mapping[str, Any]]] = {
    "深圳市华信科技有限公司": {
        "province": "广东",
        "city": "深圳",
        "brand": "华信",
        "industry": "科技",
        "form": "有限",
        "whole": True,
    },
    "广东省深圳市华信科技有限公司": {"province": "广东", "city": "深圳", "brand": "华信"},
    "华信科技（深圳）有限公司": {"province": "广东", "city": "深圳", "brand": "华信", "industry": "科技"},
    "華信科技（深圳）有限公司": {"plain": "华信科技有限公司", "brand": "华信"},
    "内蒙古自治区包头市北方重工股份有限公司": {
        "province": "内蒙古",
        "city": "包头",
        "brand": "北方",
        "industry": "重工",
        "form": "股份",
    },
    "昆山科森科技股份有限公司": {"province": "江苏", "city": "苏州", "brand": "科森"},
    "北京市朝阳区百子湾商贸有限责任公司": {
        "province": "北京",
        "city": None,
        "brand": "百子湾",
        "industry": "商贸",
        "form": "有限",
    },
    "深圳市振业（集团）股份有限公司": {"brand": "振业", "grouped": True, "form": "股份"},
    "中国石化股份有限公司": {"province": "中国", "city": None, "core": "中国石化"},
    "青岛啤酒股份有限公司": {"brand": "青岛啤酒", "core": "青岛啤酒", "province": "山东", "city": "青岛"},
    "青岛啤酒": {"brand": "青岛啤酒", "form": "", "whole": False, "short": True},
    "天虹股份": {"brand": "天虹", "whole": False, "short": True},
    "*ST华鼎": {"plain": "华鼎", "short": True},
    "万科A": {"plain": "万科", "short": True},
    "深圳市华信科技有限公司上海第一分公司": {"brand": "华信", "branch": "上海第一分公司", "form": "有限"},
    "中国建设银行股份有限公司深圳分行": {"branch": "深圳分行"},
    "老王五金商行": {"brand": "老王", "industry": "五金", "form": "个体"},
    "上海明德律师事务所": {"brand": "明德", "form": "事务所"},
    "深圳市华信科技有限公刻": {"brand": "华信", "industry": "科技", "form": "有限"},
    "北京协和第一医院": {"numbers": "第一"},
    "ACME Trading Co., Ltd.": {"plain": "ACMETRADINGCOLTD", "core": "ACMETRADING", "form": "公司", "province": None},
    "Ａｃｍｅ　Trading GmbH": {"core": "ACMETRADING", "form": "公司"},
}


@pytest.mark.requirement("C02")
def test_the_parts_of_names():
    found = split(*CASES)
    wrong = {
        name: {part: (found[name][part], value) for part, value in expected.items() if found[name][part] != value}
        for name, expected in CASES.items()
    }
    assert {name: parts for name, parts in wrong.items() if parts} == {}


def test_industries_are_spoken_of_by_different_words():
    found = split("华信软件有限公司", "华信网络科技有限公司", "华信食品有限公司", "华信实业有限公司")
    assert {name: row["industries"] for name, row in found.items()} == {
        "华信软件有限公司": ["it"],
        "华信网络科技有限公司": ["it"],
        "华信食品有限公司": ["food"],
        "华信实业有限公司": [],
    }


@settings(max_examples=15)
@given(st.lists(st.text(max_size=20).filter(str.strip), min_size=1, max_size=8, unique=True))
def test_any_text_gives_one_row_and_no_error(names):
    found = split(*names)
    assert set(found) == set(names)
    assert all(row["core"] is not None and row["brand"] is not None for row in found.values())
