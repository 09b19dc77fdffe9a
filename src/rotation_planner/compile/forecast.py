"""How large a run would be, told from profiles before any pair is built."""

from __future__ import annotations

import os
from collections import Counter

import numpy as np

from rotation_planner.compile.candidates import Sessions
from rotation_planner.compile.career import Careers, careers
from rotation_planner.compile.eligibility import Profiles, profiles
from rotation_planner.compile.recurring import recurring
from rotation_planner.compile.selector import selected
from rotation_planner.compile.sessions import compile_sessions
from rotation_planner.domain.policy import CarryOver, Coverage, Deadline, Hours, SureAttendance, Total
from rotation_planner.domain.scenario import Scenario
from rotation_planner.result import Forecast

EXACT_CANDIDATES = 30_000
"""Most candidates for which the exact engine is chosen, however long the run."""
EXACT_PER_S, EXACT_ANYWAY = 100, 3_000
"""Candidates for each second of a run up to which the exact engine is chosen, and those for which it always is: with
less time the search alone is ahead in every goal (decision 0046)."""

ROWS_PER_1000_CANDIDATES = {
    "one_place": 330, "no_repeat": 365, "call_ups": 260, "unit_release": 33, "team_cover": 28, "prerequisites": 55,
    "total_limit": 440,
}
"""Rows of rules whose rows grow with the candidates; measured on generated bodies of 300, 1,000 and 4,005."""

ROWS_PER_SESSION = 4
"""Head count, class sizes, and its share of beds and rooms."""

BASE_MB = 445
"""Interpreter and libraries of the planning process and of the solver's child.

This and the next figures fit peaks of the process tree measured with two workers at 300, 1,000 (both engines) and 4,005
cadres (cohort) to 5 %.
"""
BYTES_PER_CADRE = 2_500
"""Tables and flat columns of a cadre with his or her records, needs, events and leave (513,438 cadres: 1.1 GB with the
interpreter, measured)."""
BYTES_PER_COLUMN = 2_300
"""A column of the program with its entries, in the planning process and in the child."""
BYTES_PER_COLUMN_AND_WORKER = 1_380
"""A Boolean inside CP-SAT, for each worker; only the exact engine hands over the whole program."""
BLOCK_CADRES = 4_000
"""Cadres of a block of the partitioned engine, unless more are tied together."""
WHOLE = 3
"""An authority up to so many times as large as a block is not cut: most sessions are for one authority's people, and
what two blocks share is divided between them (decision 0043)."""
WORKER_MB = 350
"""Interpreters and libraries of a process that solves a block, and of its solver's child."""
PARTITIONED_CADRES = 30_000
"""From so many cadres on the partitioned engine is chosen."""


def exact_candidates(seconds: float | None = None) -> int:
    """Most candidates for which the exact engine is chosen, in a run of so many seconds; None: of any length."""
    return EXACT_CANDIDATES if seconds is None else int(min(EXACT_CANDIDATES, max(EXACT_ANYWAY, EXACT_PER_S * seconds)))


def forecast(
    scenario: Scenario, workers: int | None = None, memory_limit_mb: float | None = None, seconds: float = 60.0
) -> Forecast:
    """Estimate the size of a run.

    Candidates are counted by profile and time of service. What hangs on one person (leave, records, prerequisites,
    travel, a session under way at retirement) is not looked at, so the count is a little high.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``).
    workers : int, optional
        Threads of a solve; by default every core.
    memory_limit_mb : float, optional
        Memory that the engine chosen is to fit into, if one does.
    seconds : float
        Limit of the run, of work or else of wall clock; the engine chosen depends on it.

    Returns
    -------
    Forecast
        Counts, memory of the process tree in MB, and the engine that ``auto`` would choose, with the reason.
    """
    courses = list(scenario["courses"])
    sessions, closed = compile_sessions(scenario, courses)
    career = careers(scenario)
    by_course = count_candidates(scenario, sessions, closed, career, profiles(scenario, career, courses))
    candidates = int(by_course.sum())
    helpers = _duties(scenario, career) + _needs(scenario)
    more_columns, more_rows = recurring(scenario, career, courses, by_course)
    m = len(sessions.ids)
    columns = candidates + 2 * m + helpers + more_columns
    growing = sum(ROWS_PER_1000_CANDIDATES.get(rule.kind, 0) for rule in scenario.policy.rules)
    rows = candidates * growing // 1000 + helpers + more_rows + ROWS_PER_SESSION * m
    base = BASE_MB + len(scenario["cadres"]) * BYTES_PER_CADRE // 1_000_000
    cohort = base + columns * BYTES_PER_COLUMN // 1_000_000
    needed = {
        "exact": cohort + columns * (workers or os.cpu_count() or 1) * BYTES_PER_COLUMN_AND_WORKER // 1_000_000,
        "cohort": cohort,
        "partitioned": base + WORKER_MB + columns * BYTES_PER_COLUMN * _block(scenario) // 1_000_000_000,
    }
    most = exact_candidates(seconds)
    few = candidates <= most
    engine = "exact" if few and (memory_limit_mb is None or needed["exact"] <= memory_limit_mb) else "cohort"
    why = f"about {candidates:,} candidates, {'at most' if few else 'more than'} {most:,}"
    why += "" if most == EXACT_CANDIDATES else f" in {seconds:,.0f} s"
    if few and engine == "cohort":
        why += f"; the exact engine would need {needed['exact']:,} MB"
    short = memory_limit_mb is not None and cohort > memory_limit_mb >= needed["partitioned"]
    if engine == "cohort" and (short or len(scenario["cadres"]) >= PARTITIONED_CADRES):
        engine = "partitioned"
        why += f"; one program of all would need {cohort:,} MB" if short else f"; {PARTITIONED_CADRES:,} cadres or more"
    return Forecast(
        cadres=len(scenario["cadres"]), sessions=m, candidates=candidates, columns=columns, rows=rows,
        memory_mb=needed[engine], engine=engine, why=why, memory_by_engine=needed, base_mb=BASE_MB,
    )


def _block(scenario: Scenario) -> int:
    """The largest block, as a part of the body, in per mille; people who are tied together may make it larger."""
    posts, units = scenario["posts"], scenario["units"]
    of_unit = dict(zip(units.tolist("id"), units.tolist("authority"), strict=True))
    of_post = dict(zip(posts.tolist("id"), posts.tolist("unit"), strict=True))
    people = Counter(of_unit[of_post[post]] for post in scenario["cadres"].tolist("post"))
    largest = min(WHOLE * BLOCK_CADRES, max(people.values(), default=0))
    return min(1000, 1000 * max(BLOCK_CADRES, largest) // max(1, people.total()))


def count_candidates(
    scenario: Scenario, sessions: Sessions, closed: np.ndarray, career: Careers, profile: Profiles
) -> np.ndarray:
    """Pairs of a cadre and an open session of a course for the post held, inside service; per course."""
    commitments = scenario["commitments"]
    settled = zip(*(commitments.tolist(name) for name in ("cadre", "session", "kind")), strict=True)
    refused = {session for cadre, session, kind in settled if cadre is None and kind == "must_not"}
    counted = ~closed & np.array([s not in refused for s in sessions.ids], bool)
    order = np.argsort(sessions.start, kind="stable")
    order = order[counted[order]]
    starts, course = sessions.start[order], sessions.course[order]
    cadre = career.segment_cadre
    following = np.full(len(cadre), np.iinfo(np.int64).max)
    moves = np.flatnonzero(cadre[1:] == cadre[:-1])
    following[moves] = career.segment_from[moves + 1]
    first = np.searchsorted(starts, np.maximum(career.segment_from, career.service_start[cadre]))
    last = np.searchsorted(starts, np.minimum(following, career.retires[cadre]))
    some = np.flatnonzero(last > first)
    pattern = profile.pattern[profile.of_segment[some]]
    some = some[np.argsort(pattern, kind="stable")]
    n = profile.reason.shape[1]
    total = np.zeros(n)
    ends = np.cumsum(np.bincount(pattern, minlength=len(profile.reason)))
    for a, b, fits in zip([0, *ends], ends, profile.reason == 0, strict=False):
        of = some[a:b]
        # How many of the people with this pattern serve at each session's start.
        serve = np.bincount(first[of], minlength=len(starts) + 1) - np.bincount(last[of], minlength=len(starts) + 1)
        total += np.bincount(course, weights=serve.cumsum()[:-1] * fits[course], minlength=n)
    return total.astype(np.int64)


def _duties(scenario: Scenario, career: Careers) -> int:
    """Shortfalls and study hours: one or two columns, and a row, for each."""
    serving = career.service_end > career.service_start
    total = 0
    for rule in scenario.policy.rules:
        who = int((serving & selected(scenario, rule.who, career.service_start, career)).sum())
        if isinstance(rule, (Coverage, SureAttendance)):
            total += who
        elif isinstance(rule, Hours):
            windows = 1 if rule.window == "horizon" else len(scenario.years)
            total += who * windows * (2 if rule.free_study and rule.supplement_cap_hours else 1)
        elif isinstance(rule, Total):
            ends = 12 * scenario.horizon.years // (rule.every_months or 12)
            windows = {"year": len(scenario.years), "rolling": ends}.get(rule.window, 1)
            total += who * windows * (1 if rule.replace is None and rule.or_measure is None else 2)
        elif isinstance(rule, CarryOver):
            total += who * len(scenario.years) * 3
        elif isinstance(rule, Deadline):
            total += int(np.isin(scenario["events"].column("kind"), rule.events).sum())
    return total


def _needs(scenario: Scenario) -> int:
    """Distinct (cadre, competency) pairs with a stated need, or required by the post and not listed as held."""
    needs, held, cadres = scenario["needs"], scenario["holdings"], scenario["cadres"]
    requires = {post.id: post.requires for post in scenario["posts"]}
    asked = {(c, k) for c, p in zip(cadres.tolist("id"), cadres.tolist("post"), strict=True) for k in requires[p]}
    asked -= set(zip(held.tolist("cadre"), held.tolist("competency"), strict=True))
    return len(asked | set(zip(needs.tolist("cadre"), needs.tolist("competency"), strict=True)))
