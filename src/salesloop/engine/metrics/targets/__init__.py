"""Targets: what was stated, for whom and when, and what that makes for any slice and any days."""

from salesloop.engine.metrics.targets.by_value import value_rows
from salesloop.engine.metrics.targets.rates import Foreign, Rates
from salesloop.engine.metrics.targets.tree import TargetCell, TargetNode, target_tree, target_trees

__all__ = ["Foreign", "Rates", "TargetCell", "TargetNode", "target_tree", "target_trees", "value_rows"]
