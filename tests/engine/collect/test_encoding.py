"""The encoding of a text file is told by its bytes; where it cannot be told surely, a person is asked."""

from __future__ import annotations

import random
from pathlib import Path

import opencc
import pytest

from benchmarks import encoding as files
from salesloop.engine.collect.encoding import canonical, detect, read_text
from salesloop.engine.model.errors import UserError

NAMES = [
    "上海云图信息技术有限公司",
    "深圳市华强电子股份有限公司",
    "北京中科软件集团",
    "四川长虹商贸",
    "宁波海天塑机厂",
    "广州南方医疗器械",
    "杭州西湖茶叶",
    "青岛海尔家居",
    "成都天府物流",
    "厦门金龙客车",
]


def write(path: Path, text: str, encoding: str) -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def report(rows: int, seed: int) -> str:
    chosen = random.Random(seed).choices(NAMES, k=rows)
    return "name,amount\n" + "".join(f"{name},{i}.5\n" for i, name in enumerate(chosen))


@pytest.mark.requirement("B01")
@pytest.mark.parametrize("rows", [1, 3, 10, 100])
@pytest.mark.parametrize(
    ("encoding", "detected"),
    [
        ("gb18030", "gb18030"),
        ("big5", "big5"),
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_usual_encodings_are_told_apart(tmp_path: Path, encoding: str, detected: str, rows: int) -> None:
    traditional = opencc.OpenCC("s2t")
    for seed in range(10):
        text = report(rows, seed)
        text = traditional.convert(text) if encoding == "big5" else text
        path = write(tmp_path / "f.csv", text, encoding)
        found = detect(path, "f.csv")
        assert found.encoding == detected
        assert "".join(read_text(path, found.encoding, "f.csv")) == text


def test_one_chinese_cell_in_an_english_file_is_enough(tmp_path: Path) -> None:
    text = "id,note\n" + "1,plain\n" * 500 + "2,客户名称\n" + "3,plain\n" * 500
    assert detect(write(tmp_path / "f.csv", text, "gbk"), "f.csv").encoding == "gb18030"


def test_the_first_chinese_cell_may_stand_far_down(tmp_path: Path) -> None:
    text = "id,note\n" + "1,plain text only\n" * 400_000 + "2,客户名称\n"
    assert detect(write(tmp_path / "f.csv", text, "gbk"), "f.csv").encoding == "gb18030"


def test_a_line_without_end_is_looked_through_once(tmp_path: Path) -> None:
    """Millions of characters before the first Chinese one, without a line end: what surrounds it is judged."""
    found = detect(write(tmp_path / "f.csv", "plain," * 3_000_000 + "客户名称", "gbk"), "f.csv")
    assert (found.encoding, found.doubt) == ("gb18030", False)
    assert detect(write(tmp_path / "f.csv", "plain," * 3_000_000, "ascii"), "f.csv").encoding == "utf-8"


def test_a_single_character_is_a_doubt_and_both_readings_are_shown(tmp_path: Path) -> None:
    found = detect(write(tmp_path / "f.csv", "a,b\nx,订\n", "gbk"), "f.csv")
    assert found.doubt
    assert {r.encoding: r.sample for r in found.readings} == {"gb18030": "x,订", "big5": "x,隆"}


def test_western_accents_are_read_with_doubt(tmp_path: Path) -> None:
    found = detect(write(tmp_path / "f.csv", "name,city\nJosé,México\nFrançois,Besançon\n", "cp1252"), "f.csv")
    assert (found.encoding, found.doubt) == ("cp1252", True)


def test_a_character_cut_in_half_is_damage_not_another_encoding(tmp_path: Path) -> None:
    good = "订单号,客户名称\n".encode("gbk") * 300
    path = tmp_path / "f.csv"
    path.write_bytes(good + b"\xb9\n" + good)
    found = detect(path, "f.csv")
    assert (found.encoding, found.damaged, found.doubt) == ("gb18030", True, True)
    text = "".join(read_text(path, found.encoding, "f.csv", damaged=True))
    assert text.count("\ufffd") == 1
    assert text.count("客户名称") == 600


def test_a_wrong_encoding_names_the_row(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "a\nb\n客户\n", "gbk")
    with pytest.raises(UserError) as caught:
        list(read_text(path, "utf-8", "f.csv"))
    assert (caught.value.key, caught.value.where["row"]) == ("undecodable", 3)


def test_gbk_that_is_valid_utf_8_is_a_doubt(tmp_path: Path) -> None:
    """目录 in GBK is Ŀ¼ in UTF-8; accents of European words in UTF-8 are none."""
    found = detect(write(tmp_path / "f.csv", "id,note\n1,目录\n", "gbk"), "f.csv")
    assert found.doubt
    assert {r.encoding: r.sample for r in found.readings} == {"gb18030": "1,目录", "utf-8": "1,Ŀ¼"}
    european = "name,city\nJosé,Besançon\nÅsa,Malmö\nΑθήνα,Αγορά\n"
    assert detect(write(tmp_path / "f.csv", european, "utf-8"), "f.csv").doubt is False


# Files of 60 that are read right without a question, by rows: where one Chinese cell of two or three characters is all
# that there is, both readings may be words.
SETTLED = {
    "gb18030": {1: 56, 3: 60, 10: 60, 100: 60},
    "big5": {1: 60, 3: 60, 10: 60, 100: 60},
    "mostly English, gb18030": {1: 36, 3: 44, 10: 44, 100: 44},
}


@pytest.mark.requirement("B01")
@pytest.mark.parametrize("rows", files.ROWS)
@pytest.mark.parametrize("written", files.ENCODINGS)
def test_short_files_are_read_right_or_a_person_is_asked(written: str, rows: int) -> None:
    names = files.name_sources()["made"]
    made = [files.file_of(names, written, rows, seed) for seed in range(files.FILES)]
    verdict = files.judge(made, files.ENCODINGS[written])
    assert verdict.wrong == 0
    assert verdict.right >= SETTLED.get(written, {}).get(rows, files.FILES)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_what_no_candidate_explains_is_refused(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "f.csv", "Покупатель,сумма\nООО Ромашка,склад товаров\n" * 20, encoding)
    with pytest.raises(UserError) as caught:
        detect(path, "f.csv")
    assert caught.value.key == "unknown_encoding"


def test_every_line_end_becomes_a_line_feed(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\r\n1,2\r3,4\n")
    assert "".join(read_text(path, "utf-8", "f.csv")) == "a,b\n1,2\n3,4\n"


def test_names_of_encodings_are_understood() -> None:
    assert [canonical(name) for name in ("GBK", "gb2312", "Big5", "utf8", "UTF-8-SIG")] == [
        "gb18030", "gb18030", "big5", "utf-8", "utf-8",
    ]  # fmt: skip
    with pytest.raises(UserError) as caught:
        canonical("klingon")
    assert caught.value.key == "no_such_encoding"
