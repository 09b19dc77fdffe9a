"""What a rule file provides, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.program import Builder, Kind


@dataclass
class Model:
    """A program under construction, with the columns that every rule shares.

    Attributes
    ----------
    attend : int array, one per candidate
        Columns 0/1: the cadre attends the session.
    classes : int array, one per session
        Parallel classes, 0 to the session's maximum.
    open : int array, one per session
        0/1, 1 if the session runs (the ``classes`` column itself where at most one class is possible).
    headcount : int array, one per session
        Number attending (linked to ``attend``).
    useful : bool array, one per candidate
        Set by duties and the need goal: at the start of the horizon the cadre has an open duty or need that the
        course serves.
    """

    candidates: Candidates
    builder: Builder
    attend: np.ndarray
    classes: np.ndarray
    open: np.ndarray
    headcount: np.ndarray
    useful: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))


class RuleModule(Protocol):
    """A rule file is a module with these names (docstring with *In words* and *In formulas*)."""

    PARAMETERS: type[Any]
    KIND: Kind
    MISSION: tuple[str, ...]
    LAST: bool
    """Whether it reads ``Model.useful`` and so is written after the duties."""

    @staticmethod
    def rows(rule: Any, model: Model) -> None:
        """Add the rule's columns, rows and goal terms."""
