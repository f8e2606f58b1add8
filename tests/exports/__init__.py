"""Exports as the systems of Chinese companies write them, made by code; each says what must be read out of it."""
