"""For the other slices: the models in force."""

from __future__ import annotations

from dataclasses import dataclass

from salesloop.app.prediction.learning import lifetime_of
from salesloop.app.prediction.models import Kind, SavedModel
from salesloop.app.prediction.training import train
from salesloop.engine.analyze.predict.lifetime.train import Trained

__all__ = ["Kind", "LifetimeInForce", "SavedModel", "lifetime_in_force", "train"]


@dataclass(frozen=True, slots=True)
class LifetimeInForce:
    """The model of customer value that counts now: what was saved, and what it says."""

    saved: SavedModel
    trained: Trained


def lifetime_in_force() -> LifetimeInForce | None:
    """None where none was trained yet."""
    saved = SavedModel.objects.filter(kind=Kind.LIFETIME, in_force=True).select_related("trained_by").first()
    return LifetimeInForce(saved, lifetime_of(saved)) if saved else None
