"""Reading that is told to stop stops at once, whatever it reads, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from salesloop.engine.collect import workbook
from salesloop.engine.collect.read import read_file

CSV = "订单编号,订单日期,金额\n" + "".join(f"A{n},2026-11-01,{n}\n" for n in range(500))


class Stopped(Exception):
    """What whoever wants it to stop raises."""


def after(times: int) -> Callable[[], None]:
    """Stops when it is asked once more than so often."""
    asked = iter(range(times))

    def stop() -> None:
        if next(asked, None) is None:
            raise Stopped

    return stop


def csv(path: Path) -> None:
    path.write_text(CSV, "gb18030")


def stray(path: Path) -> None:
    path.write_text(CSV + 'B1,2026-11-02,"没有结束\n', "utf-8")


def packed(path: Path) -> None:
    path.write_bytes(gzip.compress(CSV.encode()))


def objects(path: Path) -> None:
    path.write_text(json.dumps([{"订单编号": "A1", "金额": 1}], ensure_ascii=False), "utf-8")


def book(path: Path) -> None:
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("订单")
        for number, line in enumerate(CSV.splitlines()):
            sheet.write_row(number, 0, line.split(","))


@pytest.mark.parametrize(
    ("make", "name"),
    [(csv, "a.csv"), (stray, "b.csv"), (packed, "c.csv.gz"), (objects, "d.json"), (book, "e.xlsx")],
)
def test_every_kind_of_file_asks_whether_to_go_on(make: Callable[[Path], None], name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    make(path)
    assert read_file(path, stop=after(1000)).tables
    with pytest.raises(Stopped):
        read_file(path, stop=after(0))


def test_the_process_that_reads_a_workbook_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_LISTENED_EVERY", 0.005)
    path = tmp_path / "a.xlsx"
    book(path)
    begun: list[subprocess.Popen] = []

    class Watched(subprocess.Popen):
        def __init__(self, *words: object, **how: object) -> None:
            begun.append(self)
            super().__init__(*words, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", Watched)
    with pytest.raises(Stopped):
        read_file(path, stop=after(1))
    assert [process.returncode for process in begun] == [-signal.SIGKILL], "ended, not waited for"
