"""Analysis: what stands out, which slices make it, and whether a measure worked."""
