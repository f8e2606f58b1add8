"""Governance: every version of every definition kept, compared, applied; exchanged with other tools."""
