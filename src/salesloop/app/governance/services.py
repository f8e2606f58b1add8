"""What other slices may know of governance."""

from salesloop.app.governance.requests import waiting_for
from salesloop.app.governance.reviews import remind_of_reviews
from salesloop.app.governance.usage import count_open

__all__ = ["count_open", "remind_of_reviews", "waiting_for"]
