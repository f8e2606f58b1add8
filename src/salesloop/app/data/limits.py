"""How much may be uploaded, checked before a byte of it is kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

MEGABYTE = 1024 * 1024
MOST_BYTES = 300 * MEGABYTE
MOST_FILES = 60


class RefuseTooLarge(FileUploadHandler):
    """Ends the reading of a request that says it is too large; the view then finds no file and says so."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django calls it by this name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        if content_length <= MOST_BYTES:
            return None
        return QueryDict(encoding=encoding), MultiValueDict()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
