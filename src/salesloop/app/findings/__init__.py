"""Findings: what deserves attention, until its effect is measured or somebody says why not."""
