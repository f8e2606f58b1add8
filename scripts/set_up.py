"""Makes .venv with the locked packages: `python scripts/set_up.py runtime|dev|bench`. Needs the standard library only.

uv does the work: the one on PATH, else one that is put into .venv. Where uv cannot be had, pip installs the same
requirements without the lock.
"""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def main(what: str) -> None:
    if not PYTHON.exists():
        make_venv()
    uv = find_uv()
    print(f"Installing the {'locked ' if uv else ''}packages; the first time takes about a minute …", flush=True)
    if uv:
        sync(uv, what)
    else:
        install_with_pip(what)
    run([str(PYTHON), "-m", "compileall", "-q", "src"])
    (VENV / f".{what}").touch()


def make_venv() -> None:
    print(f"Creating .venv with Python {sys.version.split()[0]} …", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False, capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"{made.stdout}{made.stderr}\nPython's venv module is incomplete; on Debian: apt install python3-venv")


def find_uv() -> str | None:
    """A uv that runs (a version manager may leave a stub that does not)."""
    for candidate in (BIN / "uv", shutil.which("uv")):
        if candidate and works([str(candidate), "--version"]):
            return str(candidate)
    if works([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv>=0.9"]):
        return str(BIN / "uv")
    return None


def works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def sync(uv: str, what: str) -> None:
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    if has_system_certificates():  # a company's proxy has its own authority, which uv's built-in list lacks
        environment.setdefault("UV_SYSTEM_CERTS", "true")
    # --inexact: a demo must not take away the developer's tools, nor uv itself.
    command = [
        uv,
        "sync",
        "--locked",
        "--inexact",
        "--python",
        str(PYTHON),
        "--compile-bytecode",  # where Python is told not to keep any, every command would compile a thousand modules anew
        *{"runtime": ["--no-dev"], "dev": [], "bench": ["--group", "bench"]}[what],
        *([] if sys.stderr.isatty() else ["--quiet"]),
    ]
    run(command, environment)


def has_system_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    return sys.platform != "linux" or bool(paths.cafile or (paths.capath and os.listdir(paths.capath)))


def install_with_pip(what: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    run([*pip, "--quiet", "--upgrade", "pip>=25.1"])  # the first pip that knows dependency groups
    groups = {"runtime": [], "dev": ["dev"], "bench": ["dev", "bench"]}[what]
    run(
        [
            *pip,
            "--editable",
            str(ROOT),
            *(word for group in groups for word in ("--group", f"{ROOT}/pyproject.toml:{group}")),
        ]
    )


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    if subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode:
        sys.exit(f"This command failed: {' '.join(command)}")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("runtime", "dev", "bench"):
        sys.exit("usage: python scripts/set_up.py runtime|dev|bench")
    main(sys.argv[1])
