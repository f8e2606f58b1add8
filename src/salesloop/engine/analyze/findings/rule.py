"""Finding rules as declarations: YAML in `rules/` (built in) and in a workspace's `checks/` folder."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Messages, Text

MESSAGES = Messages(__package__)

Kind = Literal["anomaly", "threshold", "change", "target_pace", "data_quality", "missing_data", "unusual_delivery"]
Severity = Literal["info", "warning", "critical"]


class Rule(BaseModel):
    """When to raise a finding, for which slices, and where to look for its cause.

    `watch` lists the slices to look at, as dimension combinations (`[]` is the whole); slices that are less than `min_share` of
    the whole are left alone. `limit` is read by kind: a value of the metric (threshold), a fraction (change, percent-format
    metrics: a difference), attainment over elapsed share (target_pace), failing share of rows (data_quality), days without
    news (missing_data). `min_deviation` and `band` (half width in standard deviations) belong to anomalies.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    label: Text
    kind: Kind
    metric: str | None = None
    entity: str | None = None
    severity: Severity = "warning"
    grain: Literal["day", "week", "month", "quarter"] = "month"
    watch: tuple[tuple[str, ...], ...] = ((),)
    where: tuple[str, ...] = ()
    direction: Literal["unfavorable", "below", "above", "both"] = "unfavorable"
    compare: Literal["previous", "year"] = "previous"
    limit: float | None = None
    min_deviation: float = Field(0.08, ge=0)
    min_share: float = Field(0.03, ge=0, le=1)
    band: float = Field(3.5, gt=0)
    explain_by: tuple[tuple[str, ...], ...] = ()
    suggestions: tuple[Text, ...] = ()
    enabled: bool = True

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        if self.kind in ("anomaly", "threshold", "change", "target_pace") and not self.metric:
            raise ValueError(f"a rule of kind {self.kind} needs a metric")
        if self.kind == "missing_data" and not self.entity:
            raise ValueError("a rule of kind missing_data needs an entity")
        if self.kind not in ("anomaly", "unusual_delivery") and self.limit is None:
            raise ValueError(f"a rule of kind {self.kind} needs a limit")
        return self


def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The built-in rules and those of `folder` (a workspace's `checks/`), in the order of their ids.

    A rule in the folder replaces a built-in one of the same id. Raises UserError naming the file and what is wrong in it.
    """
    rules: dict[str, Rule] = {}
    files = [
        Path(str(file))
        for file in resources.files(__package__).joinpath("rules").iterdir()
        if file.name.endswith(".yaml")
    ]
    if folder is not None and folder.is_dir():
        files += sorted(folder.glob("*.yaml"))
    for file in files:
        for raw in _documents(file):
            rule = _parse(raw, file)
            rules[rule.rule] = rule
    return tuple(rules[name] for name in sorted(rules) if rules[name].enabled)


def _documents(file: Path) -> list[object]:
    try:
        return [document for document in yaml.safe_load_all(file.read_text("utf-8")) if document is not None]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(MESSAGES.message("rule_unreadable", problem=str(error)), file=file.name) from error


def _parse(raw: object, file: Path) -> Rule:
    try:
        return Rule.model_validate(raw)
    except ValidationError as error:
        problem = "; ".join(f"{'.'.join(map(str, item['loc'])) or 'rule'}: {item['msg']}" for item in error.errors())
        raise UserError(MESSAGES.message("rule_unreadable", problem=problem), file=file.name) from error
