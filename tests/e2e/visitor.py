"""Somebody in front of a browser: a window, a login, and what went wrong in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response, expect

WAIT = 120_000
"""Milliseconds until whatever is waited for must have come: it ends a test that hangs, and measures nothing."""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
"""Two frames: sizes and colours of what has just come are settled only when it has been drawn."""
FINISH = "() => document.getAnimations().filter(one => one instanceof CSSTransition).forEach(one => one.finish())"
"""Colours that fade from one theme to the other are judged when they have arrived."""
LOADING = "main .htmx-request, main [data-block] .skeleton"


@dataclass(frozen=True)
class Site:
    """A company behind a running server: its workspace, its address, and the password of all its people."""

    folder: Path
    url: str
    password: str
    sessions: dict[str, Any] = field(default_factory=dict)
    """Cookies by login: who has logged in once need not do so again."""


@dataclass
class Visitor:
    """One window on a site.

    `complaints` collects what no page may do: errors on the console (violations of the content security policy are some),
    exceptions, answers of 500. A refusal (4xx) is one too, unless the test has put its status into `refusals`.
    """

    site: Site
    page: Page
    complaints: list[str] = field(default_factory=list)
    refusals: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._answered)

    def go(self, address: str) -> Page:
        """Open an address of the site and wait until every block of the page has come."""
        self.page.goto(address if address.startswith("http") else self.site.url + address)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait for the page after a click, and for the blocks that load by themselves."""
        self.page.wait_for_load_state()
        expect(self.page.locator(LOADING)).to_have_count(0, timeout=WAIT)
        self.page.evaluate(DRAWN)

    def look(self, width: int, height: int, theme: str) -> None:
        """See the open page in another window size and theme, when it has arrived there."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        self.page.evaluate(DRAWN)
        self.page.evaluate(FINISH)
        self.page.evaluate(DRAWN)

    def log_in(self, login: str, password: str | None = None) -> None:
        """Fill in the login form and send it."""
        self.page.goto(f"{self.site.url}/account/login/")
        self.page.locator("#id_login").fill(login)
        self.page.locator("#id_password").fill(self.site.password if password is None else password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _heard(self, message: ConsoleMessage) -> None:
        refused = re.search(r"status of (4\d\d)", message.text)
        if message.type == "error" and not (refused and int(refused[1]) in self.refusals):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")
