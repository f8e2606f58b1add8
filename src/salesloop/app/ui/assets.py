"""Addresses of the built scripts and styles. They carry their content's hash, so browsers keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static


def asset_url(name: str) -> str:
    """The address of `static/dist/<name>`; without a hash where the assets are not built (pages are then plain)."""
    found = finders.find(f"dist/{name}")
    if not found:
        return static(f"dist/{name}")
    file = Path(str(found))
    return f"{static(f'dist/{name}')}?v={_digest(file, file.stat().st_mtime_ns)}"


@lru_cache(maxsize=32)
def _digest(file: Path, changed: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
