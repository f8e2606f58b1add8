"""Cells that say "the same as above": 同上, 〃. People write them by hand; the cell above says what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesloop.engine.collect.cells import trimmed

_MARKS: Final = pa.array(["〃", "〃〃", "同上", "″", "“", "''", "ditto"])
# Nobody writes so many rows by hand.
_MOST_ROWS: Final = 20_000


@dataclass(frozen=True)
class Spelt:
    """The cells with what each mark stands for, and how many there were."""

    cells: pa.Table
    marks: int


def spell_dittos(cells: pa.Table, names: Sequence[str]) -> Spelt:
    """Put what stands above in the place of each mark. A mark with nothing above it stays."""
    marks = 0
    for name in names if 1 < cells.num_rows <= _MOST_ROWS else ():
        is_mark = pc.is_in(trimmed(cells[name]), _MARKS).to_numpy()
        if not is_mark.any() or is_mark[0]:
            continue
        above = np.maximum.accumulate(np.where(is_mark, 0, np.arange(len(is_mark))))
        position = cells.schema.get_field_index(name)
        cells = cells.set_column(position, cells.field(position), cells[name].take(pa.array(above)))
        marks += int(is_mark.sum())
    return Spelt(cells, marks)
