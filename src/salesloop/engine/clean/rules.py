"""The repairs by name, and which of them a workspace or a mapping does not want."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from salesloop.engine.clean.plan import MESSAGES
from salesloop.engine.clean.values.recipe import Off
from salesloop.engine.collect.mapping import Mapping
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.text import Message
from salesloop.engine.store.config import CONFIG_FILE, WorkspaceConfig

RULES: Final = tuple(key.removeprefix("rule_") for key in MESSAGES.texts if key.startswith("rule_"))
"""Every repair that cleaning makes; what it does is the message `rule_<name>` of this package."""


def rule_label(rule: str) -> Message:
    """What a repair does, in words. KeyError where there is no such repair."""
    if rule not in RULES:
        raise KeyError(rule)
    return MESSAGES.message(f"rule_{rule}")


def rules_off(config: WorkspaceConfig, mapping: Mapping | None = None) -> Off:
    """The repairs that `repairs_off` of the settings, or of the mapping, switches off. UserError names an unknown one."""
    ours = _known(config.repairs_off, CONFIG_FILE)
    return ours | _known(mapping.repairs_off, f"{mapping.name}.yaml") if mapping else ours


def _known(names: Iterable[str], file: str) -> Off:
    for name in names:
        if name not in RULES:
            raise UserError(MESSAGES.message("unknown_rule", rule=name, known=list(RULES)), file=file)
    return frozenset(names)
