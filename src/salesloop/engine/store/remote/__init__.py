"""The company's own engine in place of snapshot files: its tables seen through views as the canonical model."""
