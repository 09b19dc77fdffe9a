"""Which cadres must stay together when a body is split, and which parts it falls into.

Rows of one cadre can be split anywhere. Rows of a unit or a team cannot: its people stay in one block, and so does
whoever moves from one unit to another. What ties everybody (seats, beds, money) is shared between the blocks. Where
that makes too large a block, a unit is cut all the same, and who moves stays with the first: each block then has a part
of the unit's release.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from rotation_planner.compile.career import Management, careers
from rotation_planner.compile.forecast import WHOLE
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.scenario import Scenario
from rotation_planner.rules.records import positions

ONE, UNIT, TEAM, GROUP, ALL = "one", "unit", "team", "group", "all"

REACH: dict[str, str] = {
    "one_place": ONE, "no_repeat": ONE, "call_ups": ONE, "prerequisites": ONE, "long_training": ONE,
    "theory_first": ONE, "cadre_content": ONE, "coverage": ONE, "hours": ONE, "deadline": ONE, "sure_attendance": ONE,
    "approval": ONE, "precedence": ONE, "total": ONE, "total_limit": ONE, "carry_over": ONE, "cycle": ONE,
    "cycle_hours": ONE,
    "unit_release": UNIT, "team_cover": TEAM, "group_share": GROUP,
    "class_size": ALL, "beds": ALL, "rooms": ALL, "ceiling": ALL, "floor": ALL, "commitments": ALL,
    "course_content": ALL, "institution_content": ALL, "seat_quota": ALL,
}
"""Kind of rule to whom one of its rows may tie together."""


def blocks(scenario: Scenario, most: int) -> np.ndarray:
    """Number of the block of each cadre.

    Cadres of one authority stay together up to ``WHOLE`` times the number, as far as possible those of the authorities
    below one do too.

    Parameters
    ----------
    scenario : Scenario
        Without errors.
    most : int
        Cadres that a block should have at most; people who are tied together, and those of an authority that is not too
        large, stay in one all the same.

    Returns
    -------
    int64 array, one per cadre
        From 0, without holes; smaller numbers are of authorities further up or left in the tree.

    Raises
    ------
    InputError
        If a rule ties everybody together.
    """
    n = len(scenario["cadres"])
    of = _tied(scenario, WHOLE * most)
    size = np.bincount(of, minlength=1)
    if len(size) < 2 and n > most and (wrong := _of_everybody(scenario)):
        raise InputError(wrong)
    rank = np.full(len(size), np.iinfo(np.int64).max)
    np.minimum.at(rank, of, _order(scenario) * len(scenario["units"]) + _home(scenario))
    block, room, number = np.zeros(len(size), np.int64), most, 0
    for together in _whole(rank, rank // max(1, len(scenario["units"])), size, WHOLE * most):
        needed = int(size[together].sum())
        if needed > room and room < most:
            number, room = number + 1, most
        block[together] = number
        room -= needed
    found: np.ndarray = block[of]
    return found


def _tied(scenario: Scenario, most: int) -> np.ndarray:
    """Components, with as few ties given up as are needed to have none of more than so many cadres."""
    cut = _large(scenario, most)
    of = components(scenario, cut)
    if len(cut) and np.bincount(of, minlength=1).max() > most and not _shared_in(scenario):
        # People who move tie units together: they stay with the first.
        apart = np.bincount(of)[of] > most
        of = components(scenario, cut, apart)
        # So do teams with people of several units.
        cut[_home(scenario)[np.bincount(of)[of] > most]] = True
        of = components(scenario, cut, apart)
    return of


def _whole(rank: np.ndarray, authority: np.ndarray, size: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Components that are to stay together: those of an authority, or each alone where these are too many people."""
    order = np.argsort(rank, kind="stable")
    for of_one in np.split(order, np.flatnonzero(np.diff(authority[order])) + 1):
        if size[of_one].sum() <= most:
            yield of_one
        else:
            yield from of_one[:, None]


def _large(scenario: Scenario, most: int) -> np.ndarray:
    """Bool per unit: it has more people than that, and no rule but that on release counts them together."""
    found: np.ndarray = np.bincount(_home(scenario), minlength=len(scenario["units"])) > most
    return found & (not _shared_in(scenario))


def _shared_in(scenario: Scenario) -> bool:
    """Whether a rule counts shares of units, so that none can be cut."""
    return any(rule.kind == "group_share" and rule.per == "unit" for rule in scenario.policy.rules)


def _home(scenario: Scenario) -> np.ndarray:
    """Unit of each cadre at the start."""
    unit = positions(scenario["units"].tolist("id"), scenario["posts"].column("unit"))
    post = positions(scenario["posts"].tolist("id"), scenario["cadres"].column("post"))
    found: np.ndarray = unit[post]
    return found


def components(
    scenario: Scenario, cut: np.ndarray | None = None, apart: np.ndarray | None = None
) -> np.ndarray:
    """Number of the group of people tied together to which each cadre belongs.

    Parameters
    ----------
    cut : bool array, one per unit, optional
        Units whose release does not tie their people.
    apart : bool array, one per cadre, optional
        People who are tied to the unit of their first post only.
    """
    career, ids = careers(scenario), scenario["cadres"].tolist("id")
    kinds = {rule.kind for rule in scenario.policy.rules}
    shares = {rule.per for rule in scenario.policy.rules if rule.kind == "group_share"}
    pairs = [_pairs(career.segment_cadre, np.arange(len(ids))[career.segment_cadre])]
    units = positions(scenario["units"].tolist("id"), scenario["posts"].column("unit"))[career.segment_post]
    if {"unit_release", "team_cover"} & kinds or "unit" in shares:
        kept = np.ones(len(units), bool) if cut is None else ~cut[units]
        if apart is not None:
            later = np.concatenate([[False], career.segment_cadre[1:] == career.segment_cadre[:-1]])
            kept &= ~later | ~apart[career.segment_cadre]
        pairs.append(_to_first(career.segment_cadre[kept], units[kept]))
    if "authority" in shares:
        management, posts = Management(scenario), list(scenario["posts"])
        of_unit = positions(scenario["units"].tolist("id"), scenario["posts"].column("unit"))
        manager = np.array([management.manager(p, int(u)) for p, u in zip(posts, of_unit, strict=True)], np.int64)
        pairs.append(_to_first(career.segment_cadre, manager[career.segment_post]))
    if "all" in shares:
        pairs.append(_pairs(np.arange(len(ids)), np.zeros(len(ids), np.int64)))
    teams = scenario["teams"]
    people = [[*t.members, *t.deputies, *t.stand_ins, *t.never_together, *filter(None, [t.chief])] for t in teams]
    flat = positions(ids, np.array([p for group in people for p in group], object))
    pairs.append(_to_first(flat, np.repeat(np.arange(len(people)), [len(group) for group in people])))
    named = scenario["stand_ins"]
    pairs.append(_pairs(positions(ids, named.column("cadre")), positions(ids, named.column("stand_in"))))
    one, other = np.concatenate(pairs, axis=1)
    graph = sparse.coo_array((np.ones(len(one), bool), (one, other)), shape=(len(ids), len(ids)))
    found: np.ndarray = connected_components(graph, directed=False)[1].astype(np.int64)
    return found


def _pairs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.stack([one, other]).astype(np.int64)


def _to_first(cadre: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Each cadre of a group with the first of it."""
    groups, first, of = np.unique(group, return_index=True, return_inverse=True)
    return _pairs(cadre, cadre[first][of.reshape(-1)] if len(groups) else cadre)


def _order(scenario: Scenario) -> np.ndarray:
    """Place of each cadre's authority (that of the unit at the start) when the tree is walked from the top."""
    below: dict[str | None, list[str]] = {}
    known = set(scenario["authorities"].tolist("id"))
    for one in scenario["authorities"]:
        below.setdefault(one.parent if one.parent in known else None, []).append(one.id)
    walk: dict[str, int] = {}
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        at = waiting.pop()
        walk[at] = len(walk)
        waiting += reversed(below.get(at, []))
    of_unit = np.array([walk[a] for a in scenario["units"].tolist("authority")], np.int64)
    found: np.ndarray = of_unit[_home(scenario)]
    return found


def _of_everybody(scenario: Scenario) -> list[Defect]:
    """The rules that tie everybody together."""
    return [
        Defect(
            "not_splittable", "policy", None, "per", rule.per,
            f"Rule {rule.label} counts everybody in one group, so that the body cannot be split.",
            "Let the rule count per unit, team or authority, or plan with another engine.",
        )
        for rule in scenario.policy.rules if rule.kind == "group_share" and rule.per == "all"
    ]
