"""Findings: rules over metrics and what they raise."""
