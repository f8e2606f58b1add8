"""What people call the values of a dimension that the model keeps as codes (`won` → 赢单)."""

from __future__ import annotations

from salesloop.app.pages.services import Page


def words_of(page: Page, dimension: str) -> dict[str, str]:
    """Code → word in the reader's language; nothing for dimensions whose values are words themselves."""
    model = page.workspace.model
    fields = (
        model.entity(entity).field(path)
        for entity, paths in page.registry.dimension(dimension).paths.items()
        if entity != "default"
        for path in paths
        if model.entity(entity).has(path)
    )
    return {choice.value: choice.label.get(page.lang) for field in fields for choice in field.choices}
