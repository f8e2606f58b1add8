"""Report definitions: YAML documents that say which blocks a report has. Built in, or ``reports/*.yaml`` of a workspace."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from salesloop.engine.model.calendar import Grain
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.fields import Declaration
from salesloop.engine.model.text import Messages, Text

_MESSAGES = Messages("salesloop.engine.report")
_ID = r"^[a-z][a-z0-9_-]*$"
_BUILT_IN = "salesloop.engine.report.reports"


class Chapter(Declaration):
    """A heading; chapters start a page in print where ``new_page`` says so."""

    block: Literal["chapter"]
    title: Text
    new_page: bool = False


class Summary(Declaration):
    """One sentence a metric: value, changes, attainment; and for the first one the slices that moved most."""

    block: Literal["summary"]
    metrics: tuple[str, ...] = Field(min_length=1)
    movers_by: str | None = None


class Kpis(Declaration):
    """Headline numbers. ``attainment`` shows targets of the season so far, where there are any."""

    block: Literal["kpis"]
    metrics: tuple[str, ...] = Field(min_length=1, max_length=6)
    attainment: bool = True


class Trend(Declaration):
    """A metric over the last ``periods`` periods with a year ago and the target."""

    block: Literal["trend"]
    metric: str
    periods: int = Field(13, ge=2, le=60)


class Bridge(Declaration):
    """From the previous period to this one through the slices of a dimension (metrics that add up)."""

    block: Literal["bridge"]
    metric: str
    by: str
    steps: int = Field(5, ge=1, le=8)


class Bars(Declaration):
    """The largest slices of a metric as bars, with their change."""

    block: Literal["bars"]
    metric: str
    by: str
    limit: int = Field(8, ge=1, le=30)


class Breakdown(Declaration):
    """A table of slices: value, changes, and for org units attainment of the season."""

    block: Literal["breakdown"]
    metric: str
    by: str
    limit: int = Field(12, ge=1, le=100)


class Ranking(Declaration):
    """The ``top`` best and ``bottom`` weakest slices side by side."""

    block: Literal["ranking"]
    metric: str
    by: str
    top: int = Field(5, ge=1, le=20)
    bottom: int = Field(5, ge=1, le=20)


class Findings(Declaration):
    """What needs attention; ``limit`` keeps a first page to the gravest."""

    block: Literal["findings"]
    limit: int | None = Field(None, ge=1)


class Actions(Declaration):
    """Actions and what they brought."""

    block: Literal["actions"]
    limit: int | None = Field(None, ge=1)


class Sources(Declaration):
    """Definitions and versions of the metrics used, and how fresh the data is."""

    block: Literal["sources"]


class Pair(Declaration):
    """Two charts side by side."""

    block: Literal["pair"]
    parts: tuple[Annotated[Bars | Bridge, Field(discriminator="block")], ...] = Field(min_length=2, max_length=2)


Part = Annotated[
    Chapter | Summary | Kpis | Trend | Bridge | Bars | Breakdown | Ranking | Findings | Actions | Sources | Pair,
    Field(discriminator="block"),
]


class ReportDefinition(Declaration):
    """``grain`` is the period that the report is about; ``season`` the one over which targets are pursued."""

    report: str = Field(pattern=_ID)
    title: Text
    description: Text
    version: int = Field(1, ge=1)
    grain: Grain
    season: Grain = "month"
    blocks: tuple[Part, ...] = Field(min_length=1)


def load_definitions(folder: Path | None = None) -> dict[str, ReportDefinition]:
    """The built-in reports with those of a workspace's ``reports`` folder over them (the same name replaces)."""
    found: dict[str, ReportDefinition] = {}
    for item in sorted(resources.files(_BUILT_IN).iterdir(), key=lambda file: file.name):
        if item.name.endswith(".yaml"):
            definition = _read(item.read_bytes(), item.name)
            found[definition.report] = definition
    for file in sorted(folder.glob("*.y*ml")) if folder and folder.is_dir() else ():
        definition = _read(file.read_bytes(), file.name)
        found[definition.report] = definition
    return found


def definition_of(name: str, folder: Path | None = None) -> ReportDefinition:
    """One report by name. UserError names those that there are."""
    known = load_definitions(folder)
    if name not in known:
        raise UserError(_MESSAGES.message("unknown_report", name=name, known=sorted(known)))
    return known[name]


def _read(raw: bytes, file: str) -> ReportDefinition:
    try:
        return ReportDefinition.model_validate(yaml.load(raw, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise UserError(_MESSAGES.message("report_unreadable", problem=str(error)), file=file) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "-"
        raise UserError(_MESSAGES.message("report_wrong", place=place, problem=first["msg"]), file=file) from error
