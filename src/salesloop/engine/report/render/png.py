"""SVG → PNG with the bundled font only, so that a picture is the same on every machine."""

from __future__ import annotations

from salesloop.engine.report.fonts import font_files


def png(svg: str, *, zoom: float = 2.0, background: str | None = None) -> bytes:
    """The picture at ``zoom`` times its size in CSS pixels (2 suits mail on modern screens)."""
    import resvg_py  # loads a 10 MB font on first use

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=zoom, background=background, skip_system_fonts=True, font_files=list(font_files())
        )
    )
