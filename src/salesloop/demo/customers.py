"""Who buys: companies with a home, a usual channel, a seller and an appetite; some of them entered twice."""

from __future__ import annotations

import datetime as dt

import numpy as np

from salesloop.demo import names
from salesloop.demo.company import Columns, Company

CUSTOMERS = 1500


def build_customers(
    rng: np.random.Generator, company: Company, first_day: dt.date, today: dt.date, duplicates: int
) -> Columns:
    """The customer table (`CUSTOMERS` rows and then `duplicates` rows that repeat earlier ones under another spelling).

    Besides the fields of the model it has `weight` (appetite), `region`, `city` and `twin` (position of the original, −1).
    """
    regions = list(names.REGION_WEIGHT)
    region = rng.choice(regions, CUSTOMERS, p=list(names.REGION_WEIGHT.values()))
    city = np.array([_a_city(rng, name) for name in region], dtype=object)
    industry = rng.choice(list(names.INDUSTRIES), CUSTOMERS, p=list(names.INDUSTRIES.values()))
    weight = rng.lognormal(0.0, 0.6, CUSTOMERS)
    rank = weight.argsort().argsort() / CUSTOMERS
    segment = np.where(rank > 0.93, "大客户", np.where(rank > 0.6, "中型客户", "小微客户")).astype(object)
    tier = np.where(rank > 0.9, "A", np.where(rank > 0.6, "B", "C")).astype(object)
    # A fifth of the customers joined during the three years, so there are new ones every month.
    days = (today - first_day).days
    joined = np.where(rng.random(CUSTOMERS) < 0.78, rng.integers(-1500, 0, CUSTOMERS), rng.integers(0, days, CUSTOMERS))
    # One in twelve stops buying at some time.
    left = np.where(rng.random(CUSTOMERS) < 0.08, rng.integers(200, days, CUSTOMERS), days + 1)
    table: Columns = {
        "customer_id": np.array([f"C{number:05d}" for number in range(1, CUSTOMERS + 1)], dtype=object),
        "name": _company_names(rng, city, industry),
        "region": region.astype(object),
        "city": city,
        "industry": industry.astype(object),
        "segment": segment,
        "tier": tier,
        "channel": _channels(rng, region),
        "employee_id": _sellers(rng, company, region),
        "phone": np.array(
            [
                f"1{prefix}{number}"
                for prefix, number in zip(
                    rng.integers(30, 99, CUSTOMERS), rng.integers(10**7, 10**8, CUSTOMERS), strict=True
                )
            ],
            dtype=object,
        ),
        "credit_code": np.array(
            [
                _credit_code(area, serial)
                for area, serial in zip(
                    rng.integers(110000, 650000, CUSTOMERS), rng.integers(10**8, 10**9, CUSTOMERS), strict=True
                )
            ],
            dtype=object,
        ),
        "created_date": np.array(first_day, dtype="datetime64[D]") + joined,
        "joined": joined,
        "left": left,
        "weight": weight,
        "twin": np.full(CUSTOMERS, -1),
    }
    return _with_duplicates(rng, table, duplicates)


def _channels(rng: np.random.Generator, region: np.ndarray) -> np.ndarray:
    """The usual channel of each customer, by what its region sells through."""
    out = rng.choice(list(names.CHANNELS), len(region), p=list(names.CHANNELS.values())).astype(object)
    for name, share in names.CHANNELS_OF.items():
        here = region == name
        out[here] = rng.choice(list(share), int(here.sum()), p=list(share.values()))
    return out


def _credit_code(area: int, serial: int) -> str:
    """A 统一社会信用代码 with the right check character (GB 32100-2015)."""
    body = f"91{area:06d}{serial:09d}"
    total = sum(int(digit) * pow(3, place, 31) for place, digit in enumerate(body))
    return body + "0123456789ABCDEFGHJKLMNPQRTUWXY"[-total % 31]


def _a_city(rng: np.random.Generator, region: str) -> str:
    cities = [city for members in names.REGIONS[region].values() for city in members]
    share = 1 / np.arange(1, len(cities) + 1)
    return str(rng.choice(cities, p=share / share.sum()))


def _company_names(rng: np.random.Generator, city: np.ndarray, industry: np.ndarray) -> np.ndarray:
    used: set[str] = set()
    out = []
    for place, trade in zip(city, industry, strict=True):
        while True:
            brand = str(rng.choice(list(names.BRAND_FIRST))) + str(rng.choice(list(names.BRAND_SECOND)))
            name = (
                f"{place}{brand}{rng.choice(names.TRADE_WORDS[trade])}{'股份' if rng.random() < 0.08 else ''}有限公司"
            )
            if name not in used:
                used.add(name)
                out.append(name)
                break
    return np.array(out, dtype=object)


def _sellers(rng: np.random.Generator, company: Company, region: np.ndarray) -> np.ndarray:
    by_region = {name: company.sellers["employee_id"][company.sellers["region"] == name] for name in names.TEAMS}
    return np.array([rng.choice(by_region[name]) for name in region], dtype=object)


def _with_duplicates(rng: np.random.Generator, table: Columns, duplicates: int) -> Columns:
    """Repeat some middling customers as a careless clerk would: another spelling, another id, the same tax number."""
    originals = rng.choice(np.flatnonzero(table["tier"] == "B"), duplicates, replace=False)
    doubled = {name: np.concatenate([column, column[originals]]) for name, column in table.items()}
    size = len(table["name"])
    doubled["customer_id"][size:] = [f"C{90000 + number:05d}" for number in range(duplicates)]
    doubled["name"][size:] = [_respelled(name, number) for number, name in enumerate(table["name"][originals])]
    doubled["weight"][size:] = table["weight"][originals] * 0.25
    doubled["twin"][size:] = originals
    return doubled


def _respelled(name: str, kind: int) -> str:
    if kind % 3 == 0:
        return name.replace("有限公司", "有限责任公司").replace("股份有限责任", "股份有限")
    if kind % 3 == 1:
        return f"{name[:2]}（{name[2:4]}）{name[4:]}"
    return name.replace("有限公司", "")
