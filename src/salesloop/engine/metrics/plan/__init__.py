"""From a checked question to SQL in named steps."""
