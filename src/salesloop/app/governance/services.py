"""What other slices may know of governance."""

from salesloop.app.governance.fair import Judged, judge
from salesloop.app.governance.requests import waiting_for
from salesloop.app.governance.reviews import remind_of_reviews
from salesloop.app.governance.usage import count_open

__all__ = ["Judged", "count_open", "judge", "remind_of_reviews", "waiting_for"]
