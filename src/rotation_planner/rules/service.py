"""Who a duty is about: weights, and service long enough."""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import DutyParameters
from rotation_planner.rules.base import Model


def weights(rule: DutyParameters, model: Model) -> np.ndarray:
    """Weight of a shortfall of each cadre in the goal `duties`: more for key posts."""
    return np.where(model.candidates.cadres.key, rule.weight * rule.key_factor, rule.weight)


def service_days(model: Model, first: int | np.ndarray, last: int | np.ndarray) -> np.ndarray:
    """Days of service of each cadre between two days, both included."""
    cadres = model.candidates.cadres
    days = np.minimum(cadres.service_end, last + 1) - np.maximum(cadres.service_start, first)
    return np.asarray(np.maximum(0, days))


def long_enough(days: np.ndarray, months: int, window_days: int | np.ndarray) -> np.ndarray:
    """Whether so many days reach the months asked for (of 30 days), or the whole window where that is less."""
    return np.asarray(days >= np.minimum(30 * months, window_days))
