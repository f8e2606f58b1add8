"""Unpacks a file that was packed by itself (`orders.csv.gz`), within bounds: a bomb is given up early."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from salesloop.engine.collect.stopping import Stop, go_on, heeding
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.collect")

GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 20
_MAX_UNPACKED: Final = 2 << 30
# Tables shrink to a tenth, rarely to a fiftieth.
_MAX_RATIO: Final = 200
_RATIO_MATTERS_FROM: Final = 20 << 20


def is_packed(path: Path) -> bool:
    """Whether `path` is a .gz, whatever it is called. False where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(2) == GZIP
    except OSError:
        return False


@contextmanager
def unpacked(path: Path, file: str, stop: Stop = go_on) -> Iterator[tuple[Path, str]]:
    """What lies in the packed `path`, called `file` in messages: a temporary file and its name.

    UserError where it is damaged, unpacks to an abnormal size, or holds another packed file.
    """
    name = file[: -len(".gz")] if file.lower().endswith(".gz") else file
    with TemporaryDirectory(prefix="salesloop-") as folder:
        inside = Path(folder) / "inside"
        try:
            _unpack(path, inside, file, stop)
        except (EOFError, OSError, zlib.error) as error:
            raise _error("damaged_archive", file) from error
        if is_packed(inside):
            raise _error("packed_twice", file)
        yield inside, name


def _unpack(path: Path, target: Path, file: str, stop: Stop) -> None:
    packed = path.stat().st_size
    size = 0
    with gzip.open(path) as source, target.open("wb") as out:
        for chunk in heeding(iter(lambda: source.read(_CHUNK), b""), stop):
            size += len(chunk)
            if size > _MAX_UNPACKED or (size > _RATIO_MATTERS_FROM and size > _MAX_RATIO * packed):
                raise _error("archive_bomb", file)
            out.write(chunk)


def _error(key: str, file: str) -> UserError:
    return UserError(_MESSAGES.message(key, file=file), file=file)
