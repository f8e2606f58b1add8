"""What kind of file it is, by its content first: exports often carry the wrong extension (text or HTML named .xls)."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final, Literal

from salesloop.engine.collect.workbook_checks import OLE, ZIP
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.collect")

Kind = Literal["text", "json", "workbook", "parquet"]

SUPPORTED: Final = ("CSV", "TSV", "TXT", "XLSX", "XLS", "XLSB", "ODS", "Parquet", "JSON", "JSONL", "GZ")
_TEXT_EXTENSIONS: Final = frozenset({"", "csv", "tsv", "tab", "txt", "dat", "psv", "asc", "prn", "xls", "xlsx"})
_JSON_EXTENSIONS: Final = frozenset({"json", "jsonl", "ndjson"})
_WORKBOOK_PARTS: Final = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_OTHERS: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"SQLite format 3": "SQLite",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
}
_ARCHIVES: Final = {b"Rar!": "RAR", b"7z\xbc\xaf": "7Z", b"BZh": "BZ2", b"\xfd7zXZ": "XZ", b"\x28\xb5\x2f\xfd": "ZST"}
_DOCUMENTS: Final = frozenset({"docx", "pptx"})
# A page that a browser saved whole begins like a mail.
_MARKUP: Final = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype|html|\?xml|table|meta|head)|mime-version:|content-type:\s*multipart/)",
    re.IGNORECASE,
)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST_NAME: Final = 150


def safe_name(name: str) -> str:
    """The last part of a file name that somebody sent, without folders, control or direction characters."""
    last = re.split(r"[/\\]", name)[-1]
    last = _CONTROL.sub("", last).strip().strip(".").strip()
    if len(last) > _LONGEST_NAME:
        stem, dot, extension = last.rpartition(".")
        last = f"{stem[: _LONGEST_NAME - 11]}{dot}{extension[:10]}" if dot else last[:_LONGEST_NAME]
    return last or "upload"


def kind_of_file(path: Path, file: str) -> Kind:
    """UserError names what the file is where it cannot be read, and what can."""
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise UserError(_MESSAGES.message("file_unreadable", file=file), file=file) from error
    extension = Path(file).suffix.lower().lstrip(".")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(OLE):
        return _ole(path, file, extension)
    if head.startswith(ZIP):
        return _zip(path, file, extension)
    for magic, name in _ARCHIVES.items():
        if head.startswith(magic):
            raise UserError(_MESSAGES.message("archive_file", file=file, found=name), file=file)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise _unsupported(file, name)
    if _MARKUP.match(head):
        raise UserError(_MESSAGES.message("markup_file", file=file), file=file)
    if extension in _JSON_EXTENSIONS:
        return "json"
    if extension == "parquet":
        raise UserError(_MESSAGES.message("damaged_parquet", file=file), file=file)
    if extension in _TEXT_EXTENSIONS:
        return "text"
    raise _unsupported(file, extension.upper())


def _ole(path: Path, file: str, extension: str) -> Kind:
    content = path.read_bytes()
    names = ("Workbook", "Book", "EncryptedPackage")
    if any(name.encode("utf-16-le") in content for name in names):
        return "workbook"
    if extension.startswith("xls"):
        raise UserError(_MESSAGES.message("damaged_workbook", file=file), file=file)
    raise _unsupported(file, extension.upper() or "OLE")


def _zip(path: Path, file: str, extension: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        key = "damaged_workbook" if extension.startswith("xls") else "damaged_archive"
        raise UserError(_MESSAGES.message(key, file=file), file=file) from error
    if any(part in names for part in _WORKBOOK_PARTS):
        return "workbook"
    if extension in _DOCUMENTS:
        raise _unsupported(file, extension.upper())
    raise UserError(_MESSAGES.message("archive_file", file=file, found="ZIP"), file=file)


def _unsupported(file: str, found: str) -> UserError:
    return UserError(_MESSAGES.message("unsupported_format", file=file, found=found, known=list(SUPPORTED)), file=file)
