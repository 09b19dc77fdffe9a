"""Who may attend what, and why not: the pairs, and the exclusions counted by reason.

Work goes by chunks of cadres x all sessions. What depends on the post only (level, category, duties, authority) is
decided per distinct profile and course, then looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rotation_planner.compile.candidates import REASONS, Cadres, Candidates
from rotation_planner.compile.career import Careers, Management, careers, index_of, lookup, ordinals
from rotation_planner.compile.equivalence import satisfies
from rotation_planner.compile.overlap import overlapping
from rotation_planner.compile.selector import selected
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.compile.travel import ways
from rotation_planner.domain.people import Post
from rotation_planner.domain.policy import NoRepeat
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.domain.teaching import Course

CHUNK = 2_048
"""Cadres looked at together."""


@dataclass(frozen=True)
class Profiles:
    """Distinct (post, own categories) pairs, and which courses each may attend.

    ``reason`` [profile, course] is 0 or the number (from 1) of the reason that excludes.
    """

    of_segment: np.ndarray
    unit: np.ndarray
    reason: np.ndarray


def profiles(scenario: Scenario, career: Careers, courses: list[Course]) -> Profiles:
    """Decide level, category, duties and authority per profile and course."""
    posts: list[Post] = list(scenario["posts"])
    units = index_of(scenario["units"].tolist("id"))
    own = scenario["cadres"].tolist("categories")
    numbers: dict[tuple[str, tuple[str, ...], tuple[str, ...], int, tuple[str, ...]], int] = {}
    of_segment = np.zeros(len(career.segment_cadre), np.int64)
    for k, (cadre, post) in enumerate(zip(career.segment_cadre.tolist(), career.segment_post.tolist(), strict=True)):
        p = posts[post]
        key = (p.level, p.categories, p.duties, units[p.unit], own[cadre])
        of_segment[k] = numbers.setdefault(key, len(numbers))
    management = Management(scenario)
    rank = {level.id: level.rank for level in scenario["levels"]}
    reason = np.zeros((len(numbers), len(courses)), np.int8)
    code = {name: i + 1 for i, name in enumerate(REASONS)}
    known: dict[tuple[object, ...], np.ndarray] = {}
    by_post = {(p.level, p.categories, p.duties, units[p.unit]): p for p in posts}
    for (level, categories, duties, unit, extra), i in numbers.items():
        manager = management.manager(by_post[(level, categories, duties, unit)], unit)
        kinds = frozenset(categories) | frozenset(extra)
        key2 = (level, kinds, duties, manager)
        if key2 not in known:
            above = set(management.above(manager))
            row = np.zeros(len(courses), np.int8)
            for j, c in enumerate(courses):
                if (c.level_low is not None and rank[level] < rank[c.level_low]) or (
                    c.level_high is not None and rank[level] > rank[c.level_high]
                ):
                    row[j] = code["level"]
                elif c.categories and kinds.isdisjoint(c.categories):
                    row[j] = code["category"]
                elif c.duties and set(c.duties).isdisjoint(duties):
                    row[j] = code["duties"]
                elif c.owner is not None and management.position[c.owner] not in above:
                    row[j] = code["authority"]
            known[key2] = row
        reason[i] = known[key2]
    unit_of = np.array([key[3] for key in numbers], np.int64)
    return Profiles(of_segment, unit_of, reason)


class _Compiler:
    """Everything that all chunks share."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.courses: list[Course] = list(scenario["courses"])
        self.sessions, self.closed = compile_sessions(scenario, self.courses)
        self.career = careers(scenario)
        self.profiles = profiles(scenario, self.career, self.courses)
        self.satisfies = satisfies(self.courses)
        self.overlaps = [
            (
                selected(scenario, rule.who, self.career.service_start, self.career),
                overlapping(self.courses, rule.overlap_per_mille),
            )
            for rule in scenario.policy.rules if isinstance(rule, NoRepeat) and rule.overlap_per_mille is not None
        ]
        self.way_cost, self.way_days = ways(scenario)
        self.cadre_index = index_of(scenario["cadres"].tolist("id"))
        self.session_index = index_of(self.sessions.ids)
        self.order = np.lexsort((np.arange(len(self.sessions.ids)), self.sessions.start))
        self._days_taken()
        self._commitments()
        self._histories()
        first_end = np.full(len(self.courses), np.iinfo(np.int64).max)
        np.minimum.at(first_end, self.sessions.course, self.sessions.end)
        self.first_end = np.array(
            [first_end[self.satisfies[:, q]].min(initial=np.iinfo(np.int64).max) for q in range(len(self.courses))]
        )

    def _days_taken(self) -> None:
        """First and last day that each session takes: its dates may reach beyond its stretches."""
        s = self.sessions
        self.takes_days = np.zeros(len(s.ids), bool)
        self.takes_days[s.run_session] = True
        # A session whose dates hold none of its days (a weekend course given a week) is judged by its dates.
        bare = np.flatnonzero(~self.takes_days)
        self.run_session = np.concatenate([s.run_session, bare])
        self.run_start = np.concatenate([s.run_start, s.start[bare]])
        self.run_end = np.concatenate([s.run_end, s.end[bare]])
        self.first_day = np.full(len(s.ids), np.iinfo(np.int64).max)
        self.last_day = np.zeros(len(s.ids), np.int64)
        np.minimum.at(self.first_day, self.run_session, self.run_start)
        np.maximum.at(self.last_day, self.run_session, self.run_end)

    def _commitments(self) -> None:
        table = self.scenario["commitments"]
        kind = table.column("kind")
        cadre = lookup(self.cadre_index, table.tolist("cadre"))
        session = lookup(self.session_index, table.tolist("session"))
        self.no_session = np.zeros(len(self.sessions.ids), bool)
        self.no_session[session[(kind == "must_not") & (cadre < 0)]] = True
        self.pairs = {
            name: (cadre[(kind == name) & (cadre >= 0)], session[(kind == name) & (cadre >= 0)])
            for name in ("must", "must_not")
        }

    def _histories(self) -> None:
        leave = self.scenario["leave"]
        absent = lookup(self.cadre_index, leave.tolist("cadre"))
        self.leave = np.stack([absent, ordinals(leave.column("start")), ordinals(leave.column("end"))], axis=1)
        self.leave = self.leave[np.argsort(self.leave[:, 0], kind="stable")]
        records = self.scenario["records"].take(self.scenario["records"].column("result") == "passed")
        who = lookup(self.cadre_index, records.tolist("cadre"))
        what = lookup(index_of([c.id for c in self.courses]), records.tolist("course"))
        date = records.column("date")
        months = np.array([c.validity_months for c in self.courses], np.int64)[what] if len(what) else what
        valid = valid_until(date, months)
        recent = add_months(self.scenario.start, -60).toordinal()
        forever = np.where(ordinals(date) >= recent, np.iinfo(np.int64).max, 0)
        self.record = np.stack([who, what, np.where(months == 0, forever, valid)], axis=1)
        self.record = self.record[np.argsort(who, kind="stable")]

    def chunk(self, first: int, last: int) -> np.ndarray:
        """Reason numbers [cadre in chunk, session]; 0 where the cadre may attend."""
        s, career = self.sessions, self.career
        cadre = np.arange(first, last)
        n, m = len(cadre), len(s.ids)
        code = np.zeros((n, m), np.int8)

        def mark(reason: str, where: np.ndarray) -> None:
            code[(code == 0) & where] = REASONS.index(reason) + 1

        mark("closed", self.closed[None, :])
        mark("session_must_not", self.no_session[None, :])
        profile = self._profile(cadre)
        days = self.way_days[self.profiles.unit[profile], s.institution[None, :]] * self.takes_days
        mark("not_serving", self.first_day - days < career.service_start[cadre, None])
        mark("retired", self.last_day + days >= career.retires[cadre, None])
        audience = self.profiles.reason[profile, s.course[None, :]]
        code[:] = np.where(code == 0, audience, code)
        for who, a, b in _rows(self.leave, first, last):
            way = days[who - first][self.run_session]
            here = np.zeros(m, bool)
            here[self.run_session[(self.run_start - way <= b) & (self.run_end + way >= a)]] = True
            row = code[who - first]
            row[(row == 0) & here] = REASONS.index("leave") + 1
        passed = np.zeros((n, len(self.courses)), bool)
        for who, course, until in _rows(self.record, first, last):
            passed[who - first, course] = True
            if until:
                row = code[who - first]
                repeats = self._repeats(who, course)[s.course]
                row[(row == 0) & repeats & (s.start < until)] = REASONS.index("held") + 1
        self._prerequisites(passed, mark)
        blocked = np.zeros((n, m), bool)
        for name in ("must_not", "must"):
            who, which = self.pairs[name]
            inside = (who >= first) & (who < last)
            if name == "must_not":
                blocked[who[inside] - first, which[inside]] = True
                mark("must_not", blocked)
            else:
                code[who[inside] - first, which[inside]] = 0
        return code

    def _repeats(self, cadre: int, course: int) -> np.ndarray:
        """Bool per course: a repeat for a cadre who has this course."""
        repeats: np.ndarray = self.satisfies[course]
        for chosen, overlap in self.overlaps:
            if chosen[cadre]:
                repeats = repeats | overlap[course]
        return repeats

    def _profile(self, cadre: np.ndarray) -> np.ndarray:
        """Profile of each cadre at each session's start; one column where nobody in the chunk moves."""
        first = np.searchsorted(self.career.segment_cadre, cadre)
        count = np.searchsorted(self.career.segment_cadre, cadre, side="right") - first
        of = self.profiles.of_segment
        profile = np.repeat(of[first][:, None], len(self.sessions.ids), axis=1)
        for i in np.flatnonzero(count > 1).tolist():
            days = self.career.segment_from[first[i] : first[i] + count[i]]
            at = np.searchsorted(days, self.sessions.start, side="right") - 1
            profile[i] = of[first[i] + at]
        return profile

    def _prerequisites(self, passed: np.ndarray, mark: Callable[[str, np.ndarray], None]) -> None:
        position = index_of([c.id for c in self.courses])
        for j, course in enumerate(self.courses):
            for q in (position[name] for name in course.prerequisites):
                holds: np.ndarray = (passed & self.satisfies[:, q]).any(axis=1)
                late = (self.sessions.course == j) & (self.sessions.start <= self.first_end[q])
                mark("prerequisite", ~holds[:, None] & late)

    def run(self) -> Candidates:
        """Compile every chunk."""
        n = len(self.cadre_index)
        excluded = {reason: np.zeros(n, np.int64) for reason in REASONS}
        parts: list[tuple[np.ndarray, ...]] = []
        for first in range(0, n, CHUNK):
            last = min(n, first + CHUNK)
            code = self.chunk(first, last)
            for i, reason in enumerate(REASONS):
                excluded[reason][first:last] = (code == i + 1).sum(axis=1)
            row, position = np.nonzero(code[:, self.order] == 0)
            session = self.order[position]
            profile = self._profile(np.arange(first, last))[row, session]
            chosen = (row + first, session, self.profiles.unit[profile])
            parts.append(tuple(side.astype(np.int32) for side in chosen))
        none = np.zeros(0, np.int32)
        cadre, session, unit = (np.concatenate([none, *(p[i] for p in parts)]) for i in range(3))
        institution = self.sessions.institution[session]
        fee = np.array([c.cost_per_trainee_day_yuan * c.days for c in self.courses], np.int64)
        must = np.zeros(len(cadre), bool)
        wanted = set(zip(*(side.tolist() for side in self.pairs["must"]), strict=True))
        for who, which in wanted:
            a, b = np.searchsorted(cadre, [who, who + 1])
            must[a:b][session[a:b] == which] = True
        return Candidates(
            scenario=self.scenario,
            courses=self.courses,
            sessions=self.sessions,
            cadres=self._cadres(),
            cadre=cadre,
            session=session,
            unit=unit,
            travel_days=self.way_days[unit, institution].astype(np.int16),
            cost_yuan=(fee[self.sessions.course[session]] if len(session) else 0) + self.way_cost[unit, institution],
            must=must,
            excluded=excluded,
            satisfies=self.satisfies,
        )

    def _cadres(self) -> Cadres:
        posts: list[Post] = list(self.scenario["posts"])
        n = len(self.cadre_index)
        career = self.career
        at_start = career.post_on(np.arange(n), career.service_start)
        first = lookup(index_of([p.id for p in posts]), self.scenario["cadres"].tolist("post"))
        units = index_of(self.scenario["units"].tolist("id"))
        unit = np.array([units[p.unit] for p in posts], np.int64)
        own = self.scenario["cadres"].tolist("categories")
        groups: dict[tuple[object, ...], int] = {}
        group = [
            groups.setdefault((posts[p].level, frozenset(posts[p].categories) | frozenset(own[i])), len(groups))
            for i, p in enumerate(at_start.tolist())
        ]
        return Cadres(
            ids=list(self.cadre_index),
            service_start=career.service_start,
            service_end=career.service_end,
            joined_late=career.joined_late,
            key=np.array([posts[p].key for p in at_start.tolist()], bool),
            unit=unit[first],
            hint_group=np.array(group, np.int32),
        )


def _rows(table: np.ndarray, first: int, last: int) -> list[list[int]]:
    """Rows whose first column lies in a range (the table is sorted by it)."""
    a, b = np.searchsorted(table[:, 0], [first, last])
    rows: list[list[int]] = table[a:b].tolist()
    return rows


def valid_until(date: np.ndarray, months: np.ndarray) -> np.ndarray:
    """First day (ordinal) on which completions so many months ago are no longer valid."""
    month = date.astype("datetime64[M]")
    day = (date - month.astype("datetime64[D]")).astype(np.int64)
    then = month + months.astype("timedelta64[M]")
    length = ((then + 1).astype("datetime64[D]") - then.astype("datetime64[D]")).astype(np.int64)
    until: np.ndarray = ordinals(then.astype("datetime64[D]")) + np.minimum(day, length - 1)
    return until


def compile_candidates(scenario: Scenario) -> Candidates:
    """Find every pair of a cadre and a session that he or she may attend.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``).

    Returns
    -------
    Candidates
        Sorted by cadre, session start, session index.
    """
    return _Compiler(scenario).run()
