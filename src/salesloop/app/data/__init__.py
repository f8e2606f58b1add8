"""Data: what was delivered, what waits in quarantine, how good it is, and the guided import."""
