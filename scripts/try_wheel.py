"""Installs a wheel into an empty environment and draws with it: `python scripts/try_wheel.py dist/*.whl`.

Shows that what is published is whole (bundles, fonts, translations) and needs neither Node nor this working copy.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LIMIT_MB = 20
MUST_HOLD = (
    "salesloop/app/static/dist/app.js",
    "salesloop/app/static/dist/app.css",
    "salesloop/app/static/dist/charts.js",
    "salesloop/app/static/dist/THIRD-PARTY.txt",
    "salesloop/engine/report/assets/echarts-ssr.js",
    "salesloop/engine/report/fonts/NotoSansSC_400Regular.ttf",
    "salesloop/engine/report/fonts/NotoSansSC_700Bold.ttf",
    "salesloop/engine/report/fonts/OFL.txt",
)
DRAW = """
import atexit, importlib.resources, json
from py_mini_racer import MiniRacer
import salesloop
assert "site-packages" in salesloop.__file__, salesloop.__file__
v8 = MiniRacer()
atexit.register(v8.close)
v8.eval((importlib.resources.files("salesloop.engine.report") / "assets" / "echarts-ssr.js").read_text("utf-8"))
option = {"xAxis": {"type": "category", "data": ["一月", "二月"]}, "yAxis": {}, "series": [{"type": "bar", "data": [1, 2]}]}
svg = v8.call("renderSvg", json.dumps(option), 400, 300)
assert svg.startswith("<svg") and "二月" in svg, svg[:200]
print(f"drew a chart of {len(svg)} characters")
"""


def main(wheel: Path) -> None:
    check_contents(wheel)
    with tempfile.TemporaryDirectory() as folder:
        python = install(wheel, Path(folder))
        subprocess.run([python, "-c", DRAW], check=True, cwd=folder)
        subprocess.run([python.parent / "salesloop", "--help"], check=True, cwd=folder, stdout=subprocess.DEVNULL)
    print(f"{wheel.name}: {megabytes(wheel):.1f} MB, complete, runs")


def check_contents(wheel: Path) -> None:
    """Stop unless the wheel is small enough, holds everything built, and a .mo for every .po."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    messages = {name[:-3] + ".mo" for name in names if name.endswith(".po")}
    missing = sorted((set(MUST_HOLD) | messages) - names)
    if missing:
        sys.exit(f"{wheel.name} lacks {', '.join(missing)}")
    if megabytes(wheel) > LIMIT_MB:
        sys.exit(f"{wheel.name} has {megabytes(wheel):.1f} MB; the limit is {LIMIT_MB} MB")


def install(wheel: Path, folder: Path) -> Path:
    python = folder / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True)
    return python


def megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
