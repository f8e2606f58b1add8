"""What was to be expected."""
