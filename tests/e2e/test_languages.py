"""Every page in each of the three languages, to the last label; what a company calls its own things stays as it is."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import opencc
import pytest

from salesloop.engine.store import Workspace
from tests.e2e.visitor import Site, Visitor

Visit = Callable[..., Visitor]
PAGES = (
    "/",
    "/metrics/",
    "/metrics/revenue/?by=channel&compare=previous,year",
    "/metrics/revenue/definition/",
    "/targets/",
    "/reports/",
    "/reports/weekly/",
    "/findings/",
    "/findings/?state=closed",
    "/findings/4/",
    "/actions/",
    "/actions/1/",
    "/actions/3/",
    "/actions/new/",
    "/data/?tab=quality",
    "/data/?tab=tables",
    "/data/?tab=snapshots",
    "/data/duplicates/?entity=product",
    "/data/duplicates/history/",
    "/data/import/",
    "/notices/",
    "/account/password/",
    "/admin/people/",
    "/admin/settings/",
    "/api/tokens/",
)
WORDS = """() => {
  const said = new Set([document.title]);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const at = texts.currentNode.parentElement;
    if (at && !at.closest("script, style, [lang]:not(html), .avatar, code, pre")) said.add(texts.currentNode.textContent.trim());
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"])
    for (const at of document.querySelectorAll(`[${name}]`)) said.add(at.getAttribute(name));
  return [...said];
}"""
CHINESE = re.compile("[\u3400-\u9fff]")
ALSO_TRADITIONAL = set("斗台里后准")
"""Characters that traditional Chinese writes so as well (漏斗, 批准), though some of its words write another."""


@pytest.fixture(scope="module")
def names(demo_site: Site) -> re.Pattern[str]:
    """What people of the demo call their own things: from its warehouse, its files and what they wrote."""
    workspace = Workspace.open(demo_site.folder)
    engine = workspace.current().engine
    found = {workspace.config.name} | {file.name for file in Path(demo_site.folder / "exports").iterdir()}
    found |= {Path(name).stem for name in found}
    columns = engine.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main'"
        " AND data_type = 'VARCHAR' AND NOT starts_with(column_name, '_')"
        " AND column_name IN ('name', 'category', 'subcategory', 'segment', 'industry', 'source', 'title', 'stage')"
    ).to_pylist()
    for one in columns:
        rows = engine.execute(f'SELECT DISTINCT "{one["column_name"]}" AS name FROM "{one["table_name"]}"').to_pylist()
        found |= {row["name"] for row in rows if row["name"]}
    with sqlite3.connect(demo_site.folder / ".salesloop" / "app.sqlite3") as app:
        for question in (
            "SELECT title FROM actions_action",
            "SELECT note FROM actions_action",
            "SELECT text FROM actions_checklistitem",
            "SELECT name FROM accounts_user",
        ):
            found |= {str(row[0]) for row in app.execute(question) if row[0]}
    return re.compile("|".join(re.escape(name) for name in sorted(found, key=len, reverse=True)))


@pytest.mark.parametrize(("language", "unit"), [("en", "M"), ("zh-hant", "萬元")])
def test_no_page_falls_back_to_another_language(
    visit_demo: Visit, names: re.Pattern[str], language: str, unit: str
) -> None:
    visitor = visit_demo("admin")
    page = visitor.page
    assert _unit(visitor) == "万元"
    _choose(visitor, language)
    try:
        assert _unit(visitor) == unit
        left = {address: _left_over(visitor, address, names, language) for address in PAGES}
        assert {address: words for address, words in left.items() if words} == {}
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh-hant": "zh-Hant"}[language]
    finally:
        _choose(visitor, "zh-hans")


def _choose(visitor: Visitor, language: str) -> None:
    """Pick the language in the menu of one's name."""
    visitor.go("/")
    visitor.page.locator("summary.me").click()
    with visitor.page.expect_navigation():
        visitor.page.locator(f".sidebar button[name=language][value={language}]").click()
    visitor.settle()


def _unit(visitor: Visitor) -> str:
    return visitor.page.locator("article.kpi .figure .unit").first.inner_text().strip()


def _left_over(visitor: Visitor, address: str, names: re.Pattern[str], language: str) -> list[str]:
    """What the page says in a language that is not the reader's, names left out."""
    visitor.go(address)
    said = {names.sub("", words) for words in visitor.page.evaluate(WORDS)}
    if language == "en":
        return sorted(words for words in said if CHINESE.search(words))
    traditional = opencc.OpenCC("s2t")
    return sorted(
        words for words in said if any(traditional.convert(one) != one and one not in ALSO_TRADITIONAL for one in words)
    )
