"""Runs the tests in two processes at once, those in a browser beside the others: `python -m scripts.run_tests [pytest's words]`.

Two cores finish in little more than half of the time. What the browser tests print comes first, then the others'.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

PASSED, NOTHING_FOUND = 0, 5
PYTEST = (sys.executable, "-m", "pytest")


def main(words: list[str]) -> int:
    """Exit code: 0 where everything passed; else that of a half that failed."""
    if "-m" in words:  # somebody who chooses by marks means one run
        return subprocess.run([*PYTEST, *words], check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "others.txt"
        with told.open("wb") as out:
            others = subprocess.Popen([*PYTEST, "-m", "not browser", *words], stdout=out, stderr=subprocess.STDOUT)
        try:
            browser = subprocess.run([*PYTEST, "-m", "browser", *words], check=False).returncode
            follow(told, others)
        except KeyboardInterrupt:
            others.terminate()
            raise
        finally:
            others.wait()
    codes = {browser, others.returncode}
    failed = codes - {PASSED, NOTHING_FOUND}
    return max(failed) if failed else min(codes)


def follow(told: Path, process: subprocess.Popen[bytes]) -> None:
    """Show what the process has written and goes on to write, until it ends."""
    with told.open("rb") as written:
        running = True
        while running:
            running = process.poll() is None
            sys.stdout.buffer.write(written.read())
            sys.stdout.flush()
            time.sleep(0.5 if running else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
