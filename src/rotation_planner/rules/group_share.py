"""A share of a group each year.

In words
    In each calendar year of the horizon at least a share of a group, rounded up to whole people, completes a session of
    the courses named. A group holds the selected cadres who serve in the year for long enough: all of them, or those of
    each managing authority, unit or team; selection, authority and unit go by the post held on the first day of service
    in that year. A session counts in the year of its last day, a passed record on its day. Where each person counts
    only once, it is in the first year of the horizon in which he or she completes one.

In formulas
    1000 * sum of counted[c, y] over c in g + needed[g, y] * short[g, y]  >=  1000 * needed[g, y]
    needed[g, y] = share_per_mille * people in g // 1000, rounded up;  short[g, y] in 0..1000 (per mille of it)
    counted[c, y] <= sum of attend[c, s] over s ending in y  (1 with a record in y);  where each counts once
        counted[c, y] = done[c, y] - done[c, y - 1],
        sum of attend[c, s] over s ending in y <= sessions of c ending in y * done[c, y],
        done[c, y - 1] <= done[c, y] <= done[c, y - 1] + sum of attend[c, s] over s ending in y
    1000 * sum of attend[c, s] + needed[g, y] * short[g, y]  >=  1000 * (needed[g, y] - people with a record in y)
        (follows from the rest; it says which session serves)
    goal `duties`: weight * short[g, y]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import GroupShare
from rotation_planner.program import Kind
from rotation_planner.program.builder import Where
from rotation_planner.rules.base import Model
from rotation_planner.rules.groups import YEARS, Groups, read_groups, year_of
from rotation_planner.rules.records import positions_of_numbers
from rotation_planner.rules.stacks import expand
from rotation_planner.rules.which import chosen

PARAMETERS = GroupShare
KIND = Kind.DUTY
MISSION = ("M2", "M5")
LAST = False


@dataclass(frozen=True)
class Counted:
    """What makes a member of a group count in its year.

    Attributes
    ----------
    column, coef, member : int arrays
        Entries: column and coefficient of each member who may come to count.
    certain : bool array, one per member
        Counts by record.
    """

    column: np.ndarray
    coef: np.ndarray
    member: np.ndarray
    certain: np.ndarray


def rows(rule: GroupShare, model: Model) -> None:
    """Add a shortfall and two rows per group and year."""
    groups = read_groups(rule, model)
    candidates, sessions, records = model.candidates, model.candidates.sessions, model.records
    scenario = candidates.scenario
    concerned = np.zeros(len(candidates.cadres.ids), bool)
    concerned[groups.cadre] = True
    which = chosen(model, rule.which)
    past = which[records.course] & concerned[records.cadre]
    past &= (records.day >= scenario.start.toordinal()) & (records.day <= scenario.end.toordinal())
    done = np.unique(records.cadre[past] * YEARS + year_of(records.day[past]))
    serves = np.flatnonzero(which[sessions.course[candidates.session]] & concerned[candidates.cadre])
    ends, owner = sessions.end[candidates.session[serves]], candidates.cadre[serves].astype(np.int64)
    inside = (ends >= scenario.start.toordinal()) & (ends < candidates.cadres.service_end[owner])
    serves, stamp = serves[inside], (owner * YEARS + year_of(ends))[inside]
    counted = (_once if rule.once else _yearly)(rule, model, groups, done, serves, stamp)
    _add(rule, model, groups, counted, done, serves, stamp)


def _yearly(
    rule: GroupShare, model: Model, groups: Groups, done: np.ndarray, serves: np.ndarray, stamp: np.ndarray
) -> Counted:
    """Whoever completes a session in a year counts in it; a column of its own where several sessions may do."""
    member = groups.cadre * YEARS + groups.year
    certain = np.isin(member, done)
    asked = np.isin(stamp, member[~certain])
    serves, stamp = serves[asked], stamp[asked]
    step, at, size = np.unique(stamp, return_inverse=True, return_counts=True)
    column = np.zeros(len(step), np.int64)
    column[at] = model.attend[serves]
    several = np.flatnonzero(size > 1)
    place = np.cumsum(size > 1) - 1
    column[several] = _columns(rule, model, "counted", step[several])
    part = size[at] > 1
    model.builder.add_rows(
        f"{rule.label}.counted", Kind.LINK, len(several),
        [(np.arange(len(several)), column[several], 1), (place[at[part]], model.attend[serves[part]], -1)],
        _where(model, step[several]), high=0,
    )

    def complete(x: np.ndarray) -> None:
        x[column[several]] = np.bincount(at, weights=x[model.attend[serves]], minlength=len(step))[several] > 0

    model.completions.append(complete)
    found = positions_of_numbers(step, member)
    some = np.flatnonzero((found >= 0) & ~certain)
    return Counted(column[found[some]], np.ones(len(some), np.int64), some, certain)


def _once(
    rule: GroupShare, model: Model, groups: Groups, done: np.ndarray, serves: np.ndarray, stamp: np.ndarray
) -> Counted:
    """Whoever completes a session counts in the year of the first; what is done goes on from year to year."""
    first = np.full(len(model.candidates.cadres.ids), YEARS - 1)
    np.minimum.at(first, done // YEARS, done % YEARS)
    asked = stamp % YEARS < first[stamp // YEARS]
    serves, stamp = serves[asked], stamp[asked]
    step, at = np.unique(stamp, return_inverse=True)
    n, cadre = len(step), step // YEARS
    column = _columns(rule, model, "done", step)
    follows = np.flatnonzero(cadre[1:] == cadre[:-1]) + 1
    attend = model.attend[serves]
    where = _where(model, step)
    model.builder.add_rows(
        f"{rule.label}.done", Kind.LINK, n,
        [(np.arange(n), column, 1), (follows, column[follows - 1], -1), (at, attend, -1)], where, high=0,
    )
    model.builder.add_rows(
        f"{rule.label}.kept", Kind.LINK, len(follows),
        [(np.arange(len(follows)), column[follows], 1), (np.arange(len(follows)), column[follows - 1], -1)],
        lambda i: where(int(follows[i])), low=0,
    )
    model.builder.add_rows(
        f"{rule.label}.noted", Kind.LINK, n, [(np.arange(n), column, np.bincount(at)), (at, attend, -1)], where, low=0
    )

    def complete(x: np.ndarray) -> None:
        now = np.bincount(at, weights=x[attend], minlength=n) > 0
        earliest = np.full(len(first), YEARS)
        np.minimum.at(earliest, cadre[now], (step % YEARS)[now])
        x[column] = step % YEARS >= earliest[cadre]

    model.completions.append(complete)
    certain = groups.year == first[groups.cadre]
    own = positions_of_numbers(step, groups.cadre * YEARS + groups.year)
    some = np.flatnonzero(own >= 0)
    # What was done in a year before takes the member out again, from whom a record makes count too.
    before = np.searchsorted(step, groups.cadre * YEARS + groups.year) - 1
    less = np.flatnonzero((before >= 0) & (certain | (own >= 0)))
    less = less[cadre[before[less]] == groups.cadre[less]]
    return Counted(
        np.concatenate([column[own[some]], column[before[less]]]),
        np.concatenate([np.ones(len(some), np.int64), np.full(len(less), -1)]),
        np.concatenate([some, less]), certain,
    )


def _add(
    rule: GroupShare, model: Model, groups: Groups, counted: Counted, done: np.ndarray, serves: np.ndarray,
    stamp: np.ndarray,
) -> None:
    """Add shortfalls and the rows of the groups."""
    n, builder = len(groups.names), model.builder
    people = np.bincount(groups.group, minlength=n)
    needed = -(-people * rule.share_per_mille // 1000)
    on_record = np.bincount(groups.group[counted.certain], minlength=n)
    leaving = np.zeros(len(groups.cadre), bool)
    leaving[counted.member[counted.coef < 0]] = True
    sure = np.bincount(groups.group[counted.certain & ~leaving], minlength=n)
    may = np.bincount(groups.group[counted.member[counted.coef > 0]], minlength=n)
    some = np.flatnonzero(sure < needed)
    row = np.full(n, -1)
    row[some] = np.arange(len(some))

    def where(i: int) -> tuple[str, ...]:
        return groups.names[int(some[i])]

    short = builder.add_columns(
        f"{rule.label}.short", (-(-1000 * np.maximum(0, needed - on_record - may) // needed))[some],
        (-(-1000 * (needed - sure) // needed))[some], where, size=len(some),
    )
    builder.add_goal("duties", short, rule.weight)
    of = row[groups.group[counted.member]]
    part = of >= 0
    of, column, coef = of[part], counted.column[part], counted.coef[part]
    builder.add_rows(
        f"{rule.label}.share", Kind.LINK, len(some),
        [(np.arange(len(some)), short, needed[some]), (of, column, 1000 * coef)],
        where, low=1000 * (needed - on_record)[some],
    )

    def complete(x: np.ndarray) -> None:
        reached = on_record[some] + np.bincount(of, weights=coef * x[column], minlength=len(some)).astype(np.int64)
        x[short] = -(-1000 * np.maximum(0, needed[some] - reached) // needed[some])

    model.completions.append(complete)
    lacking = needed - on_record
    _add_serving(rule, model, groups, lacking, needed, short, row, done, serves, stamp)


def _add_serving(
    rule: GroupShare, model: Model, groups: Groups, lacking: np.ndarray, needed: np.ndarray, short: np.ndarray,
    row: np.ndarray, done: np.ndarray, serves: np.ndarray, stamp: np.ndarray,
) -> None:
    """Add the rows that say which sessions serve, and mark these as useful."""
    gone = np.full(len(model.candidates.cadres.ids), YEARS)
    np.minimum.at(gone, done // YEARS, done % YEARS)
    member = groups.cadre * YEARS + groups.year
    idle = groups.year >= gone[groups.cadre] if rule.once else np.isin(member, done)
    asks = np.flatnonzero((lacking[groups.group] > 0) & ~idle)
    asks = asks[np.argsort(member[asks], kind="stable")]
    pair_low = np.searchsorted(member[asks], stamp, side="left")
    pair_past = np.searchsorted(member[asks], stamp, side="right")
    entry, candidate = expand(pair_low, pair_past)
    group = groups.group[asks[entry]]
    model.useful[serves[candidate]] = True
    open_ = np.unique(group)
    number = np.full(len(groups.names), -1)
    number[open_] = np.arange(len(open_))
    model.builder.add_rows(
        rule.label, KIND, len(open_),
        [
            (np.arange(len(open_)), short[row[open_]], needed[open_]),
            (number[group], model.attend[serves[candidate]], 1000),
        ],
        lambda i: groups.names[int(open_[i])], low=1000 * lacking[open_],
    )


def _columns(rule: GroupShare, model: Model, name: str, step: np.ndarray) -> np.ndarray:
    """A column 0/1 per cadre and year."""
    return model.builder.add_columns(
        f"{rule.label}.{name}", 0, 1, _where(model, step), owner=step // YEARS, size=len(step)
    )


def _where(model: Model, step: np.ndarray) -> Where:
    ids = model.candidates.cadres.ids
    return lambda i: (ids[step[i] // YEARS], str(step[i] % YEARS))
