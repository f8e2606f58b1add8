"""Pairs of company names with the answer, made at run time from a list of real companies (short and full name, industry).

Positive kinds say the same company in another way, negative kinds are other companies that look alike. Every choice is
seeded; a company belongs to the half to tune with or to the half held out by the hash of its code.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import opencc
from pypinyin import Style, lazy_pinyin

from salesloop.engine.clean.identity.words import places

SEED = 20261121
POSITIVE = (
    "short",
    "form",
    "homophone",
    "wrong",
    "missing",
    "swapped",
    "traditional",
    "noise",
    "place_moved",
    "no_place",
)
NEGATIVE = ("other_place", "branch", "other_industry", "near_brand")
_FORM = "股份有限公司"
_PROVINCES = [
    "北京",
    "上海",
    "天津",
    "重庆",
    "广东 深圳 广州 珠海 佛山 东莞 中山",
    "浙江 杭州 宁波 温州",
    "江苏 南京 苏州 无锡 常州",
    "湖北 武汉",
    "四川 成都",
    "陕西 西安",
    "湖南 长沙",
    "河南 郑州",
    "山东 济南 青岛 烟台",
    "辽宁 沈阳 大连",
    "黑龙江 哈尔滨",
    "吉林 长春",
    "安徽 合肥",
    "福建 福州 厦门",
    "江西 南昌",
    "云南 昆明",
    "贵州 贵阳",
    "广西 南宁",
    "山西 太原",
    "河北 石家庄",
    "甘肃 兰州",
    "新疆 乌鲁木齐",
    "海南 海口",
    "宁夏 银川",
    "青海 西宁",
    "内蒙古 呼和浩特",
    "西藏 拉萨",
]
_PROVINCE_OF = {place: province.split()[0] for province in _PROVINCES for place in province.split()}
_PLACES = list(_PROVINCE_OF)
_OF_PLACES = {word[at : at + 2] for word in places()["word"].to_pylist() for at in range(len(word) - 1)}
"""Pairs of characters out of the names of places: no brands."""
_CITY = re.compile(rf"^({'|'.join(sorted(_PLACES, key=len, reverse=True))})(市|省)?")


@dataclass(frozen=True, slots=True)
class Company:
    code: str
    short: str
    full: str
    industry: str

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.code.encode()).digest()[0] % 2 == 1

    @property
    def place(self) -> str:
        found = _CITY.match(self.full)
        return found[0] if found else ""

    @property
    def brand(self) -> str:
        """The first two characters of the short name, where the full name has them after its place."""
        bare = re.sub(r"^\*?ST|[AB]$|\s", "", self.short)
        begin = bare[:2]
        return begin if self.full.removeprefix(self.place).startswith(begin) and begin not in _OF_PLACES else ""

    @property
    def business(self) -> str:
        """What stands between the brand and the legal form."""
        return self.full.removeprefix(self.place).removeprefix(self.brand).removesuffix(_FORM) if self.brand else ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """`left`: a full name as it is; `same`: whether `right` is the same company."""

    code: str
    kind: str
    left: str
    right: str
    same: bool
    held_out: bool


def read_companies(folder: Path) -> list[Company]:
    with (folder / "cn_companies" / "listed_companies.csv").open(encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        found = [Company(row[0], row[1], row[4], row[3]) for row in rows]
    return sorted((c for c in found if c.full.endswith(_FORM)), key=lambda company: company.code)


def labelled_pairs(companies: Sequence[Company]) -> list[Labelled]:
    """Of each company: its short name, two other ways to write it, two other companies that look alike."""
    return list(Maker(companies).pairs())


class Maker:
    """The kinds of changes to a name; each gives None where the name does not lend itself to it."""

    def __init__(self, companies: Sequence[Company]) -> None:
        self.companies = companies
        self.random = random.Random(SEED)
        self.names = {company.full for company in companies}
        self.converter = opencc.OpenCC("s2t")

    def pairs(self) -> Iterator[Labelled]:
        for company in self.companies:
            yield Labelled(company.code, "short", company.full, company.short, True, company.held_out)
            for kinds, same in ((POSITIVE[1:], True), (NEGATIVE, False)):
                for kind in self.random.sample(kinds, len(kinds))[:2]:
                    make: Callable[[Company], str | None] = getattr(self, kind)
                    right = make(company)
                    if right is not None and right != company.full and (same or right not in self.names):
                        yield Labelled(company.code, kind, company.full, right, same, company.held_out)

    @cached_property
    def sounds(self) -> dict[str, list[str]]:
        """Sound without tone → the characters of all names that have it."""
        groups = defaultdict(list)
        for letter in self.letters:
            groups[lazy_pinyin(letter, style=Style.NORMAL)[0]].append(letter)
        return groups

    @cached_property
    def letters(self) -> list[str]:
        return sorted({letter for company in self.companies for letter in company.full if "一" <= letter <= "龥"})

    @cached_property
    def brand_letters(self) -> list[str]:
        """The characters that most brands are made of."""
        counts = Counter(letter for company in self.companies for letter in company.brand)
        return [letter for letter, _ in counts.most_common(200)]

    def form(self, company: Company) -> str | None:
        body = company.full.removesuffix(_FORM)
        return body + self.random.choice(["有限公司", "有限责任公司", "股份公司", "集团股份有限公司", "公司", ""])

    def homophone(self, company: Company) -> str | None:
        at = self.random.randrange(len(company.full))
        others = [
            x
            for x in self.sounds.get(lazy_pinyin(company.full[at], style=Style.NORMAL)[0], [])
            if x != company.full[at]
        ]
        return self._with(company.full, at, self.random.choice(others)) if others else None

    def wrong(self, company: Company) -> str | None:
        return self._with(company.full, self.random.randrange(len(company.full)), self.random.choice(self.letters))

    def missing(self, company: Company) -> str | None:
        return self._with(company.full, self.random.randrange(len(company.full)), "")

    def swapped(self, company: Company) -> str | None:
        at = self.random.randrange(len(company.full) - 1)
        return company.full[:at] + company.full[at + 1] + company.full[at] + company.full[at + 2 :]

    def traditional(self, company: Company) -> str | None:
        return self.converter.convert(company.full)

    def noise(self, company: Company) -> str | None:
        at = self.random.randrange(1, len(company.full))
        spaced = company.full[:at] + self.random.choice([" ", "\u3000", "·", "-", "．"]) + company.full[at:]
        ways = [
            spaced,
            spaced.replace("集团", "(集团)"),
            f"“{company.full}”",
            f" {company.full}。",
            company.full.replace("股份", "(股份)"),
            f"{company.full}\u200b",
        ]
        wide = "".join(chr(ord(x) + 0xFEE0) if "!" <= x <= "~" else x for x in company.full)
        return self.random.choice([*ways, wide])

    def place_moved(self, company: Company) -> str | None:
        """深圳华信科技股份有限公司 → 华信科技（深圳）股份有限公司."""
        if not company.place:
            return None
        body = company.full.removeprefix(company.place).removesuffix(_FORM)
        return f"{body}（{company.place.rstrip('市省')}）{_FORM}"

    def no_place(self, company: Company) -> str | None:
        """Only where a brand is left: 钢铁股份有限公司 is nobody's name."""
        return company.full.removeprefix(company.place) if company.place and company.brand else None

    def other_place(self, company: Company) -> str | None:
        if not company.place or not company.brand:
            return None
        here = _PROVINCE_OF[company.place.rstrip("市省")]
        other = self.random.choice([place for place in _PLACES if _PROVINCE_OF[place] != here])
        return other + company.full.removeprefix(company.place)

    def branch(self, company: Company) -> str | None:
        where = self.random.choice(_PLACES)
        return f"{company.full}{where}{self.random.choice(['分公司', '办事处', '第一分公司', '营业部', '销售分公司'])}"

    def other_industry(self, company: Company) -> str | None:
        others = [
            c
            for c in self.random.sample(self.companies, 40)
            if c.business and c.industry != company.industry and c.business != company.business
        ]
        if not company.business or not others:
            return None
        return f"{company.place}{company.brand}{others[0].business}{_FORM}"

    def near_brand(self, company: Company) -> str | None:
        if not company.brand:
            return None
        at = self.random.randrange(2)
        sound = lazy_pinyin(company.brand[at], style=Style.NORMAL)[0]
        letter = self.random.choice(
            [x for x in self.brand_letters if x != company.brand[at] and lazy_pinyin(x, style=Style.NORMAL)[0] != sound]
        )
        return company.place + self._with(company.brand, at, letter) + company.full.removeprefix(company.place)[2:]

    @staticmethod
    def _with(text: str, at: int, letter: str) -> str:
        return text[:at] + letter + text[at + 1 :]
