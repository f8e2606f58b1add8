"""Runs the tests in four processes at once: `python -m scripts.run_tests [pytest's words]`.

Those in a browser, those of pages and commands, those of imports, the others of the engine: each waits at times for something
else than the processor, so that together they keep two cores busy to the end. What the first prints is shown as it comes, then
the others'.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

PASSED, NOTHING_FOUND = 0, 5
PYTEST = (sys.executable, "-m", "pytest")
BROWSER = ("tests/e2e",)
FRONT = ("tests/app", "tests/cli", "tests/demo")
IMPORTS = ("tests/engine/pipeline", "tests/real")
REST = tuple(f"--ignore={folder}" for folder in (*BROWSER, *FRONT, *IMPORTS))
PARTS: tuple[tuple[str, ...], ...] = (BROWSER, FRONT, IMPORTS, REST)


def main(words: list[str]) -> int:
    """Exit code: 0 where everything passed; else that of a part that failed."""
    if "-m" in words or any(Path(word.split("::")[0]).exists() for word in words):
        return subprocess.run([*PYTEST, *words], check=False).returncode  # somebody who chooses means one run
    with tempfile.TemporaryDirectory() as folder:
        told = [Path(folder) / f"{number}.txt" for number in range(len(PARTS))]
        running: list[subprocess.Popen[bytes]] = []
        try:
            for part, text in zip(PARTS, told, strict=True):
                with text.open("wb") as out:
                    running.append(subprocess.Popen([*PYTEST, *part, *words], stdout=out, stderr=subprocess.STDOUT))
            for text, process in zip(told, running, strict=True):
                follow(text, process)
        except KeyboardInterrupt:
            for process in running:
                process.terminate()
            raise
        codes = {process.wait() for process in running}
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
