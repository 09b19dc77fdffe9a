"""Share of content in an institution's year.

In words
    Of the hours that an institution teaches in sessions starting in a calendar year (hours of the course times classes,
    chosen courses only), the content asked for has at least the share asked for. What is missing is counted in per
    mille of what `per_hours` hours of teaching require.

In formulas
    1000 * sum of hours[s] * (share[s] - per_mille) * classes[s] + per_mille * per_hours * short[i, y]  >=  0
        for every institution i and year y, over its sessions s of chosen courses that start in y
    short[i, y] >= 0 (per mille);  goal `duties`: weight * short[i, y]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import InstitutionContent
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.shares import Scale, surplus

PARAMETERS = InstitutionContent
KIND = Kind.DUTY
MISSION = ("M7", "M17", "M18")
LAST = False

YEARS = 10_000


def rows(rule: InstitutionContent, model: Model) -> None:
    """Add one shortfall column and one row per institution and year that could fall short."""
    sessions = model.candidates.sessions
    names = model.candidates.scenario["institutions"].tolist("id")
    about = np.array([not rule.institutions or name in rule.institutions for name in names], bool)
    points = (surplus(rule, model) * model.of_course(lambda c: c.hours).astype(np.int64))[sessions.course]
    some = np.flatnonzero(about[sessions.institution] & (points != 0))
    key, place = np.unique(sessions.institution[some] * YEARS + sessions.year[some], return_inverse=True)
    worst = np.bincount(place, weights=np.minimum(0, points[some] * sessions.max_classes[some]), minlength=len(key))
    most = -worst.astype(np.int64)
    kept = most > 0
    row = (np.cumsum(kept) - 1)[place]
    some, row, key, most = some[kept[place]], row[kept[place]], key[kept], most[kept]
    scale, n = Scale.of(rule.per_mille, rule.per_hours), len(key)

    def where(i: int) -> tuple[str, ...]:
        return names[key[i] // YEARS], str(key[i] % YEARS)

    short = model.builder.add_columns(f"{rule.label}.short", 0, scale.short(most), where, size=n)
    classes, points = model.classes[some], points[some]
    model.builder.add_rows(
        rule.label, KIND, n, [(row, classes, scale.each * points), (np.arange(n), short, scale.full)], where, low=0
    )
    model.builder.add_goal("duties", short, rule.weight)

    def complete(x: np.ndarray) -> None:
        have = np.bincount(row, weights=points * x[classes], minlength=n).astype(np.int64)
        x[short] = scale.short(-have)

    model.completions.append(complete)
