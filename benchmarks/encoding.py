"""Telling the encoding of short Chinese files: ours, chardet and charset-normalizer by rows and encoding.

Files are made here out of company-like names; where SALESLOOP_REAL_DATA is set, a second round takes the names of listed
companies. Ours may be right, ask a person (both readings are shown), or be wrong without asking: that must not happen.
"""

from __future__ import annotations

import csv
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import chardet
import opencc

from benchmarks import Result
from salesloop.engine.collect.encoding import detect
from salesloop.engine.model.errors import UserError

ROWS: Final = (1, 3, 10, 100)
FILES: Final = 60
# What a file is written in → what reads it.
ENCODINGS: Final = {
    "gb18030": "gb18030",
    "big5": "big5",
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "mostly English, gb18030": "gb18030",
}
_PLACES: Final = [
    "北京",
    "上海",
    "深圳",
    "广州",
    "杭州",
    "成都",
    "武汉",
    "南京",
    "苏州",
    "青岛",
    "厦门",
    "宁波",
    "四川",
    "山东",
    "江苏",
    "浙江",
    "河南",
    "湖北",
    "云南",
    "新疆",
]
# Family signs and fashionable signs: many of the second group are not among the everyday characters of GB 2312.
_EVERYDAY: Final = "华新天海金中大东方国安泰和兴盛达利康美佳宏远信诚通正龙凤山河江湖云星光明春秋长永福德源恒丰瑞祥顺"
_RARER: Final = "鑫昊晟淼喆垚骏睿翊璟琪瑾煜炜焱烨钰铭锴钊珑琨珂鹭鹏骥骅麒麟瀚沣泓滢菁芊荃莘蕙璞玮珺瑜嘉懿"
_TRADES: Final = [
    "科技",
    "电子",
    "商贸",
    "实业",
    "医药",
    "机械",
    "建材",
    "物流",
    "食品",
    "服饰",
    "化工",
    "能源",
    "传媒",
    "信息技术",
    "新材料",
    "生物制药",
    "进出口",
    "环保",
    "家居",
    "汽配",
]
_FORMS: Final = ["有限公司", "股份有限公司", "有限责任公司", "集团", "商行", "厂", "经营部", ""]
_WORDS: Final = [
    "客户名称",
    "金额",
    "备注",
    "已付款",
    "未发货",
    "退货",
    "加急",
    "张伟",
    "王芳",
    "李娜",
    "已签收",
    "待定",
    "华东",
    "含税",
    "目录",
]


@dataclass(frozen=True)
class Verdict:
    """Of one way of telling: files right, asked (a person sees the right reading), wrong without a question."""

    right: int
    asked: int
    wrong: int


def run(rows: int | None) -> Result:
    sizes = (rows,) if rows else ROWS
    table: list[dict[str, object]] = []
    totals: Counter[str] = Counter()
    for source, names in name_sources().items():
        for size in sizes:
            for written in ENCODINGS:
                files = [file_of(names, written, size, seed) for seed in range(FILES)]
                line: dict[str, object] = {"names": source, "rows": size, "encoding": written}
                ours = judge(files, ENCODINGS[written])
                line |= {"right": ours.right, "asked": ours.asked, "wrong": ours.wrong}
                totals += Counter(files=FILES, right=ours.right, asked=ours.asked, wrong=ours.wrong)
                for library, tell in libraries().items():
                    good = sum(reads_right(data, text, tell(data)) for data, text in files)
                    line[library] = good
                    totals[library] += good
                table.append(line)
    wrong_of = {name: totals["files"] - totals[name] for name in libraries()}
    return Result(
        rows=sum(sizes),
        rival="chardet",
        ratio=round(totals["wrong"] / max(1, wrong_of["chardet"]), 4),
        table=table,
        budget=f"right or asked in every one of {totals['files']:,} files, at most 5 % asked",
        met=totals["wrong"] == 0 and totals["asked"] <= 0.05 * totals["files"],
        figures=dict(totals),
    )


@cache
def name_sources() -> dict[str, Sequence[str]]:
    """Names to fill files with, by where they are from."""
    rng = random.Random(7)
    found: dict[str, Sequence[str]] = {"made": [company_name(rng) for _ in range(4000)]}
    folder = os.environ.get("SALESLOOP_REAL_DATA")
    if folder:
        with Path(folder, "cn_companies", "listed_companies.csv").open(encoding="utf-8-sig", newline="") as stream:
            found["listed"] = [row["name:string"] for row in csv.DictReader(stream)]
    return found


def company_name(rng: random.Random) -> str:
    """A company as people write it: with or without place, trade and legal form, half of the signs fashionable ones."""
    sign = "".join(rng.choice(_RARER if rng.random() < 0.4 else _EVERYDAY) for _ in range(rng.choice((2, 2, 2, 3))))
    place = rng.choice(_PLACES) if rng.random() < 0.5 else ""
    return place + sign + (rng.choice(_TRADES) if rng.random() < 0.8 or not place else "") + rng.choice(_FORMS)


def file_of(names: Sequence[str], written: str, rows: int, seed: int) -> tuple[bytes, str]:
    """Bytes and text of one random file."""
    rng = random.Random(f"{written}/{rows}/{seed}")
    chosen = rng.choices(names, k=rows)
    if written.startswith("mostly English"):
        lines = [f"{n},customer {n},paid" for n in range(200)]
        lines[rng.randrange(200)] = f"200,{rng.choice([chosen[0], rng.choice(_WORDS)])},paid"
        text, written = "id,name,status\n" + "\n".join(lines * rows) + "\n", "gb18030"
    else:
        header = "name,amount" if rng.random() < 0.5 else "客户名称,金额"
        text = header + "\n" + "".join(f"{name},{rng.randrange(10_000)}.5\n" for name in chosen)
    if written == "big5":
        text = _traditional().convert(text)
        text = text.encode("big5hkscs", "ignore").decode("big5hkscs")
    return text.encode("big5hkscs" if written == "big5" else written), text


@cache
def _traditional() -> Any:
    return opencc.OpenCC("s2t")


def judge(files: Sequence[tuple[bytes, str]], expected: str) -> Verdict:
    """What our rule says about files that are all written in one encoding."""
    right = asked = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "f.csv")
        for data, text in files:
            path.write_bytes(data)
            try:
                found = detect(path, "f.csv")
            except UserError:
                continue
            offered = {reading.encoding for reading in found.readings}
            if found.doubt:
                asked += expected in offered
            else:
                right += reads_right(data, text, found.encoding)
    return Verdict(right, asked, len(files) - right - asked)


def reads_right(data: bytes, text: str, encoding: str | None) -> bool:
    """Whether this encoding gives back the text."""
    try:
        return data.decode({"big5": "big5hkscs"}.get(encoding or "", encoding or "ascii")).lstrip("\ufeff") == text
    except (UnicodeError, LookupError):
        return False


def libraries() -> dict[str, Callable[[bytes], str | None]]:
    """The detectors of others that are installed."""
    found: dict[str, Callable[[bytes], str | None]] = {"chardet": lambda data: chardet.detect(data)["encoding"]}
    if find_spec("charset_normalizer"):
        from charset_normalizer import from_bytes

        def normalizer(data: bytes) -> str | None:
            best = from_bytes(data).best()
            return best.encoding if best else None

        found["charset-normalizer"] = normalizer
    return found
