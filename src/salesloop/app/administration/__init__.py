"""For administrators: people, the settings of the workspace, the audit log."""
