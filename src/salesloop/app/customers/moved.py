"""Where a customer stands that was merged into another."""

from __future__ import annotations

from salesloop.app.customers.profile import Profile, profile
from salesloop.app.customers.sight import CUSTOMER
from salesloop.app.pages.services import Page
from salesloop.engine.clean.values.cells import literal
from salesloop.engine.pipeline.identity.deciding import knows_identity


def merged_into(page: Page, key: str) -> Profile | None:
    """The customer of which this id is now part; None where it is nobody's, or one's that the person may not see."""
    if not knows_identity(page.snapshot):
        return None
    found = page.snapshot.rows(
        f"SELECT canonical_id FROM ledger.crosswalk WHERE entity = {literal(CUSTOMER)} AND id = {literal(key)} "
        f"AND canonical_id <> id LIMIT 1"
    )
    return profile(page, found[0]["canonical_id"]) if found else None
