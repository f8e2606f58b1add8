"""The administrative divisions of China, and every way in which the beginning of an address names one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_PROVINCE_END: Final = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")
_PEOPLES: Final = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族"
    "|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族"
    "|仡佬族|锡伯族|锡伯|普米族|塔吉克族|塔吉克|怒族|鄂温克族|保安族|裕固族|鄂伦春族|独龙族|各族"
)
_OWN_RULE: Final = re.compile(rf"^(.+?)(?:{_PEOPLES})+自治([州县旗])$")
_LETTERS: Final = (
    "京11 津12 冀13 晋14 蒙15 辽21 吉22 黑23 沪31 苏32 浙33 皖34 闽35 赣36 鲁37 豫41 鄂42 湘43 粤44 桂45 琼46 渝50 川51 蜀51 "
    "贵52 黔52 云53 滇53 藏54 陕61 秦61 甘62 陇62 青63 宁64 新65 台71 港81 澳82"
)
_MUNICIPALITIES: Final = ("11", "12", "31", "50")
_BARE_KINDS: Final = ("城区", "郊区", "矿区", "东区", "西区")
_TAIWAN: Final = ("台北市", "新北市", "桃园市", "台中市", "台南市", "高雄市", "基隆市", "新竹市", "嘉义市")

_SHORTEST: Final = 2

NO_SIGHT, WHOLE, NO_STREET, ANY = 3, 2, 1, 0
"""What may stand behind a spelling: anything but the rest of a street's name (上海路) or of a sight's or station's (白云机场);
nothing; anything but the rest of a street's name; anything."""


@dataclass(frozen=True)
class Place:
    """`city` is a prefecture, or a county that has none above it; municipalities are their own city."""

    province: str
    city: str | None
    district: str | None
    code: str


@dataclass(frozen=True)
class _Form:
    text: str
    behind: int = ANY


@dataclass
class _Prefecture:
    code: str
    name: str
    counties: list[tuple[str, str]]
    former: list[tuple[str, str]]


@cache
def spellings() -> dict[str, tuple[int, Place | None]]:
    """Spelling → what may stand behind it, and the place; None where several provinces have one of that name.

    Where several places of one province have it, the place is the province.
    """
    found: dict[str, dict[Place, int]] = {}
    for text, behind, place in _paths():
        known = found.setdefault(text, {})
        known[place] = min(behind, known.get(place, behind))
    short = {form.text for code, name in _provinces().items() for form in _province_forms(code, name)}
    for text, place in _stems():
        if text in found and text not in short:
            found[text].setdefault(place, NO_STREET)
    told = {text: (min(places.values()), _common(list(places))) for text, places in found.items()}
    return {text: (NO_SIGHT, place) for text, place in _short_districts().items() if text not in told} | told


def _common(places: list[Place]) -> Place | None:
    if len(places) == 1:
        return places[0]
    provinces = {(place.province, place.code[:2]) for place in places}
    whole = next((place for place in places if place.code.endswith("0000")), None)
    if whole is not None:
        return whole  # 吉林 is the province before it is the city
    prefectures = {place for place in places if place.district is None and place.code.endswith("00")}
    if len(prefectures) == 1 and len({place.city for place in places}) == 1:
        return prefectures.pop()
    if len(provinces) > 1:
        return None
    name, code = provinces.pop()
    return Place(name, None, None, f"{code}0000")


def _paths() -> Iterator[tuple[str, int, Place]]:
    """(spelling, what may stand behind, place) of every province, prefecture and county, with and without those above."""
    for code, name in _provinces().items():
        capital = name if code in _MUNICIPALITIES else None
        whole = Place(name, capital, None, f"{code}0000")
        forms = _province_forms(code, name)
        for form in forms:
            yield form.text, form.behind, whole
        if code == "71":
            yield from ((above + city, ANY, whole) for above in ("", "台湾", "台湾省") for city in _TAIWAN)
        for prefecture in _prefectures(code):
            yield from _below(prefecture, name, forms)


def _below(prefecture: _Prefecture, province: str, forms: list[_Form]) -> Iterator[tuple[str, int, Place]]:
    above = ["", *(form.text for form in forms)]
    municipal = prefecture.code[:2] in _MUNICIPALITIES
    city = province if municipal else prefecture.name or None
    cities = [_Form("市辖区"), _Form("县"), _Form(province)] if municipal else _city_forms(prefecture.name)
    if not municipal and city:
        place = Place(province, city, None, f"{prefecture.code}00")
        yield from ((up + form.text, form.behind, place) for up in above for form in cities)
    for code, name in (*prefecture.counties, *prefecture.former):
        if code.endswith("00"):
            yield from ((up + name, ANY, Place(province, city, None, code)) for up in above)
            continue
        current = next((own for other, own in prefecture.counties if other == code), None)
        place = Place(province, city or current, current if city else None, code)
        for form in _county_forms(name):
            for up in above:
                for middle in ("", *(one.text for one in cities)):
                    if not up and middle in ("市辖区", "县"):
                        continue
                    if up or middle or (form.behind == ANY and form.text not in _BARE_KINDS):
                        yield up + middle + form.text, form.behind, place


def _province_forms(code: str, name: str) -> list[_Form]:
    short = _PROVINCE_END.sub("", name)
    forms = [_Form(name), _Form(name * 2), _Form(short, NO_STREET)]
    if short == "内蒙古":
        forms.append(_Form("内蒙", NO_STREET))
    return forms + [_Form(letter[0], WHOLE) for letter in _LETTERS.split() if letter[1:] == code]


def _city_forms(name: str) -> list[_Form]:
    """杭州市, 杭州, 杭州地区; 恩施土家族苗族自治州, 恩施州, 恩施."""
    if not name:
        return []
    own_rule = _OWN_RULE.match(name)
    stem = own_rule[1] if own_rule else re.sub(r"(?:市|地区|盟|自治州)$", "", name)
    former = _Form(f"{stem}州") if own_rule else _Form(f"{stem}地区")
    return [_Form(name), former, *([_Form(stem, NO_STREET)] if len(stem) > 1 else [])]


def _county_forms(name: str) -> list[_Form]:
    """昆山市, its former name 昆山县 and, below a province or prefecture, 昆山; 长阳土家族自治县, 长阳县, 长阳."""
    own_rule = _OWN_RULE.match(name)
    forms = [_Form(name)]
    stem, kind = (own_rule[1], own_rule[2]) if own_rule else (name[:-1], name[-1])
    if len(stem) < 2:
        return forms
    if own_rule:
        forms.append(_Form(stem + kind))
    former = {"区": ("县", "市"), "市": ("县",)}.get(kind, ())
    forms += [_Form(stem + end) for end in former if stem + end not in _names()]
    if kind in ("市", "县"):
        forms.append(_Form(stem, NO_STREET))
    return forms


def _short_districts() -> dict[str, Place]:
    """上海浦东, 杭州市西湖: districts by what they are called for short behind their city, where it has only one of that name."""
    found: dict[str, set[Place]] = {}
    for province, name in _provinces().items():
        ups = [form.text for form in _province_forms(province, name) if form.behind != WHOLE]
        for prefecture in _prefectures(province):
            municipal = province in _MUNICIPALITIES
            city = name if municipal else prefecture.name
            above = ups if municipal else [up + form.text for up in ("", *ups) for form in _city_forms(prefecture.name)]
            for code, county in prefecture.counties:
                stem = county.removesuffix("区").removesuffix("新")
                if len(stem) < _SHORTEST or not county.endswith("区") or stem.startswith("市"):
                    continue
                for up in above:
                    found.setdefault(up + stem, set()).add(Place(name, city, county, code))
    return {text: places.pop() for text, places in found.items() if len(places) == 1}


def _stems() -> Iterator[tuple[str, Place]]:
    """What 朝阳区 is called for short: it makes 朝阳 alone, the short form of a prefecture elsewhere, uncertain."""
    for province, name in _provinces().items():
        for prefecture in _prefectures(province):
            for code, county in prefecture.counties:
                city = name if province in _MUNICIPALITIES else prefecture.name or county
                yield county[:-1], Place(name, city, county if city != county else None, code)


@cache
def _names() -> frozenset[str]:
    return frozenset(
        name for code in _provinces() for prefecture in _prefectures(code) for _, name in prefecture.counties
    ) | {prefecture.name for code in _provinces() for prefecture in _prefectures(code)}


@cache
def _provinces() -> dict[str, str]:
    return {code: name for code, _, name in _lines() if len(code) == 2}


@cache
def _prefectures(province: str) -> tuple[_Prefecture, ...]:
    found: dict[str, _Prefecture] = {}
    for code, mark, text in _lines():
        if not code.startswith(province) or len(code) == 2:
            continue
        if mark == "=":
            name, current = text.split()
            found[code].former.append((current, name))
        else:
            name, _, counties = text.partition(":")
            listed = [(code + county[:2], county[2:]) for county in counties.split()]
            found[code] = _Prefecture(code, name.strip(), listed, [])
    return tuple(found.values())


@cache
def _lines() -> tuple[tuple[str, str, str], ...]:
    """(code, "=" for a former name, the rest) of each line of `divisions.txt`."""
    out = []
    for line in files(__package__).joinpath("divisions.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            mark, _, rest = line.rpartition("= ")
            code, _, text = rest.partition(" ")
            out.append((code, "=" if mark or line.startswith("=") else "", text))
    return tuple(out)
