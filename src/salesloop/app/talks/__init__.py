"""Records of customer talks: what was said, how the deal stands, what comes next, and the chance that lies in it."""
