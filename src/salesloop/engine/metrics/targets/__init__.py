"""Targets: what was stated, for whom and when, and what that makes for any slice and any days."""

from salesloop.engine.metrics.targets.tree import TargetCell, TargetNode, target_tree, target_trees

__all__ = ["TargetCell", "TargetNode", "target_tree", "target_trees"]
