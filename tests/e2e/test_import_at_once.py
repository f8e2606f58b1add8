"""Several people upload at the same moment, bombs among their files: everybody gets an answer, and the server stays small."""

from __future__ import annotations

import gzip
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from salesloop.engine.store import Workspace
from tests.e2e.conftest import PASSWORD
from tests.e2e.sites import run, serving

AT_ONCE = 4
MOST_MEGABYTES = 700
SECONDS = 240.0
ORDERS = "订单编号,订单日期,客户名称,金额\n" + "".join(f"SO-{n},2026-11-20,客户{n},{n}00\n" for n in range(1, 30))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = Workspace.create(tmp_path_factory.mktemp("at-once") / "company").path
    run("tests.e2e.sites", str(folder), PASSWORD)
    with serving(folder) as url:
        yield folder, url


class Window:
    """Somebody's browser, as far as the server sees it. Windows may share their cookies, and so a login."""

    def __init__(self, url: str, cookies: CookieJar) -> None:
        self._url = url
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(cookies))

    def get(self, path: str) -> str:
        with self._opener.open(self._url + path, timeout=SECONDS) as answer:
            return str(answer.read().decode())

    def log_in(self) -> None:
        form = {"csrfmiddlewaretoken": self._token("/account/login/"), "login": "linxiao", "password": PASSWORD}
        self._post("/account/login/", urlencode(form).encode(), "application/x-www-form-urlencoded")

    def upload(self, files: dict[str, bytes]) -> str:
        """The address of the import."""
        mark = uuid.uuid4().hex
        parts = [('name="csrfmiddlewaretoken"', self._token("/data/import/").encode())]
        parts += [(f'name="files"; filename="{name}"', content) for name, content in files.items()]
        body = b"".join(
            f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
            for head, content in parts
        )
        at = self._post(
            "/data/import/upload/", body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
        )
        return at.removeprefix(self._url)

    def _post(self, path: str, body: bytes, kind: str) -> str:
        request = Request(self._url + path, body, {"Content-Type": kind, "Referer": self._url + path})
        with self._opener.open(request, timeout=SECONDS) as answer:
            assert answer.status == 200
            return str(answer.geturl())

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert found
        return found[1]


def peak(process: int) -> int:
    """Most megabytes that a process has held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) // 1024


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is told by Linux only")
def test_uploads_at_the_same_time_with_bombs_among_them(company: tuple[Path, str]) -> None:
    folder, url = company
    files = {
        "炸弹.csv.gz": gzip.compress(bytes(40 << 20)),
        "很大.csv": b"x" * (20 << 20),
        "两百万列.csv": b",".join([b"c"] * 2_000_000),
        "好的.csv": ORDERS.encode("gb18030"),
    }

    cookies = CookieJar()
    Window(url, cookies).log_in()  # once: checking a password takes 100 MB for a moment

    def bring(number: int) -> str:
        window = Window(url, cookies)
        address = window.upload(files)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if "张表就绪" in (shown := window.get(address)):
                return shown
            time.sleep(0.5)
        raise AssertionError(f"upload {number} got no answer")

    with ThreadPoolExecutor(AT_ONCE) as people:
        shown = list(people.map(bring, range(AT_ONCE)))
    for page in shown:
        assert "解压后异常庞大" in page
        assert "超过上限 2000 列" in page
        assert "1 张表就绪" in page
    worker = int((folder / ".salesloop" / "worker.lock").read_text())
    server = int(re.search(r"PPid:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())[1])  # type: ignore[index]
    assert peak(server) < MOST_MEGABYTES
    assert peak(worker) < MOST_MEGABYTES
    assert len(list((folder / ".salesloop" / "uploads").iterdir())) == AT_ONCE
