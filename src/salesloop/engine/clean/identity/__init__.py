"""Which records are the same thing: candidate pairs, scores with evidence, clusters."""

from salesloop.engine.clean.identity.clusters import clusters
from salesloop.engine.clean.identity.duplicates import find_duplicates
from salesloop.engine.clean.identity.say import say
from salesloop.engine.clean.identity.settings import Matching, Thresholds, load_matching

__all__ = ["Matching", "Thresholds", "clusters", "find_duplicates", "load_matching", "say"]
