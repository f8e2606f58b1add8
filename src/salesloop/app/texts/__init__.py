"""The voice of the customer: what they say, in themes and words, beside the numbers."""
