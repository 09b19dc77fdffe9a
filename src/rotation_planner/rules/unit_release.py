"""Unit release.

In words
    On each working day a unit has at most as many of its people away as it releases: a part of its strength, or some
    that may always be away, or fewer (or more) in a busy period. Absences of part of a day count in part. The unit is
    that of the post held on the session's first day; travel counts as absence.

In formulas
    sum of day_fraction_per_mille[s] * attend[c, s] over c leaving u and s with a stretch that holds working day t
        <=  1000 * release[u, t]    for every unit u, every working day t on which a stretch or a busy period starts
    release[u, t] = least release of the busy periods of u at t, else max(at_least, strength[u] * per_mille // 1000)
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import UnitRelease
from rotation_planner.program import Kind
from rotation_planner.rules.away import bundle_absences, most_at_once
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.records import ordinals, positions
from rotation_planner.rules.working import WorkingDays

PARAMETERS = UnitRelease
KIND = Kind.LIMIT
MISSION = ("M13",)
LAST = False


def rows(rule: UnitRelease, model: Model) -> None:
    """Add one row per unit and working day that no other day implies."""
    candidates, scenario = model.candidates, model.candidates.scenario
    ids = scenario["units"].tolist("id")
    part = model.of_session(lambda c: c.day_fraction_per_mille).astype(np.int64)
    some = np.flatnonzero((part[candidates.session] > 0) & model.selected(rule.who)[candidates.cadre])
    days = WorkingDays(scenario)
    bundles = bundle_absences(model, days, some, candidates.unit[some])
    usual = _usual(rule, model)
    table = scenario["busy"]
    busy_unit = positions(ids, table.column("unit"))
    busy_first, busy_last = ordinals(table.column("start")), ordinals(table.column("end"))
    release = table.column("release").astype(np.int64)

    def limit(unit: np.ndarray, day: np.ndarray) -> np.ndarray:
        persons = usual[unit].copy()
        busy = np.zeros(len(unit), bool)
        for u, a, b, n in zip(busy_unit, busy_first, busy_last, release, strict=True):
            here = slice(*np.searchsorted(unit, [u, u + 1]))  # points are sorted by unit
            during = (day[here] >= a) & (day[here] <= b)
            persons[here] = np.where(during, np.where(busy[here], np.minimum(persons[here], n), n), persons[here])
            busy[here] |= during
        parts: np.ndarray = 1000 * persons
        return parts

    # Limits change where a busy period starts and after it ends, seen on the next working day.
    low, high = scenario.start.toordinal(), scenario.end.toordinal()
    cut = np.clip(np.concatenate([busy_first, busy_last + 1]), low, high)
    found = bundles.stack(limit, (np.concatenate([busy_unit, busy_unit]), days.on_or_after(cut)))
    load = part[candidates.session[found.item]]
    most = most_at_once(found, candidates.cadre[found.item], load, "one_place" in model.by_kind)
    found = found.keep(most > found.high)
    model.builder.add_rows(
        rule.label, KIND, len(found.high),
        [(found.row, model.attend[found.item], part[candidates.session[found.item]])],
        lambda i: (ids[found.group[i]], iso(found.day[i])), high=found.high,
    )


def _usual(rule: UnitRelease, model: Model) -> np.ndarray:
    """Persons each unit releases outside busy periods."""
    scenario = model.candidates.scenario
    units, posts = scenario["units"], scenario["posts"]
    of_post = positions(units.tolist("id"), posts.column("unit"))
    home = of_post[positions(posts.tolist("id"), scenario["cadres"].column("post"))]
    strength = np.bincount(home[model.selected(rule.who)], minlength=len(units))
    share = np.array([rule.per_mille if v is None else v for v in units.tolist("release_per_mille")], np.int64)
    least = np.array([rule.at_least if v is None else v for v in units.tolist("release_at_least")], np.int64)
    usual: np.ndarray = np.maximum(least, strength * share // 1000)
    return usual
