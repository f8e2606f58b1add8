"""A packed file (.gz) is read as what it holds; bombs, damage and archives of many files are refused with the reason."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
from tests.engine.collect.sheets import records, workbook

TEXT = "编号,金额\n甲,1\n乙,2\n".encode("gb18030")


def test_a_packed_file_is_read_as_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "订单.csv.gz"
    path.write_bytes(gzip.compress(TEXT))
    content = read_file(path)
    assert (content.file, content.format, content.encoding) == ("订单.csv.gz", "delimited", "gb18030")
    assert content.tables[0].name == "订单"
    assert records(content.tables[0]) == [["甲", "1"], ["乙", "2"]]


def test_a_packed_workbook_too_and_under_any_name(tmp_path: Path) -> None:
    book = workbook(tmp_path / "f.xlsx", {"订单": [["编号", "金额"], [1, 2], [3, 4]]})
    path = tmp_path / "upload"
    path.write_bytes(gzip.compress(book.read_bytes()))
    assert [table.name for table in read_file(path, name="订单.xlsx.gz").tables] == ["订单"]


def bomb(path: Path) -> None:
    with gzip.open(path, "wb") as out:
        for _ in range(30):
            out.write(bytes(1 << 20))


CASES: list[tuple[str, Callable[[Path], object], str]] = [
    ("bombe.csv.gz", bomb, "archive_bomb"),
    ("doppelt.csv.gz", lambda p: p.write_bytes(gzip.compress(gzip.compress(TEXT))), "packed_twice"),
    ("kurz.csv.gz", lambda p: p.write_bytes(gzip.compress(TEXT * 1000)[:-9]), "damaged_archive"),
    ("junk.csv.gz", lambda p: p.write_bytes(b"\x1f\x8b" + b"x" * 99), "damaged_archive"),
    ("leer.csv.gz", lambda p: p.write_bytes(gzip.compress(b"")), "empty_file"),
    ("viele.zip", lambda p: zipfile.ZipFile(p, "w").writestr("a.csv", TEXT), "archive_file"),
    ("viele.rar", lambda p: p.write_bytes(b"Rar!" + bytes(99)), "archive_file"),
]


@pytest.mark.parametrize(("name", "make", "key"), CASES, ids=[case[0] for case in CASES])
def test_what_cannot_be_unpacked_says_what_to_do(
    tmp_path: Path, name: str, make: Callable[[Path], object], key: str
) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(UserError) as caught:
        read_file(path)
    assert caught.value.key == key
    assert name.removesuffix(".gz") in str(caught.value)
