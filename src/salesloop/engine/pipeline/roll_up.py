"""The stage before publishing: what people ask for most is summed up with the snapshot."""

from __future__ import annotations

from salesloop.engine.metrics.registry import load_registry
from salesloop.engine.metrics.rollups import build
from salesloop.engine.model.errors import UserError
from salesloop.engine.store import Building, Workspace


def roll_up(workspace: Workspace, building: Building) -> None:
    """Bring the roll-ups of the snapshot up to date with its rows, whatever changed them.

    A snapshot that was published without this has none as far as questions are concerned. A definition of the company's
    that is wrong stops nobody's import: the questions say what is wrong with it.
    """
    try:
        registry = load_registry(workspace.path, workspace.model)
    except UserError:
        return
    build.roll_up(building.con, registry, workspace.config, building.number, least=build.LEAST)
