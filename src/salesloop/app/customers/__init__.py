"""Customers: who they are, what they bought, what was talked about, and what they need."""
