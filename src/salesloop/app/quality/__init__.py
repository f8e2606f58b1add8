"""Quality as people work on it: scores, records to mend, sampling audits, weekly reviews, coverage."""
