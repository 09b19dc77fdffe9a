"""Shortages that can be seen before any solve: duties nobody could meet."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.people import Post
from rotation_planner.domain.policy import Coverage


def check(findings: Findings) -> None:
    """Coverage: a course for everybody, and seats for all."""
    scenario = findings.scenario
    if not any(isinstance(rule, Coverage) for rule in scenario.policy.rules):
        return
    rank = {level.id: level.rank for level in scenario["levels"]}
    covering = [c for c in scenario["courses"] if c.covers]
    posts: dict[str, Post] = {p.id: p for p in scenario["posts"]}
    lacking: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    fits: dict[tuple[str, frozenset[str], tuple[str, ...]], bool] = {}
    own = scenario["cadres"].tolist("categories")
    for i, post_id in enumerate(scenario["cadres"].tolist("post")):
        p = posts[post_id]
        key = (p.level, frozenset(p.categories) | frozenset(own[i]), p.duties)
        if key not in fits:
            fits[key] = any(
                (c.level_low is None or rank[p.level] >= rank[c.level_low])
                and (c.level_high is None or rank[p.level] <= rank[c.level_high])
                and (not c.categories or not key[1].isdisjoint(c.categories))
                and (not c.duties or not set(p.duties).isdisjoint(c.duties))
                for c in covering
            )
        if not fits[key]:
            lacking.setdefault((p.level, tuple(sorted(key[1]))), []).append(i)
    for (level, categories), people in lacking.items():
        findings.warn("no_covering_course", "cadres", people[0], "post", f"{level}; {', '.join(categories)}",
                      f"No course that counts for coverage admits {len(people)} cadre(s) like this one.",
                      "Add such a course, or widen the audience of one.")
    counts = {c.id: (c.max_size, c.max_classes) for c in covering}
    seats = sum(
        counts[s.course][0] * (s.max_classes or counts[s.course][1])
        for s in findings.sessions if s.course in counts
    )
    if seats < len(scenario["cadres"]):
        findings.warn("too_few_seats", "sessions", None, "", seats,
                      f"Covering sessions have {seats} seats for {len(scenario['cadres'])} cadres.",
                      "Add sessions, parallel classes or larger classes.")
