"""Who did what, when: one append-only log for the whole product."""
