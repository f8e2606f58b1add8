from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.metrics.rolled import BothWays
from tests.engine.metrics.world import World


@pytest.fixture
def world() -> Callable[..., World]:
    """Makes a world in memory: `world(order_line=[…], customer=[…])`. It is asked with and without roll-ups."""
    return BothWays
