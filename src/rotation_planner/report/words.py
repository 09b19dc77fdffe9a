"""Codes as sentences: goals, units of measure, and the reasons of an unmet duty."""

from __future__ import annotations

from rotation_planner.domain.plan import GoalValue, Unmet

GOAL_WORDS: dict[str, str] = {
    "duties": "Duties missed (weight x per mille)",
    "floor": "Missing below budget floors (yuan)",
    "need": "Training need met (points)",
    "cost": "Total spend (yuan)",
    "comfort": "Lateness, unevenness, wishes, changes (points)",
}
"""What each goal measures, with its unit."""

EXCLUSION_WORDS: dict[str, str] = {
    "closed": "outside the horizon, the term or the channels of the institution",
    "session_must_not": "the session must not run",
    "not_serving": "before service begins",
    "retired": "after retirement",
    "level": "for another level",
    "category": "for another category",
    "duties": "for posts with other duties",
    "authority": "run by an authority that does not manage the cadre",
    "leave": "during leave",
    "held": "already held, or an equivalent is",
    "prerequisite": "a prerequisite can never be met",
    "must_not": "ruled out by a commitment",
}
"""Why a session is closed to a cadre, by code."""


LIMIT_WORDS: dict[str, str] = {
    "class_size": "class sizes",
    "beds": "beds",
    "rooms": "rooms, teachers or class staff",
    "one_place": "another session at the time",
    "no_repeat": "a course like it, held or planned",
    "call_ups": "limit of call-ups",
    "unit_release": "release of the unit",
    "team_cover": "cover in the team",
    "prerequisites": "prerequisite not planned before",
    "ceiling": "budget ceiling",
    "commitments": "what is already settled",
}
"""What a limit speaks of, by the kind of its rule; a rule with a name of its own is named."""


def reason_words(unmet: Unmet) -> str:
    """Why a duty is unmet, as one sentence."""
    words = {"no_candidate": EXCLUSION_WORDS, "blocked": LIMIT_WORDS}.get(unmet.reason, {})
    listed = "; ".join(f"{words.get(code, code)} ({count:,})" for code, count in unmet.detail)
    if unmet.reason == "no_candidate":
        return f"No session would serve it: {listed}." if listed else "No session would serve it."
    if unmet.reason == "blocked":
        return f"Every session that would serve it is blocked by: {listed}." if listed else "Blocked by limits."
    if unmet.reason == "outweighed":
        ways = sum(count for _, count in unmet.detail)
        open_ = f"{ways:,} way{'s' if ways > 1 else ''} to serve it {'are' if ways > 1 else 'is'} open" if ways else ""
        return f"{open_ or 'It could be served'}; no better plan was found, or what it would take counts for more."
    return f"Reason not established; seen: {listed}." if listed else "Reason not established within the run."


def gap_words(goal: GoalValue) -> str:
    """What is proven about a goal, briefly: ``proven best``, ``3.20 %``, ``not proven``."""
    if goal.bound is None or goal.gap is None:
        return "not proven"
    if goal.value == goal.bound:
        return "proven best"
    return f"{100 * goal.gap:.2f} %"
