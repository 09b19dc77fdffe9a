"""Goals with terms of their own; `duties` and `floor` get theirs from the duty rules."""

from rotation_planner.goals import comfort, cost, need

__all__ = ["comfort", "cost", "need"]
