"""Roll-ups: what was summed up with the snapshot, so that a question need not read every row.

A roll-up never changes an answer: the planner takes one only where the same rows would be counted in the same way.
"""
