"""Useful attendances: those that serve a duty or a need that is open at the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from rotation_planner.verify.dues import Due
from rotation_planner.verify.facts import Attended, Facts


class Useful:
    """Counts them. It is told of the dues rule by rule, so that those of all rules need not be kept until the end."""

    def __init__(self, facts: Facts) -> None:
        self._by_session = facts.by_session
        self._idle: dict[str, list[Attended]] = {}
        """Cadre to the attendances that serve nothing known so far."""
        for cadre, attended in facts.by_cadre.items():
            needs, gaps = facts.needs.get(cadre, ()), facts.gaps.get(cadre, ())
            self._idle[cadre] = attended if not (needs or gaps) else [
                a for a in attended if not any(c in needs or c in gaps for c in a.run.course.competencies)
            ]

    def tell(self, rule: Any, serves: Callable[[Any, Due, Any], bool], dues: Iterable[Due]) -> None:
        """Look which attendances serve what is owed and still open."""
        for due in dues:
            idle = self._idle.get(due.person.id)
            if idle and due.open:
                self._idle[due.person.id] = [a for a in idle if not serves(rule, due, a.run)]

    def by_session(self) -> dict[str, int]:
        """Session to its number of useful attendances."""
        idle = Counter(a.run.id for attended in self._idle.values() for a in attended)
        return {session: len(roster) - idle[session] for session, roster in self._by_session.items()}
