"""Metrics on pages: asked within a scope, shown with comparison and target, explained, followed down to their rows."""
