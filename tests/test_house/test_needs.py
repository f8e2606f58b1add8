"""What a test gets when the machine lacks something: a skip with a reason, or a failure where everything is required."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

TEST_THAT_NEEDS_DATA = "def test_reads(real_data):\n    assert real_data.is_dir()\n"


@pytest.fixture
def project(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> pytest.Pytester:
    conftest = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\nmarkers =\n  real_data\n  browser\n  postgres\n")
    pytester.makepyfile(TEST_THAT_NEEDS_DATA)
    return pytester


def test_missing_data_skips_with_a_reason(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALESLOOP_REAL_DATA", raising=False)
    monkeypatch.delenv("SALESLOOP_REQUIRE_ALL", raising=False)
    result = project.runpytest_subprocess("-rs", "-p", "no:django")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*set SALESLOOP_REAL_DATA*"])


def test_missing_data_fails_where_everything_is_required(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SALESLOOP_REAL_DATA", raising=False)
    monkeypatch.setenv("SALESLOOP_REQUIRE_ALL", "1")
    project.runpytest_subprocess("-p", "no:django").assert_outcomes(errors=1)


def test_data_in_place_runs_and_is_marked(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESLOOP_REAL_DATA", str(project.path))
    project.runpytest_subprocess("-p", "no:django").assert_outcomes(passed=1)
    project.runpytest_subprocess("-p", "no:django", "-m", "not real_data").assert_outcomes(deselected=1)
