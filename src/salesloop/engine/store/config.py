"""`salesloop.toml`: the settings of one workspace."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from salesloop.engine.model.calendar import Calendar
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.money import is_currency
from salesloop.engine.model.text import Lang, Messages
from salesloop.engine.store.engines.address import OWN, Address, parse_address
from salesloop.engine.store.files import write_durably

_MESSAGES = Messages("salesloop.engine.store")
CONFIG_FILE: Final = "salesloop.toml"


class WorkspaceConfig(BaseModel):
    """Settings that change what numbers mean, and a few that change how they are kept.

    `currency` is the ISO 4217 base currency; times in the warehouse are wall times of `timezone`; an entry is punctual
    within `entry_sla_hours` of its event. `fiscal_year_rule` says when years of whole weeks begin (model.calendar).
    `repairs_off` are rules of cleaning that must not be applied to any source.
    `target_days`: by which days a target of a longer period is shared out over shorter ones, all or the working ones.
    `engine` is `duckdb`, or the address of the company's own; what changed there is noticed after `engine_refresh` seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "SalesLoop"
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$")
    timezone: str = "Asia/Shanghai"
    language: Lang = "zh-Hans"
    week_start: Literal["monday", "sunday", "saturday"] = "monday"
    calendar: Literal["gregorian", "fiscal", "iso_week", "4-4-5", "4-5-4", "5-4-4"] = "gregorian"
    fiscal_start_month: int = Field(1, ge=1, le=12)
    fiscal_year_rule: Literal["nearest", "last"] = "nearest"
    keep_snapshots: int = Field(10, ge=1)
    entry_sla_hours: int = Field(24, ge=0)
    target_days: Literal["calendar", "working"] = "calendar"
    red_up: bool = True
    repairs_off: tuple[str, ...] = ()
    engine: str = OWN
    engine_refresh: int = Field(300, ge=0)

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        if not is_currency(value):
            raise ValueError(f"unknown currency {value}")
        return value

    @property
    def calendar_of_company(self) -> Calendar:
        """How this company counts its periods."""
        return Calendar(self.calendar, self.fiscal_start_month, self.week_start, self.fiscal_year_rule)

    @property
    def zone(self) -> ZoneInfo:
        """Where this company's days begin and end."""
        return ZoneInfo(self.timezone)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The company's calendar day of an aware moment."""
        return moment.astimezone(self.zone).date()

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if value != OWN:
            parse_address(value)
        return value

    @property
    def engine_address(self) -> Address | None:
        """Where the company's own engine is; None where the data are in snapshots of the workspace."""
        return None if self.engine == OWN else parse_address(self.engine)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in _zones():
            raise ValueError(f"unknown time zone {value}")
        return value


@cache
def _zones() -> frozenset[str]:
    """Every name that the machine knows; to list them reads some hundred files."""
    return frozenset(available_timezones())


def read_config(folder: Path) -> WorkspaceConfig:
    """The settings of a workspace. UserError names the setting that is wrong."""
    try:
        return _validated(tomllib.loads((folder / CONFIG_FILE).read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(_MESSAGES.message("config_unreadable", problem=str(error)), file=CONFIG_FILE) from error


def write_config(folder: Path, settings: dict[str, object]) -> WorkspaceConfig:
    """Check `settings` and write every setting with its value, so that a person sees what there is to change."""
    config = _validated(settings)
    # A JSON text, number or boolean is written the same in TOML.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in config.model_dump().items()]
    write_durably(folder / CONFIG_FILE, ("\n".join(lines) + "\n").encode())
    return config


def _validated(settings: dict[str, object]) -> WorkspaceConfig:
    try:
        return WorkspaceConfig.model_validate(settings)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        message = _MESSAGES.message("config_wrong", setting=place, value=str(first["input"]), problem=first["msg"])
        raise UserError(message, file=CONFIG_FILE) from error
