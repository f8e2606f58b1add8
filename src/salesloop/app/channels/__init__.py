"""Channels compared, partners one by one, and where nobody sells."""
