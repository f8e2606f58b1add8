"""Runs the tests in processes of their own, four at a time: `python -m scripts.run_tests [pytest's words]`.

Each waits at times for something else than the processor, so that four keep two cores busy. The dearest parts begin first, and
whenever one ends the next begins: so both cores are busy to the end, whichever part takes longer than it used to. What a
part prints is shown as it comes, then that of the next.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

PASSED, NOTHING_FOUND, INTERRUPTED = 0, 5, 2
PYTEST = (sys.executable, "-m", "pytest")
AT_ONCE = 4
LOOK_EVERY = 0.2  # seconds
HALF_OF_THE_APP = tuple(f"tests/app/{name}" for name in ("data", "governance", "quality", "talks", "targets"))
PARTS: tuple[tuple[str, ...], ...] = (
    ("tests/e2e",),
    HALF_OF_THE_APP,
    ("tests/app", *(f"--ignore={folder}" for folder in HALF_OF_THE_APP)),
    ("tests/engine/pipeline",),
    ("tests/metrics_suite",),
    ("tests/engine/metrics", "tests/engine/store"),
    ("tests/cli", "tests/demo"),
    ("tests/real",),
)
REST = ("tests", *(f"--ignore={folder}" for part in PARTS for folder in part if not folder.startswith("-")))
"""What nobody has put into a part runs all the same."""


def main(words: list[str]) -> int:
    """Exit code: 0 where everything passed; else that of a part that failed."""
    if "-m" in words or any(Path(word.split("::")[0]).exists() for word in words):
        return subprocess.run([*PYTEST, *words], check=False).returncode  # somebody who chooses means one run
    stop = threading.Event()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        texts = [Path(folder) / f"{number}.txt" for number in range(len(PARTS) + 1)]
        running = [
            pool.submit(run, [*PYTEST, *part, *words], text, stop)
            for part, text in zip((*PARTS, REST), texts, strict=True)
        ]
        try:
            for text, part in zip(texts, running, strict=True):
                follow(text, part)
        except KeyboardInterrupt:
            stop.set()
            raise
        codes = {part.result() for part in running}
    failed = codes - {PASSED, NOTHING_FOUND}
    return max(failed) if failed else min(codes)


def run(command: list[str], text: Path, stop: threading.Event) -> int:
    """The exit code of a command that writes to `text`; it is ended when all are to stop."""
    if stop.is_set():
        return INTERRUPTED
    with text.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT) as process:
        while process.poll() is None and not stop.wait(LOOK_EVERY):
            pass
        process.terminate()
        return process.wait()


def follow(text: Path, part: Future[int]) -> None:
    """Show what a part has written and goes on to write, until it ends."""
    while not (part.done() or text.exists()):
        time.sleep(LOOK_EVERY)
    with text.open("rb") as written:
        running = True
        while running:
            running = not part.done()
            sys.stdout.buffer.write(written.read())
            sys.stdout.flush()
            time.sleep(LOOK_EVERY if running else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
