"""Bring the catalogues of the app's texts up to date: `make messages`.

Texts are written in simplified Chinese in templates and code. English is written by people in `locale/en`; traditional Chinese
is converted with OpenCC (Taiwan's wording), and `locale/zh_Hant.yaml` holds the few texts that are better said otherwise.
Without GNU gettext: Babel reads the Python sources, and the templates after Django has turned them into Python.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from salesloop.engine.model.text import to_traditional

APP = Path(__file__).parent.parent / "src" / "salesloop" / "app"
LOCALE = APP / "locale"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NO_WRAPPING = 10_000

Key = str | tuple[str, str]


def texts() -> Catalog:
    """Every text of the sources, with the files that use it."""
    found = Catalog(charset="utf-8")
    for file in sorted([*APP.rglob("*.py"), *APP.rglob("*.html")]):
        if "migrations" in file.parts:
            continue
        for _line, message, _comments, context in _extract(file):
            words = message if isinstance(message, str) else message[0]
            if CHINESE.search(words):  # Django's own English texts have their own catalogues
                name = file.relative_to(APP).as_posix()
                known = found.get(words, context)
                places = sorted({*(place for place, _ in known.locations), name}) if known else [name]
                found.delete(words, context)
                found.add(message, context=context, locations=[(place, None) for place in places])  # type: ignore[misc] # no line: it would change with every edit
    return found


def _extract(file: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    source = file.read_text("utf-8")
    if file.suffix == ".html":
        # What is no text becomes X and blanks; indentation would be read as Python's.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    return extract("python", io.BytesIO(source.encode()), KEYWORDS)


def english(current: Catalog) -> Catalog:
    """The texts with the English that people have written so far."""
    written = _read("en")
    catalogue = Catalog(locale="en", charset="utf-8", project="SalesLoop")
    for message in _sorted(current):
        known = written.get(_first(message), message.context)
        catalogue.add(
            message.id,
            string=known.string if known and _shape(known) == _shape(message) else "",
            context=message.context,
            locations=message.locations,
        )
    return catalogue


def traditional(current: Catalog) -> Catalog:
    """The texts converted, or as `zh_Hant.yaml` says them."""
    own: dict[str, str] = yaml.safe_load((LOCALE / "zh_Hant.yaml").read_text("utf-8")) or {}
    if unknown := set(own) - {_first(message) for message in current if message.id}:
        raise SystemExit(f"zh_Hant.yaml speaks of texts that are not there: {sorted(unknown)}")
    catalogue = Catalog(locale="zh_Hant", charset="utf-8", project="SalesLoop")
    for message in _sorted(current):
        words = own.get(_first(message)) or to_traditional(_first(message))
        string: Any = words if isinstance(message.id, str) else (words,)
        catalogue.add(message.id, string=string, context=message.context, locations=message.locations)
    return catalogue


def write(catalogue: Catalog) -> bytes:
    """The catalogue as it is kept: sorted, without line numbers and dates, so that only texts make a difference."""
    out = io.BytesIO()
    write_po(out, catalogue, omit_header=False, sort_output=False, width=NO_WRAPPING, include_lineno=False)
    kept = [
        line
        for line in out.getvalue().decode().splitlines()
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', "# "))
    ]
    return ("\n".join(kept).replace("#, fuzzy\n", "", 1).strip() + "\n").encode()


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def missing(catalogue: Catalog) -> list[str]:
    """Texts without a translation."""
    return [
        _first(message)
        for message in catalogue
        if message.id and not all([message.string] if isinstance(message.string, str) else message.string or [""])
    ]


def _read(language: str) -> Catalog:
    file = path_of(language)
    return read_po(io.BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)


def _sorted(catalogue: Catalog) -> list[Message]:
    return sorted((message for message in catalogue if message.id), key=lambda m: (_first(m), m.context or ""))


def _first(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _shape(message: Message) -> bool:
    return isinstance(message.id, str)


def main() -> None:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    current = texts()
    for language, make in (("en", english), ("zh_Hant", traditional)):
        catalogue = make(current)
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(write(catalogue))
        lacking = missing(catalogue)
        print(f"{language}: {len(current)} texts, {len(lacking)} without translation")
        for words in lacking:
            print(f"  {words}", file=sys.stderr)


if __name__ == "__main__":
    main()
