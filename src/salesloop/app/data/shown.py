"""An import in the making, in words: its files, its tables and what is still to be decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from salesloop.app.data.form import certainty
from salesloop.app.data.models import Draft
from salesloop.app.data.words import ENCODINGS, FORMATS, encoding_words, entity_label, size_words, skipped_words
from salesloop.app.ui.language import current_lang
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message

_ASK_ENCODING = ("unknown_encoding", "undecodable", "no_such_encoding", "nul_bytes")


@dataclass(frozen=True, slots=True)
class TableItem:
    """A line of the list of tables. `state`: ready, look (something is not certain), ask (a decision is needed), skip, lookup."""

    place: int
    title: str
    detail: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class FileItem:
    """One uploaded file with its tables. `doubt` asks which of the `readings` (encoding, in words, sample) is right;
    `encodings` (encoding, in words) are offered where it may be read otherwise. `single`: its only table is called as it is."""

    number: int
    name: str
    detail: str
    single: bool
    encoding: str
    doubt: bool
    readings: list[tuple[str, str, str]]
    encodings: list[tuple[str, str]]
    problem: str
    refused: list[tuple[str, str]]
    notes: list[str]
    tables: list[TableItem]


def files_of(draft: Draft) -> list[FileItem]:
    """The files in the order of the upload."""
    return [_file(draft, number, file) for number, file in enumerate(draft.files)]


def first_to_decide(draft: Draft) -> int | None:
    """The place of the first table that needs a person, else the first one."""
    places = [n for n, table in enumerate(draft.tables) if _state(table)[0] == "ask"]
    places += [n for n, table in enumerate(draft.tables) if _state(table)[0] == "look"]
    return next(iter([*places, *range(len(draft.tables))]), None)


def _file(draft: Draft, number: int, file: dict[str, Any]) -> FileItem:
    lang = current_lang()
    error = file.get("error")
    used = file["encoding"] or file.get("detected") or ""
    read_as = file.get("format") in ("delimited", "json") and file.get("detected") != "utf-8"
    asks = read_as or file["encoding"] is not None or (error or {}).get("message", {}).get("key") in _ASK_ENCODING
    detail = [size_words(file["size"])]
    if file.get("format"):
        detail.append(_(FORMATS[file["format"]]))
    doubt = bool(file.get("doubt"))
    readings = file.get("alternatives", [])
    offered = dict.fromkeys([*filter(None, [used]), *(one["encoding"] for one in readings), *ENCODINGS])
    tables = [_item(n, table) for n, table in enumerate(draft.tables) if table["file"] == number]
    return FileItem(
        number,
        file["name"],
        " · ".join(detail),
        [table.title for table in tables] == [PurePath(file["name"]).stem],
        used,
        doubt,
        [(one["encoding"], encoding_words(one["encoding"]), one["sample"]) for one in readings] if doubt else [],
        [(one, encoding_words(one)) for one in offered] if asks and not doubt else [],
        UserError(Message.from_json(error["message"]), **error["where"]).text(lang) if error else "",
        [(one["name"], Message.from_json(one["message"]).text(lang)) for one in file.get("refused", ())],
        [Message.from_json(note).text(lang) for note in file.get("notes", ())],
        tables,
    )


def _item(place: int, table: dict[str, Any]) -> TableItem:
    state, words = _state(table)
    parts = [_("%(n)s 行") % {"n": f"{table['rows']:,}"}]
    if table["entity"] and table["choice"] == "import":
        parts.insert(0, f"→ {entity_label(table['entity'])}")
    return TableItem(place, table["sheet"], " · ".join(parts), state, words)


def _state(table: dict[str, Any]) -> tuple[str, str]:
    if table["choice"] == "lookup":
        return "lookup", _("补充其他表")
    if table["choice"] == "skip":
        return ("skip", _("不导入")) if table["decided"] else ("ask", _("待选定"))
    doubtful = sum(certainty(column)[0] == "doubt" for column in table["columns"])
    if doubtful and not table["saved"]:
        return "look", _("%(n)d 列待核对") % {"n": doubtful}
    if table["saved"]:
        return "ready", _("沿用映射“%(name)s”") % {"name": table["saved"]}
    return "ready", _("就绪")


def facts_of(table: dict[str, Any]) -> list[str]:
    """Where the header was found and what was left out."""
    facts = []
    if table["header_row"] is None and not table["named"]:
        facts = [_("没有表头，按列号对应")]
    elif table["header_row"] is not None:
        facts = [_("表头在第 %(row)d 行") % {"row": table["header_row"]}]
    facts.append(_("%(n)s 行数据") % {"n": f"{table['rows']:,}"})
    if table["skipped"]:
        facts.append(_("跳过：%(rows)s") % {"rows": skipped_words(table["skipped"])})
    if table["broken"]:
        facts.append(_("%(n)d 行无法分列，将进入隔离") % {"n": table["broken"]})
    return facts
