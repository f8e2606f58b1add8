"""Targets by product line, region or channel: the values are the rows, typed, pasted, read from a file and split as any others."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

import salesloop
from salesloop.app.targets.models import Target
from tests.app.html import read
from tests.app.targets.conftest import NOVEMBER

BY = "by=channel"
DIRECT, RESALE = "value:直销", "value:分销"


@pytest.mark.requirement("G01", "G05")
def test_a_pasted_block_becomes_targets_of_channels_and_the_gap_to_the_whole_shows(sheet, own):
    grid = sheet(query=BY)
    assert grid.keys() == ["company:", RESALE, DIRECT]
    block = [(DIRECT, NOVEMBER, "2"), (RESALE, NOVEMBER, "3万元"), (RESALE, "month:2026-12-01", "1.5")]
    assert grid.save(*block).status_code == 200
    kept = set(Target.objects.values_list("org_unit_id", "dimension", "dimension_value", "value"))
    assert kept == {
        ("", "channel", "直销", Decimal(20_000)),
        ("", "channel", "分销", Decimal(30_000)),
        ("", "channel", "分销", Decimal(15_000)),
    }
    # People's targets of November sum to 55,000; the company states none, so that there is no gap to show yet.
    assert grid.text("company:") == "5.5"
    grid.save(("company:", NOVEMBER, "6"))
    assert grid.text("company:") == "6.0 与下级之和相差 +1.0"
    # 5,000 + 7,000 + 0 sold directly by 21 November, 30,000 by resellers.
    found = salesloop.open(own.path).query("attainment", by=["channel"], start="2026-11-01", end="2026-11-30")
    assert {row["channel"]: row["attainment"] for row in found.to_pylist()} == {"直销": 0.6, "分销": 1.0}
    assert "60.0%" in grid.line(DIRECT).text


@pytest.mark.requirement("G01")
def test_a_team_s_products_are_a_sheet_of_their_own_and_only_for_who_leads_it(sheet, own):
    team = sheet(query="by=category&where=org_unit%3DD1")
    assert team.save(("value:耗材", NOVEMBER, "1")).status_code == 200
    assert Target.objects.get().org_unit_id == "D1"
    assert team.keys()[0] == "org_unit:D1"
    own_unit = sheet("manager", "by=category")
    assert own_unit.save(("value:耗材", NOVEMBER, "1")).status_code == 422  # their own comes from above
    assert sheet("executive", BY).save((DIRECT, NOVEMBER, "1")).status_code == 403


@pytest.mark.requirement("G05", "G06")
def test_the_whole_is_split_over_channels_by_last_year(sheet, as_):
    whole = [("company:", f"month:2027-{month:02}-01", "1") for month in range(1, 13)]
    sheet(query="period=2027&by=channel").save(*whole)
    split = "/targets/split/?period=2027&by=channel&row=company%3A&how=below&step=1"
    assert as_("analyst").post(split).status_code == 302
    sums: dict[str, Decimal] = {}
    for target in Target.objects.filter(dimension="channel"):
        sums[target.dimension_value] = sums.get(target.dimension_value, Decimal(0)) + (target.value or 0)
    # The twelve months to October 2026: 46,000 through resellers, 9,000 directly.
    assert sums == {"分销": round(Decimal(120_000) * 46 / 55), "直销": round(Decimal(120_000) * 9 / 55)}


def test_a_sheet_of_names_and_months_from_excel(as_):
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        page = workbook.add_worksheet()
        for row, line in enumerate(
            [["渠道", "2026年11月", "2026年12月"], ["直销", 1, 2], ["分销", 3, 4], ["电商", 5, 6]]
        ):
            page.write_row(row, 0, line)
    upload = SimpleUploadedFile("渠道.xlsx", book.getvalue())
    answer = as_("analyst").post(f"/targets/file/?{BY}", {"file": upload}, follow=True)
    assert "电商" in read(answer).text  # told as unknown
    kept = {(t.dimension_value, t.period_start.month): t.value for t in Target.objects.all()}
    assert kept == {("直销", 11): 10_000, ("直销", 12): 20_000, ("分销", 11): 30_000, ("分销", 12): 40_000}
