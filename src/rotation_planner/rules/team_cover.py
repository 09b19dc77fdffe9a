"""Team cover.

In words
    On each working day: of those of a team who are never away together at most one is away; while the chief is away
    somebody who may stand in is present; and at least so many members are present. Away is who attends a session that
    takes half of each day or more, travel included.

In formulas
    sum of attend[c, s] over c never away together, s away at t      <=  1
    sum of attend[c, s] over the chief and all n stand-ins, s away at t  <=  n
    sum of attend[c, s] over members, s away at t                    <=  members - min_present
        for every team, every working day t on which an absence starts
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import TeamCover
from rotation_planner.program import Kind
from rotation_planner.rules.away import bundle_absences, most_at_once
from rotation_planner.rules.base import Model, iso
from rotation_planner.rules.stacks import expand
from rotation_planner.rules.working import WorkingDays

PARAMETERS = TeamCover
KIND = Kind.LIMIT
MISSION = ("M12",)
LAST = False

HALF_A_DAY = 500
Group = tuple[str, str, tuple[str, ...], int]
"""Team, condition, people, how many of them may be away at once."""


def rows(rule: TeamCover, model: Model) -> None:
    """Add one row per team, condition and working day that no other day implies."""
    candidates = model.candidates
    groups = [group for team in candidates.scenario["teams"] for group in _groups(team)]
    number = {id_: i for i, id_ in enumerate(candidates.cadres.ids)}
    sizes = [len(people) for *_, people, _ in groups]
    member = np.array([number[p] for *_, people, _ in groups for p in people], np.int64)
    group = np.repeat(np.arange(len(groups)), sizes)
    away = model.of_session(lambda c: c.day_fraction_per_mille >= HALF_A_DAY).astype(bool)
    counts = away[candidates.session] & model.selected(rule.who)[candidates.cadre]
    candidate, at = expand(
        np.searchsorted(candidates.cadre, member, side="left"), np.searchsorted(candidates.cadre, member, side="right")
    )
    candidate, group = candidate[counts[candidate]], group[at][counts[candidate]]
    limits = np.array([most for *_, most in groups], np.int64)
    bundles = bundle_absences(model, WorkingDays(candidates.scenario), candidate, group)
    found = bundles.stack(lambda g, _: limits[g])
    # One person is at one place at a time, rule or not: several absences of one do not need a row here.
    most_away = most_at_once(found, candidates.cadre[found.item], np.ones(len(found.item), np.int64), True)
    found = found.keep(most_away > found.high)
    model.builder.add_rows(
        rule.label, KIND, len(found.high), [(found.row, model.attend[found.item], 1)],
        lambda i: (*groups[found.group[i]][:2], iso(found.day[i])), high=found.high,
    )


def _groups(team: Team) -> list[Group]:
    """Conditions of a team that can bind."""
    found: list[Group] = []
    apart = tuple(dict.fromkeys(team.never_together))
    if len(apart) > 1:
        found.append((team.id, "never_together", apart, 1))
    stand_ins = tuple(dict.fromkeys(p for p in team.stand_ins or team.deputies if p != team.chief))
    if team.chief is not None and stand_ins:
        found.append((team.id, "chief", (team.chief, *stand_ins), len(stand_ins)))
    members = tuple(dict.fromkeys(team.members))
    if team.min_present > 0:
        found.append((team.id, "min_present", members, max(0, len(members) - team.min_present)))
    return found
