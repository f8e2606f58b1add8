"""Which records are the same thing: decisions of people, the crosswalk that follows, merging and undoing."""
