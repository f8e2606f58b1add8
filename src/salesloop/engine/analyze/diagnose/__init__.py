"""Why: which slices make a deviation or a change."""
