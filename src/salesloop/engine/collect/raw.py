"""What reading gives: tables of text that nothing has interpreted yet, and everything that was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from salesloop.engine.model.text import Message

Format = Literal["delimited", "workbook", "parquet", "json"]

ROW = "_row"
# A row of a table that was turned around (`melt`) is numbered row × this + position of the column, from 1.
CELLS_A_ROW = 10_000
BROKEN_SCHEMA = pa.schema([(ROW, pa.int64()), ("raw", pa.string()), ("reason", pa.string())])


def position_name(position: int) -> str:
    """What a column without a header is called; `position` counts from 0."""
    return f"列{position + 1}"


@dataclass(frozen=True)
class Grid:
    """A sheet before anyone knows where its header is: every cell as text.

    `cells` has `_row` (int64, 1-based row in the file) and columns `c0`, `c1` …; NULL is a cell that the row does not
    have, or (in a workbook) that a merged cell to its left covers; '' is one that is there and blank. `broken` (schema `BROKEN_SCHEMA`) are rows that could not be split into cells.
    `ragged` says that rows may have a width of their own (text files): then a surplus or missing cell is a doubt.
    """

    name: str
    cells: pa.Table
    broken: pa.Table = field(default_factory=BROKEN_SCHEMA.empty_table)
    ragged: bool = False
    delimiter: str = ","
    hidden: bool = False
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class RawTable:
    """One table of a file: rows under a header.

    `data` holds `_row` (int64, 1-based row in the file) and one text column per name of `columns`; blank cells are ''
    or NULL. `header_row` is the last row of the header (None: the file has none, columns are called 列1, 列2 …).
    `skipped` counts rows that are no data by reason (`blank`, `title`, `header`, `total`, `note`; `unused` for
    records of a completing table that no row refers to).
    `units` holds the unit that a header carried in brackets, `sheet_unit` one stated above the table (单位：万元).
    `broken` (`_row`, `raw`, `reason`) are rows whose cells cannot be told apart; they go to quarantine as they are.
    `repaired` counts rows that were put right with certainty, by rule. Received rows = data + broken.
    `melted_from`: columns of the file were periods, and each of their cells is a row here: so many rows of the file they
    were. `_row` is then row × `CELLS_A_ROW` + position of the column from 1.
    """

    name: str
    columns: tuple[str, ...]
    data: pa.Table
    header_row: int | None
    title_rows: tuple[str, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    sheet_unit: str | None = None
    broken: pa.Table = field(default_factory=BROKEN_SCHEMA.empty_table)
    repaired: Mapping[str, int] = field(default_factory=dict)
    hidden: bool = False
    notes: tuple[Message, ...] = ()
    melted_from: int | None = None

    @property
    def is_headerless(self) -> bool:
        """Whether the columns are known by their position only."""
        return all(name == position_name(i) for i, name in enumerate(self.columns))

    @property
    def received(self) -> int:
        """Rows that are data, readable or not."""
        return int(self.data.num_rows + self.broken.num_rows)


@dataclass(frozen=True)
class RefusedSheet:
    """A sheet that is not data, and why."""

    name: str
    message: Message


@dataclass(frozen=True)
class Reading:
    """One way of reading the bytes: an encoding, how well it fits (0–1) and the text that it gives."""

    encoding: str
    score: float
    sample: str


@dataclass(frozen=True)
class FileContent:
    """Everything that one file holds. `encoding_doubt` asks a person to look at `alternatives` (best first)."""

    file: str
    format: Format
    tables: tuple[RawTable, ...]
    refused: tuple[RefusedSheet, ...] = ()
    encoding: str | None = None
    encoding_doubt: bool = False
    alternatives: Sequence[Reading] = ()
    notes: tuple[Message, ...] = ()
