from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest

from tests.cli.test_command_line import run
from tests.engine.report.company import company


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company(tmp_path_factory.mktemp("cli") / "company").workspace.path


@pytest.mark.requirement("M01")
def test_a_report_is_written_in_every_format(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    code, out, err = run(
        capsys, "-w", str(folder), "report", "render", "weekly", "--format", "pptx,html,pdf,xlsx",
        "--period", "2026-W46", "--out", str(tmp_path / "new"),
    )  # fmt: skip
    assert (code, err) == (0, "")
    files = [Path(line) for line in out.splitlines()]
    assert [file.name for file in files] == [f"weekly-2026-W46.{kind}" for kind in ("html", "pdf", "xlsx", "pptx")]
    starts = [file.read_bytes()[:4] for file in files]
    assert starts == [b"<!do", b"%PDF", b"PK\x03\x04", b"PK\x03\x04"]
    text = pypdf.PdfReader(io.BytesIO(files[1].read_bytes())).pages[0].extract_text()
    assert "55.5" in text
    assert "还没有应用数据库" in text


def test_one_department_in_another_language(capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path) -> None:
    code, out, _ = run(
        capsys, "-w", str(folder), "report", "render", "weekly", "--format", "html", "--period", "2026-W46",
        "--org", "D1", "--lang", "en", "--out", str(tmp_path),
    )  # fmt: skip
    assert code == 0
    assert out.strip().endswith("weekly-2026-W46-D1.html")
    page = Path(out.strip()).read_text("utf-8")
    assert "华东大区 · Week 46 of 2026" in page
    assert "Weekly sales report" in page


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["weekly", "--format", "docx"], "pptx"),
        (["wekly"], "weekly"),
        (["weekly", "--period", "2026-11"], "2026-W"),
        (["weekly", "--org", "北极"], "北极"),
    ],
)
def test_mistakes_are_explained(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path, arguments: list[str], says: str
) -> None:
    code, out, err = run(capsys, "-w", str(folder), "report", "render", *arguments, "--out", str(tmp_path))
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_reports_are_listed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, "-w", str(folder), "report", "list")
    assert code == 0
    assert "weekly" in out
    assert "销售周报" in out
