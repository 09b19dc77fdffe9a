"""The rival: what a spreadsheet user does, session by session in date order.

Each session, in order of date, is offered to the people who may attend it and still lack something that it gives: key
posts first, then those who lack most. Whoever it would bring over a limit (place, repeat, call-ups, release, team,
prerequisite) is passed over. The session runs if the smallest class comes together and beds, rooms and money allow it;
it takes as many classes as can be filled. Nothing is ever taken back.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from rotation_planner.compile import compile_candidates
from rotation_planner.compile.candidates import Candidates
from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.domain.policy import EVERYONE, CallUps, Coverage, Deadline, Hours, UnitRelease
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.domain.table import Table


def greedy(scenario: Scenario) -> Plan:
    """Plan session by session in date order.

    Parameters
    ----------
    scenario : Scenario
        What to plan. Rules read: all limits; coverage, hours and deadlines as reasons to attend.
    """
    return _Greedy(scenario).run()


class _Greedy:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.can: Candidates = compile_candidates(scenario)
        self.zero = scenario.start.toordinal()
        self.length = (scenario.end - scenario.start).days + 1
        days = np.datetime64(scenario.start) + np.arange(self.length + 40)
        calendar = scenario["calendar"]
        self.working = np.is_busday(days)
        offset = (calendar.column("date") - days[0]).astype(np.int64)
        inside = (offset >= 0) & (offset < len(days))
        self.working[offset[inside]] = calendar.column("working")[inside]
        rules = scenario.policy.rules
        self.hours = [
            (r, set(np.flatnonzero(self.can.selected(r.who)).tolist())) for r in rules if isinstance(r, Hours)
        ]
        self.coverage = [r for r in rules if isinstance(r, Coverage)]
        self.call_ups = [r for r in rules if isinstance(r, CallUps)]
        self._people()
        self._limits([r for r in rules if isinstance(r, UnitRelease)])
        self.chosen: dict[tuple[str, int], np.ndarray] = {}
        self._deadlines([r for r in rules if isinstance(r, Deadline)])
        self.mine: dict[int, list[int]] = defaultdict(list)
        self.taken: list[tuple[int, int, int]] = []

    def _people(self) -> None:
        can = self.can
        number = {c: i for i, c in enumerate(can.cadres.ids)}
        self.number = number
        self.got: dict[tuple[int, int, str], int] = defaultdict(int)
        self.study: dict[tuple[int, int, str], int] = {}
        self.due: dict[tuple[int, int, str], int] = {}
        opening = self.scenario["cadres"].column("opening_hours")
        first, after = can.cadres.service_start, can.cadres.service_end
        for k, (rule, who) in enumerate(self.hours):
            spans = [("horizon", self.zero, self.zero + self.length)]
            if rule.window == "year":
                spans = [(str(y), self._ordinal(y, 1), self._ordinal(y + 1, 1)) for y in self.scenario.years]
            for name, a, z in spans:
                for p in who:
                    served = max(0, min(int(after[p]), z) - max(int(first[p]), a))
                    months = min(rule.min_service_months, 12) if rule.window == "year" else rule.min_service_months
                    least = min(30 * months, z - a)
                    if served < least or (name == "horizon" and can.cadres.joined_late[p]):
                        continue
                    due = rule.hours * served // (z - a)
                    cap = rule.supplement_cap_hours * served // (z - a)
                    self.due[p, k, name] = due - (int(opening[p]) if a == self.zero else 0)
                    self.study[p, k, name] = cap
        self.covered = set(np.flatnonzero(can.cadres.joined_late | (after - first < 360)).tolist())
        self.passed: dict[int, list[int]] = defaultdict(list)
        course = {c.id: i for i, c in enumerate(can.courses)}
        for r in self.scenario["records"]:
            if r.result == "passed":
                self.passed[number[r.cadre]].append(course[r.course])

    @staticmethod
    def _ordinal(year: int, month: int) -> int:
        return int(np.datetime64(f"{year}-{month:02d}-01").astype("datetime64[D]").astype(np.int64)) + 719163

    def _deadlines(self, rules: list[Deadline]) -> None:
        self.events: dict[int, list[tuple[Deadline, int, int]]] = defaultdict(list)
        for rule in rules:
            for e in self.scenario["events"]:
                if e.kind not in rule.events:
                    continue
                last = add_months(e.date, rule.months_after).toordinal()
                p = self.number[e.cadre]
                if not self.zero <= last < self.zero + self.length or last >= self.can.cadres.service_end[p]:
                    continue
                if not self._selected(rule, p, e.date.toordinal()):
                    continue
                self.events[p].append((rule, add_months(e.date, -rule.months_before).toordinal(), last))

    def _selected(self, rule: Deadline, p: int, day: int) -> bool:
        if rule.who == EVERYONE:
            return True
        key = (rule.label, day)
        if key not in self.chosen:
            self.chosen[key] = self.can.selected(rule.who, np.full(len(self.can.cadres.ids), day))
        return bool(self.chosen[key][p])

    def _limits(self, rules: list[UnitRelease]) -> None:
        units = self.scenario["units"]
        strength = np.bincount(self.can.cadres.unit, minlength=len(units))
        rule = rules[0] if rules else UnitRelease(per_mille=1000, at_least=10_000)
        release = np.zeros((len(units), self.length + 40), dtype=np.int64)
        number = {}
        for i, u in enumerate(units):
            number[u.id] = i
            share = rule.per_mille if u.release_per_mille is None else u.release_per_mille
            least = rule.at_least if u.release_at_least is None else u.release_at_least
            release[i] = max(least, int(strength[i]) * share // 1000) * 1000
        for b in self.scenario["busy"]:
            u, a, z = number[b.unit], b.start.toordinal() - self.zero, b.end.toordinal() - self.zero
            part = release[u, a : z + 1]
            np.minimum(part, b.release * 1000, out=part)
        release[:, ~self.working] = 10**9
        self.free_unit = release
        places = self.scenario["institutions"]
        big = 10**9
        self.free_bed = np.array([[big if i.beds is None else i.beds] * (self.length + 40) for i in places])
        self.free_room = np.array(
            [
                [min(big if x is None else x for x in (i.rooms, i.teachers, i.staff))] * (self.length + 40)
                for i in places
            ]
        )
        authority = {a.id: i for i, a in enumerate(self.scenario["authorities"])}
        self.funds: list[tuple[int, int, tuple[str, ...], list[int]]] = [
            (authority[f.authority], f.year, f.earmark, [f.ceiling_yuan])
            for f in self.scenario["funds"]
            if f.ceiling_yuan is not None
        ]
        self.teams: dict[int, list[tuple[list[int], list[int], int, int, list[int]]]] = defaultdict(list)
        for t in self.scenario["teams"]:
            members = [self.number[m] for m in t.members]
            chief = -1 if t.chief is None else self.number[t.chief]
            stand = [self.number[d] for d in (t.stand_ins or t.deputies)]
            entry = (members, [self.number[m] for m in t.never_together], t.min_present, chief, stand)
            for m in {*members, *entry[1]}:
                self.teams[m].append(entry)
        self.must_run = set(np.flatnonzero(self.can.sessions.must_run).tolist())

    # ---- what somebody lacks ----------------------------------------------------------------------------------

    def lack(self, p: int, s: int) -> int:
        """How much of what the person still lacks the session gives, in hours; 0 if nothing."""
        sessions, course = self.can.sessions, self.can.courses[int(self.can.sessions.course[s])]
        end = int(sessions.end[s])
        gain = 0
        for k, (rule, _) in enumerate(self.hours):
            name = "horizon" if rule.window == "horizon" else str(np.datetime64(end - 719163, "D").astype(object).year)
            hours = self.due.get((p, k, name))
            if hours is not None:
                gain = max(gain, min(course.hours, hours - self.study[p, k, name] - self.got[p, k, name]))
        if self.coverage and course.covers and p not in self.covered:
            gain = max(gain, 10)
        for due, first, last in self.events.get(p, ()):
            fits = course.kind in due.course_kinds and course.days >= due.min_days
            if fits and first <= sessions.start[s] and end <= last:
                return 1000
        return max(0, gain)

    def clash(self, c: int) -> bool:
        """Whether the candidate breaks a limit of the person, the unit or the team."""
        can = self.can
        sessions = can.sessions
        p, s = int(can.cadre[c]), int(can.session[c])
        i = int(sessions.course[s])
        course = can.courses[i]
        runs = self.runs(c)
        called = self.is_call_up(i)
        calls = 0
        for q in self.mine[p]:
            t = int(can.session[q])
            j = int(sessions.course[t])
            if any(a <= z and x <= b for a, b in runs for x, z in self.runs(q)):
                return True
            if can.satisfies[j, i] and sessions.start[s] < self.until(t, j):
                return True
            if self.call_ups and called and self.is_call_up(j):
                rule = self.call_ups[0]
                calls += int(sessions.year[t] == sessions.year[s])
                if calls >= rule.max_per_year or sessions.start[s] - sessions.end[t] - 1 < rule.spacing_days:
                    return True
        for need in course.prerequisites:
            n = next(k for k, x in enumerate(can.courses) if x.id == need)
            done = any(can.satisfies[r, n] for r in self.passed[p])
            if not done and not any(
                can.satisfies[int(sessions.course[int(can.session[q])]), n]
                and sessions.end[int(can.session[q])] < sessions.start[s]
                for q in self.mine[p]
            ):
                return True
        u = int(can.unit[c])
        for a, z in runs:
            if (self.free_unit[u, a - self.zero : z - self.zero + 1] < course.day_fraction_per_mille).any():
                return True
        return any(self._team_short(team, p, runs) for team in self.teams.get(p, ()))

    def _team_short(
        self, team: tuple[list[int], list[int], int, int, list[int]], p: int, runs: list[tuple[int, int]]
    ) -> bool:
        members, never, present, chief, stand = team
        gone = {
            m
            for m in {*members, *never}
            if m != p and any(a <= z and x <= b for q in self.mine[m] for x, z in self.runs(q) for a, b in runs)
        } | {p}
        if len(gone & set(never)) > 1 or len(members) - len(gone & set(members)) < present:
            return True
        return chief in gone and bool(stand) and set(stand) <= gone

    def runs(self, c: int) -> list[tuple[int, int]]:
        """Stretches of a candidate with travel."""
        sessions = self.can.sessions
        s, way = int(self.can.session[c]), int(self.can.travel_days[c])
        a, z = np.searchsorted(sessions.run_session, [s, s + 1])
        return [(int(sessions.run_start[r]) - way, int(sessions.run_end[r]) + way) for r in range(a, z)]

    def is_call_up(self, i: int) -> bool:
        """Whether a course counts as a call-up."""
        c = self.can.courses[i]
        least = self.call_ups[0].min_days if self.call_ups else 1
        return c.pattern == "full_time" and c.channel in ("centre", "going_out") and c.days >= least

    def until(self, s: int, i: int) -> int:
        """First day on which a completion of the session is no longer valid."""
        months = self.can.courses[i].validity_months
        if months == 0:
            return 10**9
        end = np.datetime64(int(self.can.sessions.end[s]) - 719163, "D").astype(object)
        return add_months(end, months).toordinal()

    # ---- the walk -----------------------------------------------------------------------------------------------

    def run(self) -> Plan:
        """Go through the sessions by date."""
        can = self.can
        by_session = np.argsort(can.session, kind="stable")
        bounds = np.searchsorted(can.session[by_session], np.arange(len(can.sessions.ids) + 1))
        opened = []
        for s in np.argsort(can.sessions.start, kind="stable").tolist():
            mine = by_session[bounds[s] : bounds[s + 1]].tolist()
            k = self.offer(s, mine)
            if k:
                opened.append(Opened(session=can.sessions.ids[s], classes=k))
        attendances = [
            Attendance(cadre=can.cadres.ids[p], session=can.sessions.ids[s], class_no=n) for p, s, n in self.taken
        ]
        study = []
        for (p, k, name), cap in self.study.items():
            hours = max(0, min(cap, self.due[p, k, name] - self.got[p, k, name]))
            if hours:
                study.append(Study(cadre=can.cadres.ids[p], rule=self.hours[k][0].label, window=name, hours=hours))
        return Plan(Table.of(Attendance, attendances), Table.of(Opened, opened), Table.of(Study, study))

    def offer(self, s: int, candidates: list[int]) -> int:
        """Fill one session; returns its classes, 0 if it does not run."""
        can, sessions = self.can, self.can.sessions
        i, place = int(sessions.course[s]), int(sessions.institution[s])
        course = can.courses[i]
        least, most = int(sessions.min_size[s]), int(sessions.max_size[s])
        wanted = [(self.lack(int(can.cadre[c]), s), bool(can.cadres.key[can.cadre[c]]), c) for c in candidates]
        wanted = sorted((w for w in wanted if w[0] > 0), key=lambda w: (-w[0], not w[1], w[2]))
        a, z = int(sessions.start[s]) - self.zero, int(sessions.end[s]) - self.zero
        per_class = max(course.teachers_per_class, course.staff_per_class, 1)
        first, last = np.searchsorted(sessions.run_session, [s, s + 1])
        spans = [
            (int(sessions.run_start[r]) - self.zero, int(sessions.run_end[r]) - self.zero) for r in range(first, last)
        ]
        room = min(int(self.free_room[place, x : y + 1].min()) for x, y in spans) // per_class
        seats = min(int(sessions.max_classes[s]), room) * most
        if course.residential and course.pattern == "full_time" and z > a:
            seats = min(seats, int(self.free_bed[place, a:z].min()))
        chosen: list[int] = []
        for _, _, c in wanted:
            if len(chosen) >= seats:
                break
            if not self.clash(c):
                chosen.append(c)
                self._hold(c, course.day_fraction_per_mille)
        while chosen:
            k = -(-len(chosen) // most)
            if len(chosen) >= least * k and self._affordable(s, k, chosen):
                break
            drop = chosen.pop()
            self._release(drop, course.day_fraction_per_mille)
        if not chosen:
            return 0
        self._commit(s, k, chosen, a, z, spans, per_class)
        return k

    def _hold(self, c: int, fraction: int) -> None:
        self.mine[int(self.can.cadre[c])].append(c)
        for x, y in self.runs(c):
            self.free_unit[int(self.can.unit[c]), x - self.zero : y - self.zero + 1] -= fraction

    def _release(self, c: int, fraction: int) -> None:
        self.mine[int(self.can.cadre[c])].remove(c)
        for x, y in self.runs(c):
            self.free_unit[int(self.can.unit[c]), x - self.zero : y - self.zero + 1] += fraction

    def _spend(self, s: int, k: int, chosen: list[int]) -> int:
        sessions = self.can.sessions
        return int(k * sessions.cost_class_yuan[s] + sessions.cost_session_yuan[s] + self.can.cost_yuan[chosen].sum())

    def _charged(self, s: int) -> list[list[int]]:
        sessions = self.can.sessions
        kind = self.can.courses[int(sessions.course[s])].kind
        return [
            left
            for payer, year, earmark, left in self.funds
            if payer == sessions.payer[s] and year == sessions.year[s] and (not earmark or kind in earmark)
        ]

    def _affordable(self, s: int, k: int, chosen: list[int]) -> bool:
        spend = self._spend(s, k, chosen)
        return all(left[0] >= spend for left in self._charged(s))

    def _commit(
        self, s: int, k: int, chosen: list[int], a: int, z: int, spans: list[tuple[int, int]], per_class: int
    ) -> None:
        sessions = self.can.sessions
        course = self.can.courses[int(sessions.course[s])]
        place = int(sessions.institution[s])
        spend = self._spend(s, k, chosen)
        for left in self._charged(s):
            left[0] -= spend
        if course.residential and course.pattern == "full_time":
            self.free_bed[place, a:z] -= len(chosen)
        for x, y in spans:
            self.free_room[place, x : y + 1] -= k * per_class
        year = str(np.datetime64(int(sessions.end[s]) - 719163, "D").astype(object).year)
        for n, c in enumerate(chosen):
            p = int(self.can.cadre[c])
            self.taken.append((p, s, n % k + 1))
            for h, (due, _) in enumerate(self.hours):
                self.got[p, h, "horizon" if due.window == "horizon" else year] += course.hours
            if course.covers:
                self.covered.add(p)
            self.events[p] = [
                (rule, first, last)
                for rule, first, last in self.events[p]
                if not (
                    course.kind in rule.course_kinds
                    and course.days >= rule.min_days
                    and first <= sessions.start[s]
                    and sessions.end[s] <= last
                )
            ]
