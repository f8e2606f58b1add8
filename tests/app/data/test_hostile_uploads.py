"""Whatever is thrown at the upload page: a sentence that names the file and what to do, and nothing else happens."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from xlsxwriter import Workbook

from salesloop.app.data.limits import MOST_FILES
from salesloop.app.data.models import Draft, Step
from salesloop.engine.store import Workspace
from tests.app.conftest import People
from tests.app.data.conftest import HEADER, ORDERS, csv_file, page, upload

Window = Callable[[str], Client]
Work = Callable[[], None]
MEGABYTE = 1 << 20
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
SECRET = "geheim-4711"


def workbook(rows: list[list[str]] | None = None, **cells: str) -> bytes:
    content = io.BytesIO()
    with Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADER, *ORDERS] if rows is None else rows):
            sheet.write_row(number, 0, row)
        for place, value in cells.items():
            sheet.write(place, value)
    return content.getvalue()


def rewritten(change: Callable[[str, bytes], bytes], more: Mapping[str, bytes] | None = None) -> bytes:
    """The small workbook with its parts changed, and further parts."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in (more or {}).items():
            target.writestr(name, content)
    return out.getvalue()


def many_strings() -> bytes:
    """400 MB of shared strings in a file of half a megabyte."""
    text = b"<sst><si><t>" + b"x" * (400 * MEGABYTE) + b"</t></si></sst>"
    return rewritten(lambda name, data: text if name == STRINGS else data)


def entities(declared: str) -> bytes:
    """Shared strings with a document type; the first text is the entity `e`."""

    def change(name: str, data: bytes) -> bytes:
        if name != STRINGS:
            return data
        head, _, rest = data.partition(b"?>")
        return head + f"?><!DOCTYPE s [{declared}]>".encode() + rest.replace("订单编号".encode(), b"&e;")

    return rewritten(change)


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY {"e" if i == 9 else f"e{i}"} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    return entities(f'<!ENTITY e0 "bomb">{levels}')


def external(path: Path) -> bytes:
    path.write_text(SECRET, "utf-8")
    return entities(f'<!ENTITY e SYSTEM "{path.as_uri()}">')


def locked() -> bytes:
    """A workbook whose parts are marked as encrypted in the archive."""
    content = bytearray(workbook())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + flag] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def archive(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CSV = csv_file("x.csv", [HEADER, *ORDERS]).read()
PIECE = "订单编号,订单日期,金额,客户名称\n" + "".join(f"A{n},2026-11-20,5,东方机械\n" for n in range(9))
MIXED = PIECE.encode() + PIECE.encode("gb18030")
BAD: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "共享串.xlsx": (lambda _: many_strings(), "解压后异常庞大"),
    "多部件.xlsx": (
        lambda _: rewritten(lambda _name, data: data, {f"xl/x{n}.bin": b"" for n in range(10_001)}),
        "解压后异常庞大",
    ),
    "嵌套.zip": (lambda _: archive({"a.zip": archive({"b.csv": CSV})}), "请先解压"),
    "压缩炸弹.csv.gz": (lambda _: gzip.compress(bytes(30 * MEGABYTE)), "解压后异常庞大"),
    "套娃.csv.gz": (lambda _: gzip.compress(gzip.compress(CSV)), "里还是压缩包"),
    "实体.xlsx": (lambda _: laughs(), "已损坏或不完整"),
    "外部实体.xlsx": (lambda folder: external(folder / "secret.txt"), "已损坏或不完整"),
    "外部实体.csv": (
        lambda folder: f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "{folder}">]><a>&e;</a>'.encode(),
        "网页（HTML）或 XML",
    ),
    "两格.xlsx": (lambda _: workbook([], A1="1", XFD1048576="2"), "只有 2 个单元格有内容"),
    "两百万列.csv": (lambda _: b",".join([b"c"] * 2_000_000) + b"\n1\n", "超过上限 2000 列"),
    "图片.csv": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(64), "不支持"),
    "程序.xlsx": (lambda _: b"MZ" + bytes(200), "不支持"),
    "网页.xls": (lambda _: b"<html><table><tr><td>1</td></tr></table></html>", "网页（HTML）"),
    "文档.xlsx": (lambda _: archive({"word/document.xml": b"<w/>"}), "请先解压"),
    "口令.xlsx": (lambda _: OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "设有密码"),
    "口令二.xlsx": (lambda _: locked(), "设有密码"),
    "零字节.csv": (lambda _: b"", "是空的"),
    "乱码.csv": (lambda _: random.Random(1).randbytes(20_000), "不是文本"),
    "截断.xlsx": (lambda _: workbook()[:-600], "已损坏或不完整"),
    "只有标题.xlsx": (lambda _: workbook([["销售月报"], ["2026 年 11 月"]]), "只有标题文字"),
    "未知编码.csv": (lambda _: "имя,сумма\nОльга,товар\n".encode("cp1251") * 9, "无法判断"),
    "含零.csv": (lambda _: b"a,b\n1,2\n3,\x00\n" + b"5,6\n" * 100, "零字节"),
    "截断.csv.gz": (lambda _: gzip.compress(CSV)[:-30], "损坏的压缩包"),
    "压缩.csv.bz2": (lambda _: bz2.compress(CSV), "请先解压"),
    "拼接.csv": (lambda _: MIXED, "混有两种编码"),
    "倒拼.csv": (lambda _: b"\n".join(reversed(MIXED.split(b"\n"))), "混有两种编码"),
    "网页存档.xls": (lambda _: b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html></html>", "网页（HTML）"),
    "半个.xls": (lambda _: OLE + bytes(600), "已损坏或不完整"),
    "文档.doc": (lambda _: OLE + bytes(600), "（DOC）"),
    "记号.csv": (lambda _: b"\xef\xbb\xbf", "是空的"),
    "深.json": (lambda _: b"[" * 50_000 + b"]" * 50_000, "不是 JSON 对象"),
    "只有表头.csv": (lambda _: "订单编号,金额\n".encode(), "只有表头"),
}


READ_ALL = r"""
import re, resource, sys
from pathlib import Path
from salesloop.engine.collect.read import read_file
from salesloop.engine.model.errors import UserError
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_file(path)
    except UserError:
        continue
    raise SystemExit(f"{path.name} was read")
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(int(peak[1]) // 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is told by Linux only")
def test_reading_them_takes_little_memory(tmp_path: Path) -> None:
    """Megabytes of the process that reads them all, and of the largest that it starts."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, (make, _words) in BAD.items():
        (folder / name).write_bytes(make(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(folder)], stdout=subprocess.PIPE, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout
    own, started = map(int, done.stdout.split())
    assert own < 400
    assert started < 800


@pytest.mark.requirement("B01")
def test_each_hostile_file_is_named_with_what_to_do_and_the_good_one_comes_in(
    as_: Window, own: Workspace, work: Work, tmp_path: Path
) -> None:
    client = as_("analyst")
    contents = {name: make(tmp_path) for name, (make, _words) in BAD.items()}
    files = [SimpleUploadedFile(name, content) for name, content in contents.items()]
    address = upload(client, csv_file("好的订单.csv", [HEADER, *ORDERS]), *files)
    work()
    shown = page(client, address)
    draft = Draft.objects.get()
    for file in draft.files[1:]:
        assert BAD[file["name"]][1] in shown, file["name"]
        assert file["error"] is not None, file["name"]
    assert shown.count('role="alert"') >= len(BAD)
    assert SECRET not in shown
    assert "Traceback" not in shown
    assert "1 张表就绪" in shown

    client.post(f"{address}run/")
    work()
    draft.refresh_from_db()
    assert draft.step == Step.DONE
    assert own.current().count("order_line") > 0
    assert not list((own.state / "uploads").iterdir())


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "unpacks to an abnormal size"), ("zh-hant", "解壓"), ("zh-hans", "解压后异常庞大")],
)
def test_the_sentence_is_in_the_readers_language(
    as_: Window, own: Workspace, work: Work, people: People, language: str, words: str
) -> None:
    people.analyst.language = language
    people.analyst.save()
    bomb = SimpleUploadedFile("bomb.csv.gz", gzip.compress(bytes(30 * MEGABYTE)))
    address = upload(as_("analyst"), bomb)
    work()
    shown = page(as_("analyst"), address)
    assert "bomb.csv.gz" in shown
    assert words in shown


def test_the_content_decides_not_the_extension(as_: Window, own: Workspace, work: Work) -> None:
    """Exports are often named wrongly; what can be read is read."""
    files = [SimpleUploadedFile("其实是工作簿.csv", workbook()), SimpleUploadedFile("其实是文本.xlsx", CSV)]
    files.append(SimpleUploadedFile("压缩.csv.gz", gzip.compress(CSV)))
    address = upload(as_("analyst"), *files)
    work()
    assert "3 张表就绪" in page(as_("analyst"), address)


def test_macros_are_told_and_never_run(as_: Window, own: Workspace, work: Work) -> None:
    content = rewritten(lambda _name, data: data, {"xl/vbaProject.bin": b"Sub Auto_Open()"})
    address = upload(as_("analyst"), SimpleUploadedFile("带宏.xlsm", content))
    work()
    shown = page(as_("analyst"), address)
    assert "宏不会运行" in shown
    assert "1 张表就绪" in shown


def test_long_cells_and_formula_text_are_only_text(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    long, formula, script = "长" * 10_000, "=cmd|' /C calc'!A0", "<script>alert(1)</script>"
    header = [*HEADER[:-1], "客户名称"]
    rows = [
        [f"SO-2{n}", "2026-11-20", f"H{n}", "E12", "500", text] for n, text in enumerate((long, formula, script), 1)
    ]
    address = upload(client, csv_file("长.csv", [header, *rows]))
    work()
    shown = page(client, address)
    assert script not in shown
    assert long not in shown, "a sample is cut"
    client.post(f"{address}run/")
    work()
    kept = own.current().rows("SELECT name FROM customer WHERE customer_id LIKE 'H_' ORDER BY customer_id")
    assert [row["name"] for row in kept] == [long, formula, script]


TRICKS = {
    "../../../etc/cron.d/x.csv": "x.csv",
    "..\\..\\salesloop.toml": "salesloop.toml",
    "/etc/passwd": "passwd",
    "C:\\Windows\\system32\\config.csv": "config.csv",
    "\\\\server\\share\\a.csv": "a.csv",
    "a\x00b.csv": "ab.csv",
    "CON.csv": "CON.csv",
    "NUL": "NUL",
    "aux.xlsx.": "aux.xlsx",
    "订" * 300 + ".csv": "订" * 139 + ".csv",
    "gpj.\u202etxt.csv": "gpj.txt.csv",
    "%2e%2e%2fx.csv": "%2e%2e%2fx.csv",
    "~root.csv": "~root.csv",
    "$(reboot).csv": "$(reboot).csv",
    "-rf.csv": "-rf.csv",
    "<img src=x onerror=alert(1)>.csv": "<img src=x onerror=alert(1)>.csv",
}


@pytest.mark.requirement("B01")
def test_a_file_name_is_only_a_name(as_: Window, own: Workspace, work: Work) -> None:
    client = as_("analyst")
    before = everything_in(own.path.parent)
    settings = (own.path / "salesloop.toml").read_bytes()
    address = upload(client, *(SimpleUploadedFile(name, CSV) for name in TRICKS))
    draft = Draft.objects.get()
    assert [file["name"] for file in draft.files] == list(TRICKS.values())
    made = everything_in(own.path.parent) - before
    folder = own.state / "uploads" / draft.folder
    assert made == {folder.parent, folder, *(folder / str(number) for number in range(len(TRICKS)))}
    work()
    shown = page(client, address)
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown
    client.post(f"{address}discard/")
    assert (own.path / "salesloop.toml").read_bytes() == settings


def everything_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if ".sqlite3" not in path.name}


def test_far_too_many_files_get_the_same_sentence(as_: Window, own: Workspace) -> None:
    many = [SimpleUploadedFile(f"{n}.csv", b"a,b\n1,2\n") for n in range(300)]
    answer = as_("analyst").post("/data/import/upload/", {"files": many})
    assert answer.status_code == 422
    assert f"一次最多上传 {MOST_FILES} 个文件" in answer.content.decode()
    assert Draft.objects.count() == 0


def test_a_table_with_very_many_columns_can_still_be_decided(as_: Window, own: Workspace, work: Work) -> None:
    header = ["订单编号", "订单日期", "金额", *(f"备用{n}" for n in range(800))]
    rows = [[f"SO-3{n}", "2026-11-20", "5", *(["x"] * 800)] for n in range(3)]
    address = upload(as_("analyst"), csv_file("宽.csv", [header, *rows]))
    work()
    shown = page(as_("analyst"), address)
    assert "1 张表就绪" in shown
    assert len(shown) < 8 * MEGABYTE


def test_two_people_upload_at_the_same_time(as_: Window, own: Workspace, work: Work) -> None:
    """Each import is its own: the same name and the same bytes do not meet before they are imported."""
    first = upload(as_("analyst"), csv_file("同名.csv", [HEADER, *ORDERS[:2]]))
    second = upload(as_("steward"), csv_file("同名.csv", [HEADER, *ORDERS[3:5]]))
    work()
    assert as_("analyst").get(second).status_code == 404
    assert as_("steward").get(first).status_code == 404
    as_("analyst").post(f"{first}run/")
    as_("steward").post(f"{second}run/")
    work()
    found = own.current().rows("SELECT order_id FROM order_line WHERE order_id LIKE 'SO-10_' ORDER BY order_id")
    assert [row["order_id"] for row in found] == ["SO-101", "SO-102", "SO-104", "SO-105"]
