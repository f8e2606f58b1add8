"""Reports: chosen, previewed in place, and taken away as files."""
