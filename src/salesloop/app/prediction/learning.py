"""What each kind of model is learnt with: the engine's training, and how its outcome is kept and read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from salesloop.app.prediction.models import Kind, SavedModel
from salesloop.app.workspace.services import as_of, registry, warehouse, workspace
from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.predict import forecast
from salesloop.engine.analyze.predict.lifetime.train import Trained as Lifetime
from salesloop.engine.analyze.predict.lifetime.train import train as train_lifetime
from salesloop.engine.model.scope import Scope

_LIFETIME = TypeAdapter(Lifetime)
_FORECAST = TypeAdapter(forecast.Trained)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is saved of a training."""

    document: dict[str, Any]
    first: dt.date
    until: dt.date
    error: float
    naive_error: float


def learn(kind: Kind, subject: str, choices: Mapping[str, float]) -> Learnt:
    """Train on the published data. UserError says why nothing can be learnt."""
    return _learn_lifetime(choices) if kind == Kind.LIFETIME else _learn_forecast(subject)


def lifetime_of(saved: SavedModel) -> Lifetime:
    """The model of customer value as it was trained."""
    return _LIFETIME.validate_python(saved.document)


def forecast_of(saved: SavedModel) -> forecast.Trained:
    """The forecast as it was trained."""
    return _FORECAST.validate_python(saved.document)


def asking() -> Asking:
    """The whole company's data, as of the day up to which numbers are compared."""
    return Asking(workspace(), registry(), Scope.all(), as_of())


def _learn_lifetime(choices: Mapping[str, float]) -> Learnt:
    found = train_lifetime(
        warehouse().snapshot,
        workspace().model,
        as_of(),
        yearly_discount=choices["yearly_discount"],
        years=choices["years"],
    )
    error = found.back_test.purchases
    document = _LIFETIME.dump_python(found, mode="json")
    return Learnt(document, found.first, found.until, error.error, error.naive_error)


def _learn_forecast(metric: str) -> Learnt:
    found = forecast.train(asking(), metric)
    document = _FORECAST.dump_python(found, mode="json")
    return Learnt(document, found.first, found.until, found.errors[found.method], found.errors[forecast.NAIVE])
