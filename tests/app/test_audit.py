"""The audit log speaks the language of whoever reads it."""

import re
from collections.abc import Callable
from pathlib import Path

from django.test import Client

import salesloop.app
from salesloop.app.audit import words
from salesloop.app.audit.services import log
from salesloop.app.findings import services as findings
from tests.app.conftest import People
from tests.app.findings.drafts import NOW, draft, raised
from tests.app.html import read

Window = Callable[[str], Client]


def first_entry(window: Client) -> list[str]:
    rows: list[list[str]] = read(window.get("/admin/audit/")).rows
    return rows[1]


def test_a_finding_is_named_in_the_language_of_the_reader(as_: Window, people: People) -> None:
    (finding,) = raised(draft())
    findings.dismiss(people.analyst, finding, "已知", NOW)
    window = as_("admin")
    assert finding.sentence("zh-Hans") in first_entry(window)
    people.admin.language = "en"
    people.admin.save()
    entry = first_entry(window)
    assert finding.sentence("en") in entry
    assert "dismissed the finding" in entry


def test_what_people_named_keeps_its_name(as_: Window, people: People) -> None:
    log(people.admin, "data.imported", "2026-订单.xlsx")
    assert "2026-订单.xlsx" in first_entry(as_("admin"))


def test_every_code_that_the_product_writes_has_words() -> None:
    sources = [path.read_text("utf-8") for path in Path(salesloop.app.__path__[0]).rglob("*.py")]
    written = {
        code for source in sources for code in re.findall(r"\blog\(\s*[\w.()]+,\s*\"([a-z_]+\.[a-z_]+)\"", source)
    }
    assert len(written) > 20
    assert written - set(words.WORDS) == set()
