"""Planning: from history to a proposed target, from a target to its parts, and from a gap to what made it."""
