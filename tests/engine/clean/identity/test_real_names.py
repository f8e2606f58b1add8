"""Names of real companies in other ways to write them, and firms that look alike."""

from __future__ import annotations

import pytest

from benchmarks.matching import NAMES_F1, company_names

pytestmark = pytest.mark.requirement("C02", "B20")


def test_company_names_on_the_half_that_nothing_was_tuned_on(real_data):
    lines = {str(line["what"]): line for line in company_names(real_data)}
    tuned, held_out = lines["names: all, tuned on"], lines["names: all, held out"]
    labelled = sum(int(str(line["pairs"])) for what, line in lines.items() if "all" not in what)
    assert labelled >= 5_000
    assert float(str(tuned["F1"])) >= NAMES_F1
    assert float(str(held_out["F1"])) >= NAMES_F1
    # Another place or a branch is never taken for the same firm.
    assert {kind: lines[f"names: {kind}"]["wrong"] for kind in ("other_place", "branch")} == {
        "other_place": 0,
        "branch": 0,
    }
