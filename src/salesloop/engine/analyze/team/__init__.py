"""How people sell, beyond what they sell: efficiency and quality against comparable colleagues, and deals worked together."""
