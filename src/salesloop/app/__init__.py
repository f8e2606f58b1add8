"""The Django project: people working together on what the engine knows."""
