"""Disks that are full, folders that may not be written: said in a sentence instead of a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.engine.store")


@contextmanager
def said(folder: Path) -> Iterator[None]:
    """UserError where the system refuses to write in `folder` within the block."""
    try:
        yield
    except OSError as error:
        problem = os.strerror(error.errno) if error.errno else str(error)
        raise UserError(_MESSAGES.message("cannot_write", folder=str(folder), problem=problem)) from error
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        # With one connection on a file of its own nothing else can keep a transaction from being committed.
        problem = str(error).splitlines()[0]
        raise UserError(_MESSAGES.message("cannot_write", folder=str(folder), problem=problem)) from error
