"""The register as arrays: what the cadres have passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rotation_planner.compile.candidates import Candidates

EPOCH = 719_163
"""Ordinal of 1970-01-01, from which NumPy counts days."""


@dataclass(frozen=True)
class Records:
    """Passed records, arrays of equal length.

    Attributes
    ----------
    cadre, course : int arrays
        Indices into the cadres and courses.
    day : int array
        Day of completion (ordinal).
    hours : int array
        Hours credited.
    """

    cadre: np.ndarray
    course: np.ndarray
    day: np.ndarray
    hours: np.ndarray

    def holds(self, n_cadres: int, n_courses: int) -> np.ndarray:
        """Bool [cadre, course]: the cadre has passed the course, whenever."""
        held = np.zeros((n_cadres, n_courses), bool)
        held[self.cadre, self.course] = True
        return held


def positions(ids: list[str], wanted: np.ndarray) -> np.ndarray:
    """Index of each wanted id among ``ids``, -1 where it is none of them."""
    return pd.Index(ids, dtype=object).get_indexer(pd.Index(wanted, dtype=object))


def positions_of_numbers(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Index of each wanted number among distinct keys, -1 where it is none of them."""
    order = np.argsort(keys, kind="stable")
    at = np.searchsorted(keys[order], wanted)
    at[at == len(keys)] = 0
    if not len(keys):
        return np.full(len(wanted), -1)
    return np.where(keys[order[at]] == wanted, order[at], -1)


def ordinals(days: np.ndarray) -> np.ndarray:
    """Ordinals of an array of dates."""
    return days.astype("datetime64[D]").astype(np.int64) + EPOCH


def read_records(candidates: Candidates) -> Records:
    """The passed records of the scenario."""
    table = candidates.scenario["records"]
    passed = table.column("result") == "passed"
    return Records(
        cadre=positions(candidates.cadres.ids, table.column("cadre")[passed]),
        course=positions([c.id for c in candidates.courses], table.column("course")[passed]),
        day=ordinals(table.column("date")[passed]),
        hours=table.column("hours")[passed].astype(np.int64),
    )
