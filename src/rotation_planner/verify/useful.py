"""Useful attendances: those that serve a duty or a need that is open at the start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rotation_planner.verify.dues import Due
from rotation_planner.verify.facts import Attended, Facts

Owed = tuple[Any, Callable[[Any, Due, Any], bool], list[Due]]
"""A duty, what serves it, and who owes it."""


def useful_by_session(facts: Facts, owed: Iterable[Owed]) -> dict[str, int]:
    """Session to its number of useful attendances."""
    open_dues: dict[str, list[tuple[Any, Callable[[Any, Due, Any], bool], Due]]] = defaultdict(list)
    for rule, serves, dues in owed:
        for due in dues:
            if due.open:
                open_dues[due.person.id].append((rule, serves, due))

    def is_useful(a: Attended) -> bool:
        needs, gaps = facts.needs.get(a.person.id, {}), facts.gaps.get(a.person.id, {})
        if any(competency in needs or competency in gaps for competency in a.run.course.competencies):
            return True
        return any(serves(rule, due, a.run) for rule, serves, due in open_dues.get(a.person.id, ()))

    return {session: sum(map(is_useful, attended)) for session, attended in facts.by_session.items()}
