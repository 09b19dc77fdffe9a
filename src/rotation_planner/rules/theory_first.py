"""Theory first.

In words
    Before a session of other training a cadre has ended a theory course that he or she attends, or has one on record
    (passed before the session starts, and not too long before the horizon). Where the rule says so, one in the same
    calendar year will do, even after it.

In formulas
    attend[c, s] <= theory[c, k]    for every candidate (c, s) of other training without such a record; k: the sessions
        r of theory that would do: end[r] < start[s], or with same_year also year[r] = year[s]
    theory[c, k] <= sum of attend[c, r] over these,  theory[c, k] in {0, 1}
    sum of attend[c, s] over those for which none would do  <=  0    for every cadre c
"""

from __future__ import annotations

import numpy as np

from rotation_planner.compile.candidates import Sessions, day_number
from rotation_planner.domain.policy import TheoryFirst
from rotation_planner.domain.scenario import add_months
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.stacks import expand
from rotation_planner.rules.which import chosen

PARAMETERS = TheoryFirst
KIND = Kind.LIMIT
MISSION = ("M7",)
LAST = False


def rows(rule: TheoryFirst, model: Model) -> None:
    """Add one row per candidate that needs theory, and one column per cadre and set of theory sessions."""
    candidates, sessions, ids = model.candidates, model.candidates.sessions, model.candidates.cadres.ids
    theory, other = chosen(model, rule.theory), chosen(model, rule.which)
    course = sessions.course[candidates.session]
    late = np.flatnonzero(other[course] & ~theory[course] & model.selected(rule.who)[candidates.cadre])
    late = late[~_on_record(rule, model, theory, late)]
    leads = np.flatnonzero(theory[course])
    group, early, first = _groups(rule, candidates.cadre, candidates.session, sessions, late, leads)
    n = int(group.max(initial=-1)) + 1
    cadre = candidates.cadre[late[first]]
    some = np.bincount(early[0], minlength=n) > 0
    number, kept = np.cumsum(some) - 1, np.flatnonzero(some)

    def where(i: int) -> tuple[str, ...]:
        return ids[cadre[kept[i]]], iso(sessions.start[candidates.session[late[first[kept[i]]]]])

    m = len(kept)
    done = model.builder.add_columns(f"{rule.label}.theory", 0, 1, where, owner=cadre[kept], size=m)
    row, attend = number[early[0]], model.attend[early[1]]
    model.builder.add_rows(
        f"{rule.label}.theory", Kind.LINK, m, [(np.arange(m), done, 1), (row, attend, -1)], where, high=0
    )

    def complete(x: np.ndarray) -> None:
        x[done] = np.bincount(row, weights=x[attend], minlength=m) > 0

    model.completions.append(complete)
    after, of = late[some[group]], number[group[some[group]]]
    model.builder.add_rows(
        rule.label, KIND, len(after),
        [(np.arange(len(after)), model.attend[after], 1), (np.arange(len(after)), done[of], -1)],
        lambda i: (ids[candidates.cadre[after[i]]], sessions.ids[candidates.session[after[i]]]), high=0,
    )
    never = late[~some[group]]
    owners, line = np.unique(candidates.cadre[never], return_inverse=True)
    model.builder.add_rows(
        rule.label, KIND, len(owners), [(line, model.attend[never], 1)], lambda i: (ids[owners[i]], "none"), high=0
    )


def _on_record(rule: TheoryFirst, model: Model, theory: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Bool per candidate of ``late``: a record of theory comes before it, or in its year where that is enough."""
    candidates, sessions, records = model.candidates, model.candidates.sessions, model.records
    oldest = day_number(add_months(candidates.scenario.start, -rule.history_months))
    counts = theory[records.course] & (records.day >= oldest)
    cadre, day = records.cadre[counts], records.day[counts]
    order = np.argsort(cadre, kind="stable")
    cadre, day = cadre[order], day[order]
    # Where the year is enough, a record counts from the first day of its year on.
    since = _year_start(day) if rule.same_year else day + 1
    who = candidates.cadre[late]
    entry, at = expand(np.searchsorted(cadre, who, side="left"), np.searchsorted(cadre, who, side="right"))
    held = np.zeros(len(late), bool)
    held[at[since[entry] <= sessions.start[candidates.session[late[at]]]]] = True
    return held


def _year_start(day: np.ndarray) -> np.ndarray:
    """First day of the calendar year of each day (ordinals)."""
    epoch = 719_163
    dates = (day - epoch).astype("datetime64[D]")
    found: np.ndarray = dates.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + epoch
    return found


def _groups(
    rule: TheoryFirst, owner: np.ndarray, session: np.ndarray, sessions: Sessions, late: np.ndarray, early: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Group of each candidate of ``late``; groups and candidates of theory that would do; a first member of each.

    Candidates of a cadre are in one group if the same candidates of theory would do for them.
    """
    first = np.searchsorted(owner[early], owner[late], side="left")
    past = np.searchsorted(owner[early], owner[late], side="right")
    start, year = sessions.start[session], sessions.year[session]
    end = sessions.end[session]
    # What would do for a session hangs on the cadre, its year if that is enough, and how many of theory ended before.
    entry, at = expand(first, past)
    before = end[early[entry]] < start[late[at]]
    if rule.same_year:
        before &= year[early[entry]] < year[late[at]]
    count = np.bincount(at[before], minlength=len(late))
    keys = np.stack([owner[late], year[late] if rule.same_year else np.zeros(len(late), np.int64), count])
    _, member, group = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    entry, place = expand(first[member], past[member])
    does = end[early[entry]] < start[late[member[place]]]
    if rule.same_year:
        does |= year[early[entry]] == year[late[member[place]]]
    return group.ravel(), (place[does], early[entry[does]]), member
