"""Who may log in, in which role, and how they like their pages."""
