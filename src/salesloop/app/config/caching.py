"""How long browsers keep our static files."""

from collections.abc import MutableMapping


def cache_for_a_year(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Whitenoise calls this for every static file; bundles are asked for with their content's hash (ui.assets)."""
    if "/dist/" in url:
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
