"""Documents in their formats. Each renderer is read only when it is asked for."""

from __future__ import annotations

from typing import Final, Literal, get_args

from salesloop.engine.report.document import Report

FileFormat = Literal["html", "pdf", "xlsx", "pptx"]
FILE_FORMATS: Final[tuple[FileFormat, ...]] = get_args(FileFormat)


def render(report: Report, format: FileFormat) -> bytes:
    """The report as one file."""
    match format:
        case "html":
            from salesloop.engine.report.render.html import render_html

            return render_html(report)
        case "pdf":
            from salesloop.engine.report.render.pdf import render_pdf

            return render_pdf(report)
        case "xlsx":
            from salesloop.engine.report.render.xlsx import render_xlsx

            return render_xlsx(report)
        case "pptx":
            from salesloop.engine.report.render.pptx import render_pptx

            return render_pptx(report)
