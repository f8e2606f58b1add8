"""Long work outside of a request: jobs with progress, cancelled on request, and the daily chores."""
