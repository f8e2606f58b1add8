"""Where people are in the organisation, and what they may therefore see."""
