"""What happens to each person: entry, appointment, promotion, transfer, retirement, leave."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rotation_planner.domain.people import EventKind
from rotation_planner.generate.body import Body
from rotation_planner.generate.workdays import DAYS, ZERO

NEVER = 10**7


@dataclass
class Careers:
    """Days count from the start of the horizon; negative ones lie before it.

    After ``change[p]`` person p has ``level[1][p]``, ``unit[1][p]``, ``key[1][p]``, before it the entry at 0.
    """

    entered: np.ndarray
    retired: np.ndarray
    change: np.ndarray
    change_kind: list[EventKind | None]
    level: tuple[np.ndarray, np.ndarray]
    unit: tuple[np.ndarray, np.ndarray]
    key: tuple[np.ndarray, np.ndarray]
    extras: list[tuple[str, ...]]
    leave: list[list[tuple[int, int, str]]] = field(default_factory=list)

    def forget_change(self, p: int) -> None:
        """Undo the career event of a person."""
        self.change[p] = NEVER
        self.change_kind[p] = None
        for pair in (self.level, self.unit, self.key):
            pair[1][p] = pair[0][p]
        self.extras[p] = tuple(e for e in self.extras[p] if e != "newly_appointed")

    def forget_entry(self, p: int) -> None:
        """Make a recruit somebody who was always there."""
        self.entered[p] = -NEVER
        self.extras[p] = tuple(e for e in self.extras[p] if e != "new_recruit")


def draw_careers(rng: np.random.Generator, body: Body) -> Careers:
    """Draw the careers of a body.

    Rates: recruits 2.7 % a year [S] (those of 2026, 2027 and 2028 are known), appointments, promotions and transfers
    about 4 % of leaders and 1.5 % of others a year [U], retirement at 60 (women 55 below county level) [S], 9 % with a
    leave in the five years [U].
    """
    n = len(body)
    band = body.band[body.level]
    age = (ZERO - body.birth) / 365.25
    woman = rng.random(n) < 0.42
    last = np.where(woman & (band < 2), 55, 60)
    retired = np.where(age > 21, body.birth - ZERO + (last * 365.25).astype(np.int64), NEVER)
    # whoever is past the age already serves on, as many do, until 60 or for a few years more
    retired = np.where(retired < 30, body.birth - ZERO + int(60 * 365.25), retired)
    retired = np.where(retired < 30, rng.integers(200, 1500, n), retired)
    retired = np.where(retired >= DAYS, NEVER, retired)

    entered = np.full(n, -NEVER)
    young = np.flatnonzero((band == 0) & (age < 33))
    recruits = rng.permutation(young)[: round(n * 0.027 * 2.4)]
    entered[recruits] = rng.integers(-330, 540, len(recruits))
    extras: list[tuple[str, ...]] = [()] * n
    for p in recruits:
        extras[p] = ("new_recruit",)

    change = np.full(n, NEVER)
    kinds: list[EventKind | None] = [None] * n
    level, unit, key = body.level.copy(), body.unit.copy(), body.key.copy()
    in_team = np.zeros(n, dtype=bool)
    for t in body.teams:
        in_team[t.members] = True
    together: dict[int, list[int]] = {}
    for u, a in enumerate(body.unit_authority):
        together.setdefault(a, []).append(u)
    rate = np.where(band > 0, 0.2, 0.075)
    movers = np.flatnonzero((rng.random(n) < rate) & (entered == -NEVER) & (retired > DAYS))
    for p in movers:
        day = int(rng.integers(-300, DAYS - 200))
        draw = rng.random()
        kind: EventKind = "promotion" if draw < 0.45 else "appointment" if draw < 0.75 else "transfer"
        if kind == "promotion" and (level[p] + 1 >= len(body.levels) or band[p] != body.band[level[p] + 1]):
            kind = "promotion" if band[p] == 0 and rng.random() < 0.6 else "appointment"
        if kind == "promotion":
            level[p] += 1
        elif kind == "transfer":
            if in_team[p]:
                continue
            same = together[body.unit_authority[int(unit[p])]]
            unit[p] = same[int(rng.integers(len(same)))]
        else:
            key[p] = 1
        change[p] = day
        kinds[p] = kind
        if kind != "transfer" and body.band[level[p]] > 0:
            extras[p] = (*extras[p], "newly_appointed")

    reserve = (age < 42) & (rng.random(n) < 0.06) & (band < 2)
    trainer = (rng.random(n) < 0.02) & (band < 2)
    for p in np.flatnonzero(reserve):
        extras[p] = (*extras[p], "reserve")
    for p in np.flatnonzero(trainer):
        extras[p] = (*extras[p], "trainer")
    leave = _leaves(rng, n, woman & (age < 40))
    # who changed post before the horizon holds the new post from its first day on
    past = change <= 0
    old_level, old_unit, old_key = (
        np.where(past, new, old) for new, old in ((level, body.level), (unit, body.unit), (key, body.key))
    )
    return Careers(entered, retired, change, kinds, (old_level, level), (old_unit, unit), (old_key, key), extras, leave)


def _leaves(rng: np.random.Generator, n: int, maternity: np.ndarray) -> list[list[tuple[int, int, str]]]:
    """Leaves of each person, in order, not overlapping."""
    leaves: list[list[tuple[int, int, str]]] = [[] for _ in range(n)]
    chance = rng.random(n)
    for p in np.flatnonzero(chance < 0.09):
        first = int(rng.integers(0, DAYS - 240))
        if maternity[p]:
            leaves[p].append((first, first + 157, "maternity"))
        elif rng.random() < 0.3:
            leaves[p].append((first, first + int(rng.integers(60, 180)), "secondment"))
        else:
            leaves[p].append((first, first + int(rng.integers(10, 60)), "illness"))
        if rng.random() < 0.2:
            after = leaves[p][0][1] + int(rng.integers(40, 200))
            if after + 20 < DAYS:
                leaves[p].append((after, after + int(rng.integers(5, 20)), "family"))
    return leaves
