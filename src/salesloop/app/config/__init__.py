"""Settings, URLs and the process-wide view of one workspace."""
