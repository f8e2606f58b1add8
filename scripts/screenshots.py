"""Takes the pictures of docs/images from the demo company: `python -m scripts.screenshots [--only NAME] [--out FOLDER]`.

Serves a demo workspace of a fixed day in this process, logs a person of each role in by a session of their own, and
photographs the pages of SHOTS. The workspace is made first where it is missing, and kept.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam
    from playwright.sync_api import ViewportSize

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TODAY = "2026-11-21"
DESKTOP = (1440, 900)
PHONE = (390, 844)
READY = "() => !document.querySelector('.htmx-request, [aria-busy=true]')"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: file name, address, size in CSS pixels, theme, and the role of the person who looks."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    theme: Literal["light", "dark"] = "light"
    role: str = "manager"


SHOTS = (
    Shot("overview-light", "/"),
    Shot("overview-dark", "/", theme="dark"),
    Shot("overview-phone", "/", size=PHONE),
    Shot("metric-light", "/metrics/revenue/?by=region&grain=month&compare=year"),
    Shot("metric-phone", "/metrics/revenue/?by=region&grain=month", size=PHONE, role="rep"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation.")
    parser.add_argument("--demo", type=Path, default=ROOT / "out" / "pictures", help="workspace of the demo company")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", metavar="NAME", help="only pictures whose name contains this")
    options = parser.parse_args()
    shots = [shot for shot in SHOTS if not options.only or options.only in shot.name]
    os.environ["SALESLOOP_TODAY"] = f"{TODAY}T09:30"
    if not options.demo.exists():
        options.demo.parent.mkdir(exist_ok=True)
        command = Path(sys.executable).parent / "salesloop"
        subprocess.run([command, "demo", options.demo, "--no-serve", "--today", TODAY], check=True)
    options.out.mkdir(parents=True, exist_ok=True)

    from salesloop.app import boot

    boot.start(options.demo, migrate=True)
    sessions = {role: open_session(role) for role in {shot.role for shot in shots}}
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for shot in shots:
            file = options.out / f"{shot.name}.png"
            file.write_bytes(smaller(photograph(browser, address, shot, sessions[shot.role])))
            print(
                f"{file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}  {file.stat().st_size // 1024} kB"
            )
        browser.close()


def open_session(role: str) -> str:
    """The session key of the first person with this role."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    person = get_user_model().objects.filter(role=role, is_active=True).order_by("pk").first()
    if person is None:
        sys.exit(f"The demo has nobody with the role {role}.")
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@contextmanager
def serving() -> Iterator[str]:
    """The demo on a free port of this machine."""
    from waitress.server import create_server

    from salesloop.app.config.wsgi import application

    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def photograph(browser: Browser, address: str, shot: Shot, session: str) -> bytes:
    """One page as a picture, after everything that it loads by itself has arrived."""
    from django.conf import settings

    viewport: ViewportSize = {"width": shot.size[0], "height": shot.size[1]}
    cookie: SetCookieParam = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}
    context = browser.new_context(
        viewport=viewport,
        device_scale_factor=2,
        color_scheme=shot.theme,
        reduced_motion="reduce",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=shot.size == PHONE,
        is_mobile=shot.size == PHONE,
    )
    context.add_cookies([cookie])
    page = context.new_page()
    answer = page.goto(address + shot.path, wait_until="networkidle")
    if answer is None or not answer.ok or page.url != address + shot.path:
        sys.exit(f"{shot.name}: {shot.path} answered {answer.status if answer else 'nothing'} at {page.url}")
    page.wait_for_function(READY)
    picture = page.screenshot()
    context.close()
    return picture


def smaller(picture: bytes) -> bytes:
    """The same picture with a palette: a quarter of the size, no visible difference for pages."""
    out = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def find_browser() -> str:
    for candidate in (os.environ.get("CHROMIUM_PATH"), *BROWSERS):
        if candidate and (found := shutil.which(candidate)):
            return found
    sys.exit("Needs a browser: install chromium or set CHROMIUM_PATH.")


if __name__ == "__main__":
    main()
