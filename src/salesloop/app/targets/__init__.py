"""Targets: what people agree on, in a grid that reads and writes like a sheet."""
