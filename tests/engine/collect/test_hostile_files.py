"""Whatever is thrown in: a clear message in three languages, and this process lives on."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from salesloop.engine.collect.formats import safe_name
from salesloop.engine.collect.read import read_file
from salesloop.engine.collect.workbook import Limits, read_workbook
from salesloop.engine.model.errors import UserError
from tests.engine.collect.sheets import records, workbook

SMALL = {"订单": [["编号", "金额"], [1, 2], [3, 4]]}


def sparse(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    book.save(path)
    assert path.stat().st_size < 6000


def shared_strings_bomb(path: Path) -> None:
    workbook(path, SMALL)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings2.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(64):
            part.write(b"<si><t>" + b"x" * (1 << 20) + b"</t></si>")


def encrypted(path: Path) -> None:
    """The container that Excel writes for a workbook with a password: OLE with a stream of this name."""
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096
    )


def truncated(path: Path) -> None:
    workbook(path, {"订单": [["编号", "金额"], *([i, i * 1.5] for i in range(2000))]})
    path.write_bytes(path.read_bytes()[:-3000])


def titles_only(path: Path) -> None:
    workbook(path, {"封面": [["销售月报"], ["2024 年 11 月"]]})


def too_wide(path: Path) -> None:
    path.write_text(",".join(["c"] * 2_000_000) + "\n" + ",".join(["1"] * 2_000_000) + "\n")


def entity_bomb(path: Path) -> None:
    workbook(path, SMALL)
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE s [<!ENTITY e0 "bomb">{levels}]>'.encode()
    name = "xl/worksheets/sheet1.xml"
    parts[name] = bomb + parts[name].replace(b"<v>1</v>", b"<v>&e9;</v>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


CASES: list[tuple[str, Callable[[Path], object], str]] = [
    ("leer.csv", lambda p: p.write_bytes(b""), "empty_file"),
    ("blank.csv", lambda p: p.write_bytes(b"\xef\xbb\xbf \r\n\r\n"), "empty_file"),
    ("junk.csv", lambda p: p.write_bytes(random.Random(1).randbytes(20_000)), "binary_file"),
    ("nul.csv", lambda p: p.write_bytes(b"a,b\n1,2\n3,\x00\n" + b"5,6\n" * 100), "nul_bytes"),
    ("unbekannt.csv", lambda p: p.write_bytes("имя,сумма\nОльга,товар\n".encode("cp1251") * 9), "unknown_encoding"),
    ("breit.csv", too_wide, "too_many_columns"),
    ("kopf.csv", lambda p: p.write_bytes(b"a,b,c\n"), "header_only"),
    ("abgeschnitten.xlsx", truncated, "damaged_workbook"),
    ("junk.xlsx", lambda p: p.write_bytes(b"PK\x03\x04" + random.Random(2).randbytes(5000)), "damaged_workbook"),
    ("geheim.xlsx", encrypted, "encrypted_workbook"),
    ("titel.xlsx", titles_only, "only_titles"),
    ("weit.xlsx", sparse, "sparse_sheet"),
    ("bombe.xlsx", shared_strings_bomb, "workbook_bomb"),
    ("entity.xlsx", entity_bomb, "damaged_workbook"),
    ("seite.xls", lambda p: p.write_bytes(b"<html><table><tr><td>1</td></tr></table></html>"), "markup_file"),
    ("bild.png", lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 99), "unsupported_format"),
    ("brief.docx", lambda p: zipfile.ZipFile(p, "w").writestr("word/document.xml", "<w/>"), "unsupported_format"),
    ("programm.py", lambda p: p.write_bytes(b"import os\n"), "unsupported_format"),
    ("kaputt.parquet", lambda p: p.write_bytes(b"PAR1" + b"\0" * 50 + b"PAR1"), "damaged_parquet"),
    ("kein.parquet", lambda p: p.write_bytes(b"a,b\n1,2\n"), "damaged_parquet"),
    ("kein.json", lambda p: p.write_bytes(b"{oops"), "damaged_json"),
]


@pytest.mark.requirement("B12")
@pytest.mark.parametrize(("name", "make", "key"), CASES, ids=[case[0] for case in CASES])
def test_bad_files_get_a_clear_message(tmp_path: Path, name: str, make: Callable[[Path], object], key: str) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(UserError) as caught:
        read_file(path)
    assert caught.value.key == key
    texts = [caught.value.text(lang) for lang in ("zh-Hans", "zh-Hant", "en")]
    assert len(set(texts)) == 3
    assert all("{" not in text and len(text) > 8 for text in texts)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_file(tmp_path / "gone.csv")
    assert caught.value.key == "file_unreadable"


def test_a_giant_sheet_does_not_cost_the_others(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "求解器"
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    other = book.create_sheet("订单")
    for row in SMALL["订单"]:
        other.append(row)
    book.save(path)
    content = read_file(path)
    assert records(content.tables[0]) == [["1", "2"], ["3", "4"]]
    assert [(refused.name, refused.message.key, refused.message.params["cell"]) for refused in content.refused] == [
        ("求解器", "sparse_sheet", "XFD1048576")
    ]


def test_a_workbook_that_needs_more_than_it_may_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", SMALL)
    for limits in (Limits(memory=40 << 20), Limits(wall_seconds=0)):
        with pytest.raises(UserError) as caught:
            read_workbook(path, "f.xlsx", limits)
        assert caught.value.key == "workbook_too_large"


def test_formula_text_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("编号,备注,金额\n1,\"=cmd|' /C calc'!A0\",2\n2,@SUM(A1),3\n", encoding="utf-8")
    assert [row[1] for row in records(read_file(path).tables[0])] == ["=cmd|' /C calc'!A0", "@SUM(A1)"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\订单.xlsx", "订单.xlsx"),
        ("a\x00b\n.csv", "ab.csv"),
        ("gpj.\u202etxt.csv", "gpj.txt.csv"),
        ("..", "upload"),
        ("", "upload"),
        ("x" * 300 + ".csv", "x" * 139 + ".csv"),
    ],
)
def test_names_that_somebody_sent_are_only_names(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept
    assert os.sep not in safe_name(sent)


def test_the_name_that_people_know_is_used_in_messages(tmp_path: Path) -> None:
    path = tmp_path / "upload-1"
    path.write_bytes(b"")
    with pytest.raises(UserError) as caught:
        read_file(path, name="../十一月订单.csv")
    assert "「十一月订单.csv」" in str(caught.value)
    assert ".." not in str(caught.value)
