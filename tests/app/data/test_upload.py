"""Files that cannot be imported get a clear sentence, and nothing of them is left lying about."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from salesloop.app.data.limits import MOST_BYTES, MOST_FILES
from salesloop.app.data.models import Draft
from salesloop.engine.store import Workspace
from tests.app.data.conftest import HEADER, ORDERS, csv_file, page, upload

Window = Callable[[str], Client]
Work = Callable[[], None]


def workbook() -> bytes:
    book = Workbook()
    for row in (HEADER, *ORDERS):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD = {
    "空.csv": (b"", "是空的"),
    "乱码.csv": (bytes(range(256)) * 40, "不是文本"),
    "截断.xlsx": (workbook()[:-600], "已损坏或不完整"),
    "加密.xlsx": (OLE_HEAD + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512), "设有密码"),
    "图片.png": (b"\x89PNG\r\n\x1a\n" + bytes(64), "不支持"),
    "只有标题.csv": ("2026 年销售明细\n\n制表：运营部\n".encode(), "只有标题"),
}


@pytest.mark.requirement("B01")
def test_a_bad_file_says_what_is_wrong_and_spoils_no_other(as_: Window, own: Workspace, work: Work) -> None:
    files = [SimpleUploadedFile(name, content) for name, (content, _) in BAD.items() if content]
    address = upload(as_("analyst"), csv_file("订单补录.csv", [HEADER, *ORDERS]), *files)
    work()
    shown = page(as_("analyst"), address)
    for name, (content, words) in BAD.items():
        if content:
            assert name in shown
            assert words in shown, name
    assert "1 张表就绪" in shown


def test_an_empty_upload_and_no_upload_are_told(as_: Window, own: Workspace, work: Work) -> None:
    assert "没有收到文件" in as_("analyst").post("/data/import/upload/").content.decode()
    empty = SimpleUploadedFile("空.csv", b" \n")
    address = upload(as_("analyst"), empty)
    work()
    assert "是空的" in page(as_("analyst"), address)


def test_the_answer_for_the_upload_script_is_only_what_was_wrong(as_: Window, own: Workspace) -> None:
    answer = as_("analyst").post("/data/import/upload/", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "<html" not in answer.content.decode()
    good = csv_file("订单.csv", [HEADER, *ORDERS])
    answer = as_("analyst").post("/data/import/upload/", {"files": [good]}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/data/import/{Draft.objects.get().pk}/"


def test_too_much_is_refused_before_it_is_kept(as_: Window, own: Workspace) -> None:
    answer = as_("analyst").post(
        "/data/import/upload/",
        {"files": [csv_file("大.csv", [HEADER])]},
        headers={"Content-Length": str(MOST_BYTES + 1)},
        CONTENT_LENGTH=str(MOST_BYTES + 1),
    )
    assert answer.status_code == 422
    assert "一次最多上传 300 MB" in answer.content.decode()
    many = [csv_file(f"{n}.csv", [HEADER]) for n in range(MOST_FILES + 1)]
    answer = as_("analyst").post("/data/import/upload/", {"files": many})
    assert "一次最多上传 60 个文件" in answer.content.decode()
    assert not (own.state / "uploads").exists()
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.csv", "..\\..\\salesloop.toml", "/abs/路径.csv", "a\x00b.csv", "CON.csv"]
)
def test_a_file_name_is_never_a_path(as_: Window, own: Workspace, work: Work, name: str) -> None:
    before = (own.path / "salesloop.toml").read_bytes()
    content = csv_file("x.csv", [HEADER, *ORDERS]).read()
    address = upload(as_("analyst"), SimpleUploadedFile(name, content))
    draft = Draft.objects.get()
    kept = list((own.state / "uploads").rglob("*"))
    assert [path.name for path in kept if path.is_file()] == ["0"]
    assert kept[0].parent == own.state / "uploads"
    assert not {"/", "\\", "\x00"} & set(draft.files[0]["name"])
    work()
    assert as_("analyst").get(address).status_code == 200
    assert (own.path / "salesloop.toml").read_bytes() == before


def test_giving_an_import_up_removes_its_files(as_: Window, own: Workspace, work: Work) -> None:
    address = upload(as_("analyst"), csv_file("订单.csv", [HEADER, *ORDERS]))
    work()
    as_("analyst").post(f"{address}discard/")
    assert list((own.state / "uploads").iterdir()) == []
    assert as_("analyst").get(address).status_code == 404


def test_a_crafted_workbook_does_not_take_the_worker_along(as_: Window, own: Workspace, work: Work) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b'r="F4"', b'r="XFD1048576"')
            out.writestr(name, data)
    address = upload(
        as_("analyst"), SimpleUploadedFile("炸弹.xlsx", content.getvalue()), csv_file("好.csv", [HEADER, *ORDERS])
    )
    work()
    shown = page(as_("analyst"), address)
    assert "炸弹.xlsx" in shown
    assert 'role="alert"' in shown
    assert "1 张表就绪" in shown


def test_old_uploads_are_cleaned_away(as_: Window, own: Workspace, work: Work) -> None:
    import datetime as dt

    from django.utils import timezone

    from salesloop.app.data.uploads import KEPT_DAYS, forget_old

    upload(as_("analyst"), csv_file("订单.csv", [HEADER, *ORDERS]))
    stray, young = (own.state / "uploads" / name for name in ("stray", "young"))
    for folder in (stray, young):
        folder.mkdir()
    yesterday = timezone.now().timestamp() - 86_400
    os.utime(stray, (yesterday, yesterday))
    forget_old(timezone.now())
    assert not stray.exists()
    assert young.exists(), "an upload under way has its folder before its draft"
    young.rmdir()
    assert Draft.objects.count() == 1
    forget_old(timezone.now() + dt.timedelta(days=KEPT_DAYS + 1))
    assert Draft.objects.count() == 0
    assert list((own.state / "uploads").iterdir()) == []


def test_a_column_that_cannot_be_what_it_is_called_asks_to_be_looked_at(
    as_: Window, own: Workspace, work: Work
) -> None:
    rows = [["SO-401", "2026-11-20", "面议"], ["SO-402", "2026-11-20", "待定"], ["SO-403", "2026-11-20", "500"]]
    address = upload(as_("analyst"), csv_file("订单.csv", [["订单编号", "订单日期", "金额"], *rows]))
    work()
    shown = page(as_("analyst"), address)
    assert "column-row is-doubt" in shown
    assert "列名像是「销售额」，但 3 个值中只有 1 个是数字" in shown
