"""What each person may attend, before anybody is placed."""

from __future__ import annotations

from rotation_planner.generate.body import Body
from rotation_planner.generate.careers import NEVER, Careers
from rotation_planner.generate.catalogue import Catalogue
from rotation_planner.generate.history import History, fits, stands_for, valid_until
from rotation_planner.generate.travelling import Ways
from rotation_planner.generate.workdays import DAYS, YEARS


class Openings:
    """Sessions that a person's post, service, leave and history allow.

    Attributes
    ----------
    options : list
        Of each person and year the sessions open to him or her.
    on_record : list
        Of each person the courses that passed records stand for.
    """

    def __init__(self, body: Body, careers: Careers, cat: Catalogue, history: History, ways: Ways) -> None:
        self.body, self.careers, self.cat, self.history, self.ways = body, careers, cat, history, ways
        sessions, n = range(len(cat.course)), len(body)
        self.start = [cat.start(s) for s in sessions]
        self.end = [cat.end(s) for s in sessions]
        self.year = [cat.year(s) for s in sessions]
        self.hours = [cat.courses[c].hours for c in cat.course]
        self.school = [cat.courses[c].school for c in cat.course]
        self.stands = stands_for(cat)
        self._unit = careers.unit[0].tolist()
        self._moves: dict[int, tuple[int, int]] = {}
        self._way = [ways.row(u) for u in range(len(body.unit_name))]
        self._audience: dict[tuple[object, ...], list[int]] = {}
        self.options: list[list[list[int]]] = [[]] * n
        self.on_record: list[tuple[int, ...]] = [()] * n
        for p in range(n):
            self.open_to(p)

    def _sessions_for(self, p: int, phase: int) -> list[int]:
        careers, body = self.careers, self.body
        level, unit = int(careers.level[phase][p]), int(careers.unit[phase][p])
        key = (level, body.manager(unit, level), int(body.category[p]), int(body.duty[p]), careers.extras[p])
        if key not in self._audience:
            cat, owners = self.cat, body.above[key[1]]
            good = {
                c
                for c in cat.owned(owners)
                if fits(body, cat.courses[c], level, unit, key[2], key[3], careers.extras[p])
            }
            self._audience[key] = [s for s in cat.sessions_owned(owners) if cat.course[s] in good]
        return self._audience[key]

    def unit_at(self, p: int, day: int) -> int:
        """Unit of a person on a day."""
        move = self._moves.get(p)
        return move[1] if move is not None and day >= move[0] else self._unit[p]

    def travel(self, p: int, s: int) -> int:
        """Days lost each way."""
        return self._way[self.unit_at(p, self.start[s])][self.school[s]]

    def open_to(self, p: int) -> None:
        """Find again what a person may attend, after his or her career, leave or history changed."""
        careers, cat = self.careers, self.cat
        change = int(careers.change[p])
        self._moves.pop(p, None)
        if change < NEVER and careers.unit[1][p] != careers.unit[0][p]:
            self._moves[p] = (change, int(careers.unit[1][p]))
        sessions = self._sessions_for(p, 0)
        if change < NEVER:
            later = self._sessions_for(p, 1)
            sessions = [s for s in sessions if self.start[s] < change] + [s for s in later if self.start[s] >= change]
        passed = [(c, d) for c, d, result in self.history.records[p] if result == "passed"]
        done = tuple({b for c, _ in passed for b in self.stands[c]})
        held: dict[int, int] = {}
        for c, d in passed:
            until = valid_until(d, cat.courses[c].validity)
            for b in self.stands[c]:
                held[b] = max(held.get(b, -NEVER), until)
        first, last = max(0, int(careers.entered[p])), min(DAYS, int(careers.retired[p]))
        leaves = careers.leave[p]
        years: list[list[int]] = [[] for _ in range(YEARS)]
        course, start = cat.course, self.start
        if held:
            sessions = [s for s in sessions if course[s] not in held or held[course[s]] <= start[s]]
        whole = first == 0 and last == DAYS and not leaves  # no session is near the ends of the horizon: see TERMS
        for s in sessions:
            if whole:
                years[self.year[s]].append(s)
                continue
            way = self.travel(p, s)
            if self.start[s] - way < first or self.end[s] + way >= last:
                continue
            if leaves and any(a <= z + way and x - way <= b for a, b, _ in leaves for x, z in cat.runs[s]):
                continue
            years[self.year[s]].append(s)
        self.options[p], self.on_record[p] = years, done
