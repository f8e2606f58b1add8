"""Governance on pages: who may change a definition and why, which metrics are reviewed when, and which of them matter."""
