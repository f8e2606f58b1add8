"""Which encoding a text file has, and its text.

Byte order mark, else UTF-16 by its zero bytes, else strict UTF-8, else what `eight_bit` makes of the lines that hold more
than ASCII.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from salesloop.engine.collect import eight_bit
from salesloop.engine.collect.mixed import row_of_other_encoding
from salesloop.engine.collect.raw import Reading
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.collect")

CHUNK: Final = 1 << 22
SAMPLE: Final = 1 << 18

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What people call an encoding → the codec that reads all of it.
_NAMES: Final = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "cp950": "big5",
    "big5hkscs": "big5",
    "utf_8": "utf-8",
    "utf_8_sig": "utf-8",
    "utf_16_le": "utf-16-le",
    "utf_16_be": "utf-16-be",
    "utf_16": "utf-16",
    "utf_32": "utf-32",
}
_NON_ASCII: Final = re.compile(rb"[\x80-\xff]")
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_PLAIN: Final = re.compile(r"[\t\n\r\x20-\x7e\u00a0-\u00ff\u2010-\u2030\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# UTF-8 writes Chinese characters with three bytes; what it writes with two is European, or GBK that looks like it.
_THREE_BYTES: Final = re.compile(rb"[\xe0-\xf4]")


@dataclass(frozen=True)
class Detected:
    """`encoding` reads the file; `doubt` asks a person to confirm among `readings` (best first).

    `damaged` says that some characters cannot be read in any encoding and become U+FFFD.
    """

    encoding: str
    doubt: bool = False
    readings: tuple[Reading, ...] = ()
    damaged: bool = False


def canonical(encoding: str) -> str:
    """The name under which we know an encoding. UserError where Python has no such codec."""
    try:
        name = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError) as error:
        raise UserError(_MESSAGES.message("no_such_encoding", encoding=encoding)) from error
    return _NAMES.get(name.replace("-", "_"), name)


def detect(path: Path, file: str) -> Detected:
    """Find the encoding of the text file `path`, called `file` in messages.

    UserError for an empty file, for one that is no text, for zero bytes in a text, for pieces in different encodings and
    for an encoding that nothing fits.
    """
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UserError(_MESSAGES.message("empty_file", file=file), file=file)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return Detected(encoding)
    if b"\x00" in head:
        return Detected(_utf_16(head, file))
    if len(_CONTROL.findall(head)) > len(head) * 0.01:
        raise UserError(_MESSAGES.message("binary_file", file=file), file=file)
    is_utf_8 = _is_utf_8(path)
    sample = _suspicious_lines(path)
    if is_utf_8:
        readings = () if _THREE_BYTES.search(sample) else eight_bit.looks_like_utf_8(sample)
        return Detected(readings[0].encoding if readings else "utf-8", bool(readings), readings)
    if (row := row_of_other_encoding(path)) is not None:
        raise UserError(_MESSAGES.message("mixed_encodings", file=file, row=row), file=file, row=row)
    judged = eight_bit.judge(sample)
    if judged is None:
        raise UserError(_MESSAGES.message("unknown_encoding", file=file), file=file)
    return Detected(judged.readings[0].encoding, judged.doubt, judged.readings, judged.damaged)


def _utf_16(head: bytes, file: str) -> str:
    even = head[: len(head) // 2 * 2]
    scores = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = codecs.getincrementaldecoder(encoding)("replace").decode(even)
        scores[encoding] = len(_PLAIN.findall(text)) / len(text) if "\n" in text or "," in text else 0.0
    best = max(scores, key=lambda name: scores[name])
    if scores[best] > 0.9:
        return best
    if len(_CONTROL.findall(head)) + head.count(b"\x00") > len(head) * 0.05:
        raise UserError(_MESSAGES.message("binary_file", file=file), file=file)
    row = head[: head.index(b"\x00")].count(b"\n") + 1
    raise UserError(_MESSAGES.message("nul_bytes", file=file, row=row), file=file, row=row)


def _is_utf_8(path: Path) -> bool:
    rest = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            text = rest + chunk if rest else chunk
            end = _end_of_characters(text)
            if not _is_valid(text, end):
                return False
            rest = text[end:]
    return not rest


def _is_valid(text: bytes, end: int) -> bool:
    """Whether `text` up to `end` is UTF-8. Arrow looks three times as fast as a codec, which makes a text of it."""
    offsets = pa.py_buffer(struct.pack("=2i", 0, end))
    try:
        pa.Array.from_buffers(pa.binary(), 1, [None, offsets, pa.py_buffer(text)]).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _end_of_characters(text: bytes) -> int:
    """Where the last character that is whole ends: the pieces of a file are cut anywhere."""
    for back in range(1, min(len(text), 3) + 1):
        byte = text[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(text) - back if length > back else len(text)
        if byte < 0x80:
            break
    return len(text)


def _suspicious_lines(path: Path) -> bytes:
    """Lines that hold more than ASCII, from anywhere in the file, up to `SAMPLE` bytes of them."""
    found: list[bytes] = []
    size = 0
    rest = b""
    with path.open("rb") as stream:
        while size < SAMPLE and (chunk := stream.read(CHUNK)):
            whole, _, rest = (rest + chunk).rpartition(b"\n")
            if not whole and len(rest) > CHUNK:
                whole, rest = rest, b""
            for line in _lines_beyond_ascii(whole):
                found.append(line)
                size += len(line)
                if size >= SAMPLE:
                    return b"\n".join(found)
    return b"\n".join([*found, *_lines_beyond_ascii(rest)])


def _lines_beyond_ascii(text: bytes) -> Iterator[bytes]:
    """Each line of `text` that holds more than ASCII; of an endless line what is around the place."""
    start = 0 if not text.isascii() else len(text)
    while match := _NON_ASCII.search(text, start):
        earliest = max(start, match.start() - SAMPLE)
        first = max(text.rfind(b"\n", earliest, match.start()) + 1, earliest)
        end = text.find(b"\n", match.end(), match.end() + SAMPLE)
        end = end if end >= 0 else min(len(text), match.end() + SAMPLE)
        yield text[first:end]
        start = end


def read_text(path: Path, encoding: str, file: str, *, damaged: bool = False) -> Iterator[str]:
    """The text of `path` in pieces of a few million characters; every kind of line end becomes a line feed.

    UserError where bytes are not of this encoding (unless `damaged`: then they become U+FFFD) and for zero bytes.
    """
    codec = eight_bit.CODECS.get(encoding, encoding)
    lines = 1
    with path.open(encoding=codec, errors="replace" if damaged else "strict", newline=None) as stream:
        while True:
            try:
                text = stream.read(CHUNK)
            except UnicodeError as error:
                row = _row_of_damage(path, codec)
                message = _MESSAGES.message("undecodable", file=file, encoding=encoding, row=row)
                raise UserError(message, file=file, row=row) from error
            if not text:
                return
            if "\x00" in text:
                row = lines + text[: text.index("\x00")].count("\n")
                raise UserError(_MESSAGES.message("nul_bytes", file=file, row=row), file=file, row=row)
            lines += text.count("\n")
            yield text.removeprefix("\ufeff")


def _row_of_damage(path: Path, codec: str) -> int:
    """The row in which the first undecodable byte stands."""
    decoder = codecs.getincrementaldecoder(codec)()
    lines = 1
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 12):
            try:
                lines += decoder.decode(chunk).count("\n")
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(codec, "ignore")
                return lines + good.count("\n")
    return lines
