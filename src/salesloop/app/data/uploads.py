"""Uploaded files: kept under random names inside the workspace until they are imported, at most a few days."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from salesloop.app.accounts.services import User
from salesloop.app.data.limits import MEGABYTE, MOST_BYTES, MOST_FILES
from salesloop.app.data.models import Draft, Step
from salesloop.app.jobs.services import start
from salesloop.engine.collect.formats import safe_name
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages

_MESSAGES = Messages("salesloop.app.data")
KEPT_DAYS = 3
YOUNG_SECONDS = 3600


def receive(user: User, uploads: Sequence[UploadedFile], declared_bytes: int) -> Draft:
    """Keep the files of one upload and have them read. UserError where there are none, too many or too much of them."""
    _check(uploads, declared_bytes)
    folder = secrets.token_hex(16)
    target = _root() / folder
    target.mkdir(parents=True, mode=0o700)
    try:
        files = [_keep(upload, target / f"{number}") for number, upload in enumerate(uploads)]
        draft = Draft.objects.create(owner=user, folder=folder, files=files)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    begin_reading(draft)
    return draft


def begin_reading(draft: Draft) -> None:
    """Have the files read (again): after the upload, or with another encoding."""
    draft.step = Step.READ
    draft.job = start("read", draft.owner, {"draft": draft.pk})
    draft.save()


def path_of(draft: Draft, number: int) -> Path:
    """Where the bytes of the file at `number` are. UserError where they were cleaned away."""
    path = _root() / draft.folder / f"{number}"
    if not path.is_file():
        raise UserError(_MESSAGES.message("files_gone", days=KEPT_DAYS), file=draft.files[number]["name"])
    return path


def forget(draft: Draft) -> None:
    """Remove the bytes; what was imported is kept in the landed deliveries."""
    shutil.rmtree(_root() / draft.folder, ignore_errors=True)


def forget_old(moment: dt.datetime) -> None:
    """Remove imports that nobody finished, and folders that belong to none."""
    for draft in Draft.objects.filter(changed_at__lt=moment - dt.timedelta(days=KEPT_DAYS)).exclude(step=Step.DONE):
        forget(draft)
        draft.delete()
    known = set(Draft.objects.exclude(step=Step.DONE).values_list("folder", flat=True))
    if _root().is_dir():
        for folder in _root().iterdir():
            # An upload makes its folder before its draft: a young one may be about to be known.
            if folder.name not in known and time.time() - folder.stat().st_mtime > YOUNG_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _check(uploads: Sequence[UploadedFile], declared_bytes: int) -> None:
    if declared_bytes > MOST_BYTES or sum(upload.size or 0 for upload in uploads) > MOST_BYTES:
        raise UserError(_MESSAGES.message("too_large", limit=f"{MOST_BYTES // MEGABYTE} MB"))
    if not uploads:
        raise UserError(_MESSAGES.message("no_file"))
    if len(uploads) > MOST_FILES:
        raise UserError(_MESSAGES.message("too_many_files", limit=MOST_FILES))


def _keep(upload: UploadedFile, path: Path) -> dict[str, object]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    return {"name": safe_name(upload.name or ""), "size": path.stat().st_size, "encoding": None}


def _root() -> Path:
    return Path(settings.WORKSPACE) / ".salesloop" / "uploads"
