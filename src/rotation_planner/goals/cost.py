"""Total spend.

In words
    What the plan costs: classes, sessions, trainee-days and travel, and hours of study at their price.

In formulas
    minimise  sum over sessions s: cost_per_class[s] * classes[s] + cost_per_session[s] * open[s]
              + sum over candidates: cost[c, s] * attend[c, s] + price per hour * sum of study hours    (yuan)
"""

from __future__ import annotations

import numpy as np

from rotation_planner.rules.base import Model

NAME = "cost"


def terms(model: Model) -> None:
    """Add the terms of the goal."""
    candidates, sessions, builder = model.candidates, model.candidates.sessions, model.builder
    paid = np.flatnonzero(candidates.cost_yuan)
    builder.add_goal(NAME, model.attend[paid], candidates.cost_yuan[paid])
    paid = np.flatnonzero(sessions.cost_class_yuan)
    builder.add_goal(NAME, model.classes[paid], sessions.cost_class_yuan[paid])
    paid = np.flatnonzero(sessions.cost_session_yuan)
    builder.add_goal(NAME, model.open[paid] if len(paid) else paid, sessions.cost_session_yuan[paid])
    price = candidates.scenario.policy.study.yuan_per_hour
    if price:
        for study in model.studies:
            builder.add_goal(NAME, study.columns, price)
