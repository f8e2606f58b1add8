from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.metrics.world import LightWorld, World


@pytest.fixture
def world() -> Callable[..., World]:
    """Makes a world in memory: `world(order_line=[…], customer=[…])`."""
    return LightWorld
