"""How parts of a whole are said."""

import pytest

from salesloop.app.ui.templatetags.ui import share


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "100.0%"),
        (0.99999, "99.9%"),
        (0.9412, "94.1%"),
        (0.001, "0.1%"),
        (0.0004, "<0.1%"),
        (0.0, "0.0%"),
        (None, "–"),
    ],
)
def test_only_all_is_called_all_and_only_nothing_nothing(value: float | None, said: str) -> None:
    assert share(value) == said
