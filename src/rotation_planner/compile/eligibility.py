"""Who may attend what, and why not: the pairs, and the exclusions counted by reason.

What depends on the post only (level, category, duties, authority) is decided per distinct profile and course. Work goes
by chunks of cadres x the sessions whose course fits somebody among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from rotation_planner.compile.candidates import REASONS, Cadres, Candidates, Sessions
from rotation_planner.compile.career import NEVER, Careers, Management, careers, index_of, lookup, ordinals
from rotation_planner.compile.equivalence import satisfies
from rotation_planner.compile.overlap import overlapping
from rotation_planner.compile.selector import selected
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.compile.travel import ways
from rotation_planner.domain.policy import NoRepeat
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.domain.teaching import Course

CHUNK = 2_048
"""Cadres looked at together."""


@dataclass(frozen=True)
class Profiles:
    """Distinct (post, own categories) pairs, and which courses each may attend.

    ``pattern`` says which profiles are alike but for their unit; ``reason`` [pattern, course] is 0 or the number (from
    1) of the reason that excludes.
    """

    of_segment: np.ndarray
    unit: np.ndarray
    pattern: np.ndarray
    reason: np.ndarray


def profiles(scenario: Scenario, career: Careers, courses: list[Course]) -> Profiles:
    """Decide level, category, duties and authority per profile and course."""
    posts = scenario["posts"]
    units = index_of(scenario["units"].tolist("id"))
    own = scenario["cadres"].tolist("categories")
    of_post = [
        (level, categories, duties, units[unit])
        for level, categories, duties, unit in zip(
            *(posts.tolist(name) for name in ("level", "categories", "duties", "unit")), strict=True
        )
    ]
    numbers: dict[tuple[str, tuple[str, ...], tuple[str, ...], int, tuple[str, ...]], int] = {}
    of_segment = np.zeros(len(career.segment_cadre), np.int64)
    for k, (cadre, post) in enumerate(zip(career.segment_cadre.tolist(), career.segment_post.tolist(), strict=True)):
        key = (*of_post[post], own[cadre])
        of_segment[k] = numbers.setdefault(key, len(numbers))
    management = Management(scenario)
    rank = {level.id: level.rank for level in scenario["levels"]}
    pattern = np.zeros(len(numbers), np.int64)
    code = {name: i + 1 for i, name in enumerate(REASONS)}
    low = np.array([-NEVER if c.level_low is None else rank[c.level_low] for c in courses], np.int64)
    high = np.array([NEVER if c.level_high is None else rank[c.level_high] for c in courses], np.int64)
    owner = np.array([-1 if c.owner is None else management.position[c.owner] for c in courses], np.int64)
    for_kinds, for_duties = _Audience([c.categories for c in courses]), _Audience([c.duties for c in courses])
    known: dict[tuple[object, ...], int] = {}
    rows: list[np.ndarray] = []
    managed = {(unit, level): i for i, (level, _, _, unit) in enumerate(of_post)}
    managers = {key: management.manager(posts[i], key[0]) for key, i in managed.items()}
    for (level, categories, duties, unit, extra), i in numbers.items():
        manager = managers[unit, level]
        kinds = frozenset(categories) | frozenset(extra)
        key2 = (level, kinds, duties, manager)
        if key2 not in known:
            above = management.above(manager)
            row = np.zeros(len(courses), np.int8)
            # The first reason counts, so it is written last.
            row[(owner >= 0) & ~np.isin(owner, above)] = code["authority"]
            row[~for_duties.fits(duties)] = code["duties"]
            row[~for_kinds.fits(kinds)] = code["category"]
            row[(rank[level] < low) | (rank[level] > high)] = code["level"]
            known[key2] = len(rows)
            rows.append(row)
        pattern[i] = known[key2]
    unit_of = np.array([key[3] for key in numbers], np.int64)
    reason = np.array(rows, np.int8).reshape(len(rows), len(courses))
    return Profiles(of_segment, unit_of, pattern, reason)


class _Audience:
    """For each course those whom it is for; everybody where nobody is named."""

    def __init__(self, named: list[tuple[str, ...]]) -> None:
        self._n = len(named)
        self._all = np.array([not names for names in named], bool)
        self._of: dict[str, list[int]] = {}
        for j, names in enumerate(named):
            for name in names:
                self._of.setdefault(name, []).append(j)

    def fits(self, names: Iterable[str]) -> np.ndarray:
        """Bool per course: it is for one of these."""
        found = self._all.copy()
        for name in names:
            found[self._of.get(name, [])] = True
        return found


class _Compiler:
    """Everything that all chunks share."""

    def __init__(self, scenario: Scenario, known: tuple[Sessions, np.ndarray] | None) -> None:
        self.scenario = scenario
        self.courses: list[Course] = list(scenario["courses"])
        self.sessions, self.closed = compile_sessions(scenario, self.courses) if known is None else known
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

    def chunk(self, first: int, last: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Judge every pair of a chunk.

        Returns
        -------
        some : int array
            Sessions that somebody in the chunk may attend by his or her post, sorted by start.
        code : int8 array [cadre in chunk, one of these]
            Reason numbers; 0 where the cadre may attend.
        excluded : int64 array [cadre in chunk, reason]
            How often each reason excludes from all other sessions.
        """
        s, career = self.sessions, self.career
        cadre = np.arange(first, last)
        wanted = self._wanted(first, last)
        some = self.order[wanted[self.order]]
        place = np.full(len(s.ids), -1)
        place[some] = np.arange(len(some))
        n, m = len(cadre), len(some)
        code = np.zeros((n, m), np.int8)

        def mark(reason: str, where: np.ndarray, columns: slice | np.ndarray = slice(None)) -> None:
            part = code[:, columns]
            code[:, columns] = np.where((part == 0) & where, REASONS.index(reason) + 1, part)

        mark("closed", self.closed[some][None, :])
        mark("session_must_not", self.no_session[some][None, :])
        profile = self._profile(cadre, some)
        audience = self.profiles.reason[self.profiles.pattern[profile], s.course[some][None, :]]
        code[:] = np.where(code == 0, audience, code)
        days = self.way_days[self.profiles.unit[profile], s.institution[some][None, :]] * self.takes_days[some]
        mark("not_serving", self.first_day[some] - days < career.service_start[cadre, None])
        mark("retired", self.last_day[some] + days >= career.retires[cadre, None])
        runs = np.flatnonzero(wanted[self.run_session])
        of, start, end = place[self.run_session[runs]], self.run_start[runs], self.run_end[runs]
        for who, a, b in _rows(self.leave, first, last):
            way = days[who - first][of]
            here = np.zeros(m, bool)
            here[of[(start - way <= b) & (end + way >= a)]] = True
            row = code[who - first]
            row[(row == 0) & here] = REASONS.index("leave") + 1
        passed = np.zeros((n, len(self.courses)), bool)
        for who, course, until in _rows(self.record, first, last):
            passed[who - first, course] = True
            if until:
                row = code[who - first]
                repeats = self._repeats(who, course)[s.course[some]]
                row[(row == 0) & repeats & (s.start[some] < until)] = REASONS.index("held") + 1
        self._prerequisites(passed, some, mark)
        blocked = np.zeros((n, m), bool)
        for name in ("must_not", "must"):
            who, which = self.pairs[name]
            inside = (who >= first) & (who < last) & wanted[which]
            if name == "must_not":
                blocked[who[inside] - first, place[which[inside]]] = True
                mark("must_not", blocked)
            else:
                code[who[inside] - first, place[which[inside]]] = 0
        return some, code, self._elsewhere(first, last, ~wanted)

    def _wanted(self, first: int, last: int) -> np.ndarray:
        """Bool per session: the post lets somebody in the chunk attend it, or a commitment does."""
        a, b = np.searchsorted(self.career.segment_cadre, [first, last])
        kinds = np.unique(self.profiles.pattern[self.profiles.of_segment[a:b]])
        wanted: np.ndarray = (self.profiles.reason[kinds] == 0).any(axis=0)[self.sessions.course]
        who, which = self.pairs["must"]
        wanted[which[(who >= first) & (who < last)]] = True
        return wanted

    def _elsewhere(self, first: int, last: int, others: np.ndarray) -> np.ndarray:
        """How often each reason excludes from sessions that nobody in the chunk may attend."""
        found = np.zeros((last - first, len(REASONS)), np.int64)
        found[:, REASONS.index("closed")] = (others & self.closed).sum()
        found[:, REASONS.index("session_must_not")] = (others & ~self.closed & self.no_session).sum()
        left = self.order[(others & ~self.closed & ~self.no_session)[self.order]]
        starts, courses = self.sessions.start[left], self.sessions.course[left]
        low, high = np.searchsorted(self.career.segment_cadre, [first, last])
        cadre, since = self.career.segment_cadre[low:high], self.career.segment_from[low:high]
        moved = np.concatenate([[False], cadre[1:] == cadre[:-1]])[: high - low]
        begin = np.where(moved, np.searchsorted(starts, since), 0)
        end = np.concatenate([np.where(moved, begin, len(starts))[1:], [len(starts)]])[: high - low]
        stretch = np.stack([self.profiles.pattern[self.profiles.of_segment[low:high]], begin, end])
        distinct, of = np.unique(stretch, axis=1, return_inverse=True)
        counts = [
            np.bincount(self.profiles.reason[p][courses[a:b]], minlength=len(REASONS) + 1)[1:]
            for p, a, b in distinct.T.tolist()
        ]
        np.add.at(found, cadre - first, np.array(counts, np.int64).reshape(-1, len(REASONS))[of.reshape(-1)])
        return found

    def _repeats(self, cadre: int, course: int) -> np.ndarray:
        """Bool per course: a repeat for a cadre who has this course."""
        repeats: np.ndarray = self.satisfies[course]
        for chosen, overlap in self.overlaps:
            if chosen[cadre]:
                repeats = repeats | overlap[course]
        return repeats

    def _profile(self, cadre: np.ndarray, some: np.ndarray) -> np.ndarray:
        """Profile of each cadre at the start of each of some sessions."""
        first = np.searchsorted(self.career.segment_cadre, cadre)
        count = np.searchsorted(self.career.segment_cadre, cadre, side="right") - first
        of, start = self.profiles.of_segment, self.sessions.start[some]
        profile = np.repeat(of[first][:, None], len(some), axis=1)
        for i in np.flatnonzero(count > 1).tolist():
            days = self.career.segment_from[first[i] : first[i] + count[i]]
            at = np.searchsorted(days, start, side="right") - 1
            profile[i] = of[first[i] + at]
        return profile

    def _prerequisites(self, passed: np.ndarray, some: np.ndarray, mark: Callable[..., None]) -> None:
        position = index_of([c.id for c in self.courses])
        course = self.sessions.course[some]
        for j in np.unique(course).tolist():
            sessions = np.flatnonzero(course == j)
            for q in (position[name] for name in self.courses[j].prerequisites):
                holds: np.ndarray = (passed & self.satisfies[:, q]).any(axis=1)
                late = self.sessions.start[some[sessions]] <= self.first_end[q]
                mark("prerequisite", ~holds[:, None] & late, sessions)

    def run(self) -> Candidates:
        """Compile every chunk."""
        n = len(self.cadre_index)
        excluded = np.zeros((n, len(REASONS)), np.int64)
        parts: list[tuple[np.ndarray, ...]] = []
        for first in range(0, n, CHUNK):
            last = min(n, first + CHUNK)
            some, code, excluded[first:last] = self.chunk(first, last)
            for i in range(len(REASONS)):
                excluded[first:last, i] += (code == i + 1).sum(axis=1)
            row, position = np.nonzero(code == 0)
            session = some[position]
            profile = self._profile(np.arange(first, last), some)[row, position]
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
            excluded={reason: excluded[:, i] for i, reason in enumerate(REASONS)},
            satisfies=self.satisfies,
        )

    def _cadres(self) -> Cadres:
        posts = self.scenario["posts"]
        levels, kinds, keys = (posts.tolist(name) for name in ("level", "categories", "key"))
        n = len(self.cadre_index)
        career = self.career
        at_start = career.post_on(np.arange(n), career.service_start)
        first = lookup(index_of(posts.tolist("id")), self.scenario["cadres"].tolist("post"))
        units = index_of(self.scenario["units"].tolist("id"))
        unit = np.array([units[name] for name in posts.tolist("unit")], np.int64)
        own = self.scenario["cadres"].tolist("categories")
        groups: dict[tuple[object, ...], int] = {}
        group = [
            groups.setdefault((levels[p], frozenset(kinds[p]) | frozenset(own[i])), len(groups))
            for i, p in enumerate(at_start.tolist())
        ]
        return Cadres(
            ids=list(self.cadre_index),
            service_start=career.service_start,
            service_end=career.service_end,
            joined_late=career.joined_late,
            key=np.array([keys[p] for p in at_start.tolist()], bool),
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


def compile_candidates(scenario: Scenario, known: tuple[Sessions, np.ndarray] | None = None) -> Candidates:
    """Find every pair of a cadre and a session that he or she may attend.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``).
    known : Sessions and bool array, optional
        What ``compile_sessions`` finds; it is the same for every part of a scenario's cadres.

    Returns
    -------
    Candidates
        Sorted by cadre, session start, session index.
    """
    return _Compiler(scenario, known).run()
