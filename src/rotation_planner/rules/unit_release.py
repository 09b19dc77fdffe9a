"""Unit release.

In words
    On each working day a unit has at most as many of its people away as it releases: a part of its strength, or some
    that may always be away, or fewer (or more) in a busy period. Absences of part of a day count in part. The unit is
    that of the post held on the session's first day; travel counts as absence.
    Instead of a day it may be a week (Monday to Sunday) or a calendar month: then the limit is on the number of
    different people away for half a day or more on some working day of it (working days on which the unit releases
    different numbers are counted apart), or on the days that all of them together are away (at most as if on each
    working day as many were away as it releases).

In formulas
    per day      sum of day_fraction_per_mille[s] * attend[c, s] over c leaving u and s with a stretch that holds t
                     <=  1000 * release[u, t]    for every unit u, every working day t on which a stretch or a busy
                     period starts
    people       sum of attend[c, s] - sum of repeats[c] over c leaving u and s away on a working day t of the period
                     with release[u, t] = n    <=  n    for every unit u, period and number n;
                 repeats[c] = sessions among them that c attends, less one
    person_days  sum of day_fraction_per_mille[s] * working days away[c, s] * attend[c, s] over c leaving u
                     <=  1000 * sum of release[u, t] over the working days t of the period
    release[u, t] = least release of the busy periods of u at t, else max(at_least, strength[u] * per_mille // 1000)
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.policy import UnitRelease
from rotation_planner.program import Kind
from rotation_planner.rules.away import Bundles, bundle_absences, most_at_once
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.half_days import parts
from rotation_planner.rules.persons import add_people_rows
from rotation_planner.rules.release_figures import Release
from rotation_planner.rules.stacks import Stacks, expand
from rotation_planner.rules.working import WorkingDays

PARAMETERS = UnitRelease
KIND = Kind.LIMIT
MISSION = ("M13",)
LAST = False

HALF_A_DAY = 500


def rows(rule: UnitRelease, model: Model) -> None:
    """Add rows per unit and working day, week or month."""
    candidates = model.candidates
    part = model.of_session(lambda c: c.day_fraction_per_mille).astype(np.int64)
    least = HALF_A_DAY if rule.per != "day" and rule.measure == "people" else 1
    some = np.flatnonzero((part[candidates.session] >= least) & model.selected(rule.who)[candidates.cadre])
    days = WorkingDays(candidates.scenario)
    bundles = bundle_absences(model, days, some, candidates.unit[some])
    release = Release(rule, model)
    if rule.per == "day":
        _add_days(rule, model, bundles, release, days, part)
    elif rule.measure == "people":
        _add_people(rule, model, bundles, release, days)
    else:
        _add_person_days(rule, model, bundles, release, days, part)


def _add_days(
    rule: UnitRelease, model: Model, bundles: Bundles, release: Release, days: WorkingDays, part: np.ndarray
) -> None:
    """Add one row per unit and working day that no other day implies."""
    candidates, scenario = model.candidates, model.candidates.scenario
    ids = scenario["units"].tolist("id")
    # Limits change where a busy period starts and after it ends, seen on the next working day.
    low, high = scenario.start.toordinal(), scenario.end.toordinal()
    cut = np.clip(np.concatenate([release.busy_first, release.busy_last + 1]), low, high)
    found = bundles.stack(
        lambda unit, day: 1000 * release.on(unit, day),
        (np.concatenate([release.busy_unit, release.busy_unit]), days.on_or_after(cut)),
    )
    load = part[candidates.session[found.item]]
    one_at_a_time = "one_place" in model.by_kind and not parts(model).any()
    most = most_at_once(found, candidates.cadre[found.item], load, one_at_a_time)
    found = found.keep(most > found.high)
    model.builder.add_rows(
        rule.label, KIND, len(found.high),
        [(found.row, model.attend[found.item], part[candidates.session[found.item]])],
        lambda i: (ids[found.group[i]], iso(found.day[i])), high=found.high,
    )


def _add_people(rule: UnitRelease, model: Model, bundles: Bundles, release: Release, days: WorkingDays) -> None:
    """Add one row per unit, period and number released."""
    ids = model.candidates.scenario["units"].tolist("id")
    bundle, unit, day = _days_away(bundles, days)
    period = _period(rule, day)
    key, row = np.unique(np.stack([unit, period, release.on(unit, day)]), axis=1, return_inverse=True)
    entry = np.unique(np.stack([row.reshape(-1), bundle]), axis=1)
    found = _of_candidates(bundles, entry[0], entry[1], key[0], key[1], key[2])
    add_people_rows(
        model, rule.label, found, lambda i: (ids[key[0, i]], _name(rule, key[1, i]), str(key[2, i]))
    )


def _add_person_days(
    rule: UnitRelease, model: Model, bundles: Bundles, release: Release, days: WorkingDays, part: np.ndarray
) -> None:
    """Add one row per unit and period."""
    ids = model.candidates.scenario["units"].tolist("id")
    bundle, unit, day = _days_away(bundles, days)
    key, row = np.unique(np.stack([unit, _period(rule, day)]), axis=1, return_inverse=True)
    entry, count = np.unique(np.stack([row.reshape(-1), bundle]), axis=1, return_counts=True)
    first, past = _ends(rule, key[1])
    each, of = expand(first, past)
    works = days.on_or_after(each) == each
    each, of = each[works], of[works]
    high = 1000 * np.bincount(of, weights=release.on(key[0][of], each), minlength=key.shape[1]).astype(np.int64)
    times = np.zeros(len(entry[0]), np.int64)
    times[:] = count
    low, end = (np.searchsorted(bundles.bundle, entry[1], side=side) for side in ("left", "right"))
    member, line = expand(low, end)
    item, row = bundles.candidate[member], entry[0][line]
    load = part[model.candidates.session[item]] * times[line]
    binds = np.bincount(row, weights=load, minlength=len(high)) > high
    number, inside = np.cumsum(binds) - 1, binds[row]
    kept = np.flatnonzero(binds)
    model.builder.add_rows(
        rule.label, KIND, len(kept), [(number[row[inside]], model.attend[item[inside]], load[inside])],
        lambda i: (ids[key[0, kept[i]]], _name(rule, key[1, kept[i]])), high=high[kept],
    )


def _days_away(bundles: Bundles, days: WorkingDays) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bundle, unit and day of every working day away, each once."""
    day, stretch = expand(bundles.first, bundles.last + 1)
    works = days.on_or_after(day) == day
    found = np.unique(np.stack([bundles.item[stretch], bundles.group[stretch], day])[:, works], axis=1)
    return found[0], found[1], found[2]


def _of_candidates(
    bundles: Bundles, row: np.ndarray, bundle: np.ndarray, group: np.ndarray, day: np.ndarray, high: np.ndarray
) -> Stacks:
    """Rows over bundles as rows over their candidates."""
    low, past = (np.searchsorted(bundles.bundle, bundle, side=side) for side in ("left", "right"))
    member, entry = expand(low, past)
    return Stacks(group, day, high, row[entry], bundles.candidate[member])


def _period(rule: UnitRelease, day: np.ndarray) -> np.ndarray:
    """Number of the period of each day: Mondays count weeks, months count from year 0."""
    if rule.per == "week":
        found: np.ndarray = (day - 1) // 7
        return found
    distinct, inverse = np.unique(day, return_inverse=True)
    dates = [dt.date.fromordinal(int(d)) for d in distinct]
    return np.array([12 * d.year + d.month - 1 for d in dates], np.int64)[inverse.reshape(-1)]


def _ends(rule: UnitRelease, period: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First day of each period, and first day after it."""
    if rule.per == "week":
        return 7 * period + 1, 7 * period + 8
    first, past = (
        np.array([dt.date(int(m) // 12, int(m) % 12 + 1, 1).toordinal() for m in period + more], np.int64)
        for more in (0, 1)
    )
    return first, past


def _name(rule: UnitRelease, period: int) -> str:
    """A week as 2026-W09, a month as 2026-03."""
    if rule.per == "week":
        year, week, _ = dt.date.fromordinal(7 * int(period) + 1).isocalendar()
        return f"{year}-W{week:02}"
    return f"{int(period) // 12}-{int(period) % 12 + 1:02}"
