"""Plant a full plan that meets every duty, before the limits are drawn tightly around it."""

from __future__ import annotations

import numpy as np

from rotation_planner.generate.body import Body
from rotation_planner.generate.careers import Careers
from rotation_planner.generate.catalogue import Catalogue
from rotation_planner.generate.duties import Due, Duties
from rotation_planner.generate.history import History, valid_until
from rotation_planner.generate.openings import Openings
from rotation_planner.generate.travelling import Ways
from rotation_planner.generate.workdays import DAYS, YEARS

RELEASE = 0.10
"""Part of a unit that may be away at once while planting [U]."""
MOST_CLASSES = 120
"""Parallel classes of a session while planting; settling smaller sizes may make them 200, the most of the contract."""
CALL_UPS = 2
SPACING = 30
PAD = 8


class Planter(Openings):
    """Places people into candidate sessions so that every duty is met.

    Limits on units, beds and rooms are soft here (kept where possible): afterwards each is set to what the plan needs.
    """

    def __init__(
        self, rng: np.random.Generator, body: Body, careers: Careers, cat: Catalogue, history: History, ways: Ways
    ) -> None:
        super().__init__(body, careers, cat, history, ways)
        self.rng = rng
        n, sessions = len(body), len(cat.course)
        self.size = [cat.courses[c].size for c in cat.course]
        self.until = [valid_until(self.end[s], cat.courses[cat.course[s]].validity) for s in range(sessions)]
        self.call_up = [cat.courses[c].call_up for c in cat.course]
        self.spans = [[[slice(x - w + PAD, z + w + 1 + PAD) for x, z in r] for w in (0, 1)] for r in cat.runs]
        """Days of each session in ``away``, without and with a day's travel each way."""
        self.fill = [0.0] * sessions
        """How well one more would fill a class: 1 to 2 in one begun, a half after full ones, 0 in none."""
        self.people: list[set[int]] = [set() for _ in range(sessions)]
        self.placed: list[list[int]] = [[] for _ in range(n)]
        self.away = np.zeros((len(body.unit_name), DAYS + 2 * PAD), dtype=np.int32)
        self.house = np.zeros((len(cat.schools), DAYS + 2 * PAD), dtype=np.int32)
        self.rooms = np.zeros((len(cat.schools), DAYS + 2 * PAD), dtype=np.int32)
        strength = np.bincount(careers.unit[0], minlength=len(body.unit_name))
        self.limit = np.maximum(1, (strength * RELEASE).astype(np.int64)) * 1000
        self.teams: dict[int, list[list[int]]] = {}
        for t in body.teams:
            for p in t.members:
                self.teams.setdefault(p, []).append(t.members)
        self.duties = Duties(body, careers, history)

    # ---- limits ------------------------------------------------------------------------------------------------

    def clash(self, p: int, s: int, relaxed: bool) -> bool:
        """Whether placing the person breaks a limit (soft ones are skipped when relaxed)."""
        course, starts, ends, stands = self.cat.course, self.start, self.end, self.stands
        if len(self.people[s]) >= MOST_CLASSES * self.size[s]:
            return True
        c, start, end = course[s], starts[s], ends[s]
        mine = self.placed[p]
        way = self.travel(p, s)
        calls = 0
        for q in mine:
            d = course[q]
            if start - 4 <= ends[q] + 4 and starts[q] - 4 <= end + 4:
                other = self.travel(p, q)
                if any(
                    x - way <= w + other and v - other <= z + way
                    for x, z in self.cat.runs[s]
                    for v, w in self.cat.runs[q]
                ):
                    return True
            one, two = (q, s) if starts[q] <= start else (s, q)
            if course[two] in stands[course[one]] and starts[two] < self.until[one]:
                return True
            if starts[q] == start and (c in stands[d] or d in stands[c]):
                return True
            if self.call_up[s] and self.call_up[q]:
                calls += self.year[q] == self.year[s]
                gap = start - ends[q] - 1 if start > ends[q] else starts[q] - end - 1
                if gap < SPACING or calls >= CALL_UPS:
                    return True
        need = self.cat.courses[c].prerequisite
        if (
            need is not None
            and need not in self.on_record[p]
            and not any(need in stands[course[q]] and ends[q] < start for q in mine)
        ):
            return True
        if p in self.teams and any(self._team_short(team, p, start, end) for team in self.teams[p]):
            return True
        return not relaxed and self._crowded(p, s, way)

    def _team_short(self, team: list[int], p: int, start: int, end: int) -> bool:
        """Whether chief and first deputy, or more than two members (one of a team of three), would be away at once."""
        gone = 0
        for mate in team:
            if mate == p:
                continue
            for q in self.placed[mate]:
                if self.start[q] - 2 <= end + 2 and start - 2 <= self.end[q] + 2:
                    gone += 1
                    if p in team[:2] and mate in team[:2]:
                        return True
                    break
        return gone >= (2 if len(team) >= 4 else 1)

    def _crowded(self, p: int, s: int, way: int) -> bool:
        spec = self.cat.courses[self.cat.course[s]]
        unit = self.unit_at(p, self.start[s])
        away = self.away[unit]
        room = self.limit[unit] - spec.fraction
        for span in self.spans[s][way]:
            if np.maximum.reduce(away[span]) > room:
                return True
        if len(self.people[s]) % self.size[s]:
            return False
        school = self.cat.schools[spec.school]
        a, b = self.start[s] + PAD, self.end[s] + PAD
        bedded = spec.residential and school.beds is not None and not spec.quota
        if bedded and self.house[spec.school, a : b + 1].max() + spec.size > (school.beds or 0):
            return True
        return school.rooms is not None and bool(self.rooms[spec.school, a : b + 1].max() >= school.rooms)

    # ---- placing --------------------------------------------------------------------------------------------

    def put(self, p: int, s: int, sign: int = 1) -> None:
        """Place a person into a session, or take the person out again (`sign` -1)."""
        spec = self.cat.courses[self.cat.course[s]]
        members, size = self.people[s], self.size[s]
        before = -(-len(members) // size)
        if sign > 0:
            members.add(p)
            self.placed[p].append(s)
        else:
            members.remove(p)
            self.placed[p].remove(s)
        filled = len(members)
        more = -(-filled // size) - before
        self.fill[s] = 1.0 + filled % size / size if filled % size else 0.5 if filled else 0.0
        unit = self.unit_at(p, self.start[s])
        away, amount = self.away[unit], sign * spec.fraction
        for span in self.spans[s][self._way[unit][spec.school]]:
            away[span] += amount
        if more:
            for span in self.spans[s][0]:
                self.rooms[spec.school, span] += more
        if more and spec.residential and not spec.quota:
            self.house[spec.school, self.start[s] + PAD : self.end[s] + PAD] += more * spec.size

    def best(self, p: int, options: list[int], hours: int, relaxed: bool, started: bool = False) -> int | None:
        """The session that best fills a class already begun, among those without a clash."""
        if not options:
            return None
        luck = self.rng.random(len(options)).tolist()
        fill, given = self.fill, self.hours
        rated = sorted(
            [
                (fill[s] - 0.012 * (given[s] - hours if given[s] > hours else 0) + 0.35 * x, s)
                for s, x in zip(options, luck, strict=True)
            ],
            reverse=True,
        )
        mine = self.placed[p]
        for _, s in rated:
            if started and fill[s] <= 0.5:
                continue
            if s not in mine and not self.clash(p, s, relaxed):
                return s
        return None

    def fill_year(self, p: int, y: int, need: int, relaxed: bool = False, started: bool = False) -> bool:
        """Place a person so that a year's hours from sessions reach the need; nothing is changed on failure."""
        options, hours, year = self.options[p][y], self.hours, self.year
        done: list[int] = []
        missing = need - sum([hours[s] for s in self.placed[p] if year[s] == y])
        pair = self.rng.random() < 0.3
        for round_no in range(4):
            if missing <= 0:
                return True
            enough = [s for s in options if hours[s] >= missing]
            short = [s for s in options if 2 * missing > 2 * hours[s] >= missing * 0.7]
            order = (short, enough) if pair and round_no == 0 else (enough, short)
            pick = None
            for group in order:
                pick = self.best(p, group, missing, relaxed, started)
                if pick is not None:
                    break
            if pick is None:
                break
            self.put(p, pick)
            done.append(pick)
            missing -= hours[pick]
        if missing <= 0:
            return True
        for s in done:
            self.put(p, s, -1)
        return False

    def meets(self, s: int, due: Due) -> bool:
        """Whether a session serves a deadline."""
        course = self.cat.courses[self.cat.course[s]]
        in_time = due.first <= self.start[s] and self.end[s] <= due.last
        return course.kind == due.kind and course.days >= due.days and in_time

    def serve_events(self, p: int) -> None:
        """Place a person into the courses due after an event; an event that nothing can serve is dropped."""
        for duty in self.duties.deadlines(p):
            options = [s for year in self.options[p] for s in year if self.meets(s, duty)]
            pick = self.best(p, options, 0, False)
            if pick is None:
                pick = self.best(p, options, 0, True)
            if pick is not None:
                self.put(p, pick)
            elif duty.kind == "induction":
                self.careers.forget_entry(p)
                self.open_to(p)
            else:
                self.careers.forget_change(p)
                self.open_to(p)

    def plant(self) -> None:
        """Place everybody."""
        order = self.rng.permutation(len(self.body))
        order = order[np.argsort([self._ease(int(p)) for p in order], kind="stable")]
        for p in map(int, order):
            self.serve_events(p)
        for p in map(int, order):
            self.fill_person(p)

    def _ease(self, p: int) -> int:
        """Who is hardest to place comes first: county level, then events and teams, then all others."""
        if self.duties.senior(p):
            return 0
        return 1 if self.careers.extras[p] or p in self.teams else 2

    def fill_person(self, p: int) -> None:
        """Meet the hours and the coverage of a person."""
        for y, need in enumerate(self.duties.yearly(p)):
            if need <= 0:
                continue
            if not (self.fill_year(p, y, need) or self.fill_year(p, y, need, relaxed=True)):
                self._make_way(p, y)
        self._fill_horizon(p)

    def _make_way(self, p: int, y: int) -> None:
        """Free a person's year of what blocks it: leave, history, other years' choices, and at last the team."""
        self.careers.leave[p] = []
        self.history.records[p] = []
        self.open_to(p)
        needs = self.duties.yearly(p)
        for attempt in range(10):
            if attempt == 4:
                self._leave_teams(p)
            for s in self._free_choices(p):
                self.put(p, s, -1)
            order = [y, *(x for x in range(YEARS) if x != y)]
            if all(self.fill_year(p, x, needs[x], relaxed=True) for x in order):
                return
        self._let_go(p)

    def _fill_horizon(self, p: int) -> None:
        if self._try_horizon(p):
            return
        for attempt in range(10):
            if attempt == 4:
                self._leave_teams(p)
            if attempt == 2:
                self.careers.leave[p] = []
                self.history.records[p] = []
                self.open_to(p)
            for s in self._free_choices(p):
                self.put(p, s, -1)
            if self._try_horizon(p):
                return
        self._let_go(p)

    def _let_go(self, p: int) -> None:
        """Nothing serves this person: let him or her leave in the first year, which ends every duty."""
        for s in list(self.placed[p]):
            self.put(p, s, -1)
        if self.careers.change[p] > 0:
            self.careers.forget_change(p)
        self.careers.forget_entry(p)
        self.careers.retired[p] = int(self.rng.integers(40, 300))
        self.open_to(p)

    def _leave_teams(self, p: int) -> None:
        for team in self.teams.get(p, []):
            self.body.teams = [t for t in self.body.teams if t.members is not team]
            for mate in team:
                if mate != p:
                    self.teams[mate] = [t for t in self.teams[mate] if t is not team]
        self.teams.pop(p, None)

    def _free_choices(self, p: int) -> list[int]:
        """Sessions of a person that no event asks for."""
        events = ("induction", "on_appointment")
        return [s for s in self.placed[p] if self.cat.courses[self.cat.course[s]].kind not in events]

    def _try_horizon(self, p: int) -> bool:
        need = self.duties.horizon(p)
        options = [s for year in self.options[p] for s in year]
        for _ in range(20):
            missing = need - sum(self.hours[s] for s in self.placed[p])
            covered = any(self.cat.courses[self.cat.course[s]].days >= 3 for s in self.placed[p])
            if missing <= 0 and (covered or not self.duties.coverage(p)):
                return True
            pick = None
            for least in (missing, missing * 2 // 3, missing // 3, 22, 1):
                group = [s for s in options if self.hours[s] >= max(1, least)]
                pick = self.best(p, group, max(missing, 30), False)
                if pick is None:
                    pick = self.best(p, group, max(missing, 30), True)
                if pick is not None:
                    break
            if pick is None:
                return False
            self.put(p, pick)
        return False
