"""Answers that are files to keep."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from django.http import HttpResponse
from django.http.response import HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
TABLES: Final = ("csv", "xlsx")
"""The kinds in which tables are handed out."""


def written(kind: str, write: Callable[[Path], int]) -> tuple[bytes, int]:
    """The content that `write` gives a file that ends in `kind`, and the number that it returns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{kind}"
        number = write(path)
        return path.read_bytes(), number


def file_of(content: bytes, name: str, kind: str) -> HttpResponse:
    """`name.kind` with this content; `kind` is one of `TYPES`."""
    return attached(HttpResponse(content, content_type=TYPES[kind]), f"{name}.{kind}")


def attached(answer: Answer, name: str) -> Answer:
    """The answer as a file of this name, whatever its letters."""
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
