"""Documents of several lines whose first line alone says whose they are: date, number and customer are blank below it.

ERP systems print their lists so. The lines get what stands in the first one; amounts of the whole document do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from salesloop.engine.collect.cells import is_filled, kind_of, trimmed

# Fewer rows than these may as well lack what they do not say.
_LEAST: Final = 2
_LEAST_SHARE: Final = 0.05
# What belongs to the document stands in so many of the first lines, what belongs to a line in so many of all lines.
_USUAL: Final = 0.9
_SAMPLE: Final = 200


@dataclass(frozen=True)
class Continued:
    """The cells with what their documents say, and how many rows got it."""

    cells: pa.Table
    rows: int


def continue_documents(cells: pa.Table, names: Sequence[str]) -> Continued:
    """Fill the lines of documents; `names` are the columns in their order, the leftmost belongs to the document.

    A date must be among what only the first lines say, with another column that they always fill: rows without a member
    number belong to nobody. Every line must say at least two things of its own.
    """
    untouched = Continued(cells, 0)
    if not names or not cells.num_rows:
        return untouched
    begins = is_filled(cells[names[0]]).to_numpy()
    lines = int((~begins).sum())
    if not begins[0] or lines < max(_LEAST, _LEAST_SHARE * len(begins)):
        return untouched
    first, later = cells.filter(pa.array(begins)), cells.filter(pa.array(~begins))
    of_document = [name for name in names if not is_filled(later[name]).to_numpy().any()]
    always = [name for name in of_document if _share(first, name) >= _USUAL]
    of_lines = [name for name in names if min(_share(first, name), _share(later, name)) >= _USUAL]
    if len(always) < 2 or len(of_lines) < 2 or not any(_holds(first, name, "date") for name in always):
        return untouched
    start = pa.array(np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0)))
    filled = cells
    for name in of_document:
        if not _holds(first, name, "number"):
            position = filled.schema.get_field_index(name)
            filled = filled.set_column(position, filled.field(position), filled[name].take(start))
    return Continued(filled, lines)


def _share(cells: pa.Table, name: str) -> float:
    return float(is_filled(cells[name]).to_numpy().mean())


def _holds(cells: pa.Table, name: str, kind: str) -> bool:
    """Whether a column holds mostly dates or numbers. A number of a document may be of digits only: it is no amount."""
    values = [value for value in trimmed(cells[name].slice(0, _SAMPLE)).to_pylist() if value]
    alike = sum(kind_of(value) == kind for value in values)
    if kind == "number" and len(set(values)) == len(values) and all(value.isdecimal() for value in values):
        return False
    return alike > 0.8 * len(values) if values else False
