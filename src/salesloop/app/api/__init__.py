"""The API: the same numbers, findings and actions for programs, within the scope of whoever asks."""
