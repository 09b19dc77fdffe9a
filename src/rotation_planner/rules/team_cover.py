"""Team cover.

In words
    On each working day: of those of a team who are never away together at most one is away; while the chief is away
    somebody who may stand in is present, and so for everybody for whom stand-ins are named; and at least so many
    members, or such a part of them, are present. Away is who attends a session that takes half of each day or more,
    travel included, or is on leave. Who has left (retired, or works in another unit than the team's, or than the one
    in which the stand-in was needed) is neither a member nor a stand-in any more; where leavers are said to be
    replaced, a successor is taken to be present instead.

In formulas
    number of people c of the group with attend[c, s] = 1 for some s away at t  <=  most[t]
        for every group, every working day t on which an absence starts or most changes, counting c only on days on
        which c belongs to the group and is not on leave
    most[t] = max(0, 1 - people on leave)                                            never away together
            = max(0, stand-ins there - (1 if the chief is on leave))                 chief with stand-ins; same for
                                                                                     anybody with stand-ins
            = max(0, members there - max(min_present, share of the members, rounded up))   presence
    there: belonging and not on leave
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import TeamCover
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.persons import add_people_rows
from rotation_planner.rules.presence import Group, Presence
from rotation_planner.rules.stacks import Stacks, expand, stack
from rotation_planner.rules.working import WorkingDays

PARAMETERS = TeamCover
KIND = Kind.LIMIT
MISSION = ("M12", "M13")
LAST = False

HALF_A_DAY = 500


def rows(rule: TeamCover, model: Model) -> None:
    """Add one row per group and working day that no other day implies."""
    candidates, presence = model.candidates, Presence(rule, model)
    number = {id_: i for i, id_ in enumerate(candidates.cadres.ids)}
    units = {id_: i for i, id_ in enumerate(candidates.scenario["units"].tolist("id"))}
    groups = [g for team in candidates.scenario["teams"] for g in _groups(team, number, units)]
    groups += _named(model, presence, number)
    days = WorkingDays(candidates.scenario)
    item, group, first, last, candidate = _absences(rule, model, presence, groups, days)
    low, high = candidates.scenario.start.toordinal(), candidates.scenario.end.toordinal()
    changes = np.array(
        [(g, day, most) for g, one in enumerate(groups) for day, most in presence.limits(one)], np.int64
    ).reshape(-1, 3)
    key = changes[:, 0] * 10_000_000 + changes[:, 1]

    def limit(at: np.ndarray, day: np.ndarray) -> np.ndarray:
        found: np.ndarray = changes[np.searchsorted(key, at * 10_000_000 + day, side="right") - 1, 2]
        return found

    cuts = changes[:, 0], days.on_or_after(np.clip(changes[:, 1], low, high))
    found = stack(item, group, first, last, limit, cuts)
    found = Stacks(found.group, found.day, found.high, found.row, candidate[found.item])
    add_people_rows(model, rule.label, found, lambda i: (*groups[found.group[i]].place, iso(found.day[i])))


def _absences(
    rule: TeamCover, model: Model, presence: Presence, groups: list[Group], days: WorkingDays
) -> tuple[np.ndarray, ...]:
    """Working stretches away while belonging and not on leave: item, group, first, last; and candidate of each item."""
    candidates, sessions = model.candidates, model.candidates.sessions
    spans = np.array(
        [(g, c, a, b) for g, one in enumerate(groups) for c in one.people for a, b in presence.there(c, one.unit)],
        np.int64,
    ).reshape(-1, 4)
    away = model.of_session(lambda c: c.day_fraction_per_mille >= HALF_A_DAY).astype(bool)
    counts = away[candidates.session] & model.selected(rule.who)[candidates.cadre]
    candidate, span = expand(
        np.searchsorted(candidates.cadre, spans[:, 1], side="left"),
        np.searchsorted(candidates.cadre, spans[:, 1], side="right"),
    )
    candidate, span = candidate[counts[candidate]], span[counts[candidate]]
    item = spans[span, 0] * max(1, len(candidates)) + candidate
    session, travel = candidates.session[candidate], candidates.travel_days[candidate].astype(np.int64)
    run, at = expand(*(np.searchsorted(sessions.run_session, session, side=side) for side in ("left", "right")))
    first = days.on_or_after(np.maximum(sessions.run_start[run] - travel[at], spans[span[at], 2]))
    last = days.on_or_before(np.minimum(sessions.run_end[run] + travel[at], spans[span[at], 3] - 1))
    works = first <= last
    keys, numbered = np.unique(item[at[works]], return_inverse=True)
    return (
        numbered.reshape(-1), spans[span[at[works]], 0], first[works], last[works], keys % max(1, len(candidates)),
    )


def _groups(team: Team, number: dict[str, int], units: dict[str, int]) -> list[Group]:
    """Conditions of a team that can bind."""
    unit = -1 if team.unit is None else units[team.unit]

    def people(ids: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(number[p] for p in dict.fromkeys(ids))

    found: list[Group] = []
    if len(people(team.never_together)) > 1:
        found.append(Group((team.id, "never_together"), unit, -1, people(team.never_together), most=1))
    stand_ins = tuple(p for p in team.stand_ins or team.deputies if p != team.chief)
    if team.chief is not None and stand_ins:
        found.append(Group((team.id, "chief"), unit, number[team.chief], people(stand_ins)))
    if team.min_present or team.min_present_per_mille:
        need = team.min_present, team.min_present_per_mille
        found.append(Group((team.id, "min_present"), unit, -1, people(team.members), need=need))
    return found


def _named(model: Model, presence: Presence, number: dict[str, int]) -> list[Group]:
    """One condition per cadre for whom stand-ins are named."""
    table = model.candidates.scenario["stand_ins"]
    of: dict[str, list[int]] = {}
    for cadre, stand_in in zip(table.tolist("cadre"), table.tolist("stand_in"), strict=True):
        of.setdefault(cadre, []).append(number[stand_in])
    return [
        Group((cadre, "stand_ins"), presence.home(number[cadre]), number[cadre], tuple(others))
        for cadre, others in of.items()
    ]
