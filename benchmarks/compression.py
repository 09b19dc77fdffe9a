"""How many cadres are truly equal: cadres per group of those with the same data but for their names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table

BY_CADRE = ("events", "leave", "holdings", "needs", "records", "commitments")
"""Tables of which a row says something of one cadre."""
UNREAD = {"id", "name", "birth_date", "source"}
"""Columns of these tables that no rule of the generated policies reads; ``source`` counts in needs."""


def compression(scenario: Scenario) -> float:
    """Cadres per group of equal ones: 1 where everybody differs.

    Two cadres are equal if they hold the same post and kinds of work, entered on the same day, have the same opening
    hours, the same rows in every table of people in whatever order, and belong to the same teams.
    """
    cadres = scenario["cadres"]
    ids = pd.Index(cadres.column("id"))
    mark = _hash(cadres, UNREAD)
    for salt, name in enumerate(BY_CADRE, 1):
        table = scenario[name]
        who = np.asarray(ids.get_indexer(table.column("cadre")))
        _add(mark, who, _hash(table, {"cadre"} | (UNREAD - {"source"} if name == "needs" else UNREAD)), salt)
    for number, team in enumerate(scenario["teams"].tolist("members")):
        who = np.asarray(ids.get_indexer(pd.Index(team)))
        _add(mark, who, np.full(len(who), number, np.uint64), len(BY_CADRE) + 1)
    return len(mark) / len(np.unique(mark)) if len(mark) else 1.0


def _hash(table: Table, unread: set[str]) -> np.ndarray:  # type: ignore[type-arg]
    """One number per row."""
    found = np.zeros(len(table), np.uint64)
    for name in table.fields:
        if name in unread:
            continue
        column = table.column(name)
        if column.dtype.hasobject:
            column = np.fromiter((str(x) for x in column), dtype=object, count=len(column))
        values = pd.util.hash_array(column.view(np.int64) if column.dtype.kind == "M" else column)
        found = _mixed(found * np.uint64(31) + values)
    return found


def _add(mark: np.ndarray, who: np.ndarray, values: np.ndarray, salt: int) -> None:
    """Add what rows say to those they are about; the order of rows does not matter."""
    about = who >= 0
    np.add.at(mark, who[about], _mixed(values[about] + np.uint64(salt)))


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread numbers over 64 bits (the last steps of SplitMix64; overflow is meant)."""
    x = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = x ^ (x >> np.uint64(31))
    return mixed
