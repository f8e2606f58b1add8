"""Shared fixtures: where the real files, a browser and a PostgreSQL are, and what to do without them.

A fixture that finds nothing skips the test with one line that says what to set. With `SALESLOOP_REQUIRE_ALL=1`
(CI, before a release) the same absence fails the test, so that nothing is skipped unnoticed.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings

# The default run is the same on every machine; `HYPOTHESIS_PROFILE=explore` looks further with new random examples.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "google-chrome", "google-chrome-stable")
WITH_DJANGO = ("app", "e2e")
NEEDS = {"real_data": "real_data", "browser_path": "browser", "postgres_url": "postgres"}


def missing(what: str) -> NoReturn:
    """Skip the running test because `what` is not here, or fail it where everything is required."""
    if os.environ.get("SALESLOOP_REQUIRE_ALL") == "1":
        pytest.fail(f"required by SALESLOOP_REQUIRE_ALL=1: {what}", pytrace=False)
    pytest.skip(what)


def find_browser() -> Path | None:
    """The Chromium to drive: CHROMIUM_PATH, else one of the usual places."""
    for candidate in (os.environ.get("CHROMIUM_PATH"), *BROWSERS):
        if candidate and (found := shutil.which(candidate)):
            return Path(found)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give Django a workspace of its own before pytest-django starts it.

    Only a run that can reach tests of the app starts Django: the engine is tested without it.
    """
    here = Path(__file__).parent
    chosen = [Path(config.invocation_params.dir, arg.split("::")[0]).resolve() for arg in config.args]
    folders = [here / name for name in WITH_DJANGO if (here / name).is_dir()]
    if not any(path in (folder, *folder.parents) or folder in path.parents for path in chosen for folder in folders):
        return
    workspace = tempfile.mkdtemp(prefix="salesloop-tests-")
    atexit.register(shutil.rmtree, workspace, ignore_errors=True)
    os.environ["SALESLOOP_WORKSPACE"] = workspace
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "salesloop.app.config.settings"
    from django.conf import settings as django_settings

    _ = django_settings.DATABASES  # loads them: pytest-django starts Django only where settings are loaded


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, so that `-m "not browser"` works without a mark on every test."""
    for item in items:
        for fixture, mark in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data sets (SALESLOOP_REAL_DATA); they are read in place, never copied into the project."""
    folder = os.environ.get("SALESLOOP_REAL_DATA")
    if not folder:
        missing("real data: set SALESLOOP_REAL_DATA to the folder of the data sets")
    if not Path(folder).is_dir():
        missing(f"real data: SALESLOOP_REAL_DATA is not a folder: {folder}")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """A Chromium for Playwright's `launch(executable_path=...)`; start it with `--no-sandbox`."""
    browser = find_browser()
    if browser is None:
        missing("no browser: install chromium or set CHROMIUM_PATH")
    return browser


@pytest.fixture(scope="session")
def browser(browser_path: Path) -> Iterator[Browser]:
    """One Chromium for the whole run: a second Playwright cannot start beside a running one."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_path, args=quiet)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """Address of an empty PostgreSQL database for tests (SALESLOOP_TEST_POSTGRES)."""
    url = os.environ.get("SALESLOOP_TEST_POSTGRES")
    if not url:
        missing("no PostgreSQL: set SALESLOOP_TEST_POSTGRES to postgresql://user@host:port/database")
    return url
