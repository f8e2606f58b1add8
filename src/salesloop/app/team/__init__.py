"""People beyond their results: competencies, work with colleagues, efficiency and quality of work."""
