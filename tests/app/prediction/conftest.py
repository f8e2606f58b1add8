"""The firm of returning buyers, with a model of what they are still to bring."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from salesloop.app.prediction.services import Kind, SavedModel, train
from salesloop.engine.store import Workspace
from tests.buyers import NOW, build_buyers

CHOICES = {"years": 3.0, "yearly_discount": 0.1}


@pytest.fixture(scope="session")
def buyers(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build_buyers(tmp_path_factory.mktemp("buyers"))


@pytest.fixture
def at_buyers(buyers: Workspace, settings: LazySettings) -> None:
    settings.WORKSPACE = buyers.path


@pytest.fixture(scope="session")
def trained() -> dict[str, object]:
    """What the first training of this session saved: learning takes seconds, and every test of pages needs the outcome."""
    return {}


@pytest.fixture
def model(at_buyers: None, trained: dict[str, object]) -> SavedModel:
    """Version 1 of customer value."""
    if not trained:
        saved = train(None, Kind.LIFETIME, "", CHOICES, NOW)
        trained.update({name: value for name, value in vars(saved).items() if name not in ("_state", "id")})
        return saved
    return SavedModel.objects.create(**trained)
