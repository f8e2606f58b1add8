"""What every command promises: language, exit codes, no traceback, a quick help."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import salesloop.cli
from salesloop.cli import COMMANDS, main
from salesloop.cli.common import lang_of, parse_lang
from salesloop.engine.model.text import LANGS

COMMAND = [sys.executable, "-c", "import salesloop.cli; salesloop.cli.main()"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    printed = capsys.readouterr()
    assert isinstance(left.value.code, int)
    return left.value.code, printed.out, printed.err


@pytest.mark.parametrize("lang", LANGS)
def test_the_help_lists_every_command_in_the_users_language(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    code, out, _ = run(capsys, "--lang", lang, "--help")
    assert code == 0
    assert all(f" {name} " in out for name in COMMANDS)
    assert {"zh-Hans": "数据模型与数据字典", "zh-Hant": "資料模型與資料字典", "en": "The data model"}[lang] in out


def test_the_help_reads_no_commands_module() -> None:
    """So that it is there at once, whatever the commands need."""
    code = (
        "import sys, salesloop.cli\n"
        "try: salesloop.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'duckdb', 'pyarrow', 'pydantic', 'django'} & set(sys.modules)), file=sys.stderr)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frob"], "frob"),
        (["--frob"], "--frob"),
        (["model", "show"], "salesloop model show --help"),
        (["--lang", "de", "model", "list"], "zh-Hant"),
        (["model", "show", "nothing"], "order_line"),
    ],
)
def test_a_mistake_of_the_user_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_a_mistake_is_told_in_the_users_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--lang", "en", "model", "show", "x")[2].startswith("There is no entity “x”")
    assert run(capsys, "--lang", "zh-TW", "model", "show", "x")[2].startswith("沒有名為「x」的資料實體")


def test_a_mistake_of_the_program_is_one_line_too_unless_asked_for_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COMMANDS, "model", ("salesloop.cli.no_such_module", COMMANDS["model"][1]))
    code, _, err = run(capsys, "model", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert "--debug" in err
    with pytest.raises(ModuleNotFoundError):
        main(["--debug", "model", "list"])


def test_no_command_shows_the_help_and_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "salesloop" in run(capsys)[1]
    assert run(capsys, "--version") == (0, "0.1.0\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    waiting = (
        "import sys, types, time, typer, salesloop.cli as cli\n"
        "app = typer.Typer()\n"
        "@app.command()\n"
        "def wait():\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "sys.modules['waiting'] = types.SimpleNamespace(app=app)\n"
        "cli.COMMANDS['model'] = ('waiting', cli.COMMANDS['model'][1])\n"
        "cli.main(['model'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", waiting], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_output_cut_off_by_the_reader_is_no_error(tmp_path: Path) -> None:
    producer = subprocess.Popen(
        [*COMMAND, "model", "dictionary", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert producer.stdout is not None
    producer.stdout.readline()
    producer.stdout.close()
    assert producer.stderr is not None
    assert b"Traceback" not in producer.stderr.read()
    producer.wait(120)


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "zh-Hans"),
        ([], {"LANG": "C.UTF-8"}, "zh-Hans"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ([], {"LANG": "en_US.UTF-8", "SALESLOOP_LANG": "zh-Hans"}, "zh-Hans"),
        (["--lang", "en"], {"SALESLOOP_LANG": "zh-Hant"}, "en"),
        (["model", "list", "--lang=zh-HK"], {}, "zh-Hant"),
    ],
)
def test_which_language_is_spoken(arguments: list[str], environment: dict[str, str], expected: str) -> None:
    assert lang_of(arguments, environment) == expected


def test_every_language_of_the_product_is_known() -> None:
    assert [parse_lang(lang) for lang in LANGS] == list(LANGS)


def test_every_command_has_its_module() -> None:
    folder = Path(salesloop.cli.__file__).parent
    missing = [
        name for name, (module, _) in COMMANDS.items() if not (folder / f"{module.rsplit('.', 1)[1]}.py").is_file()
    ]
    assert missing == []
