"""Tiny programs with every point of theirs, and any prices for them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import strategies as st

from rotation_planner.certify import Prices
from rotation_planner.program import Builder, Kind, Program
from rotation_planner.program.program import INF

FREE = int(INF)
"""A side that does not exist, as long as its sign is right."""
NAMES = ("first", "second", "third")


def where(i: int) -> tuple[str, ...]:
    return (str(i),)


def program(
    lower: Any, upper: Any, rows: list[tuple[Any, int, int]], goals: list[tuple[Any, bool]]
) -> Program:
    """Columns with bounds, rows (coefficients, low, high) and goals (coefficients, maximise)."""
    b = Builder()
    columns = b.add_columns("x", np.array(lower), np.array(upper), where)
    matrix = np.array([c for c, _, _ in rows]).reshape(len(rows), len(columns))
    entries = [(np.arange(len(rows)), np.full(len(rows), j), matrix[:, j]) for j in range(len(columns))]
    b.add_rows(
        "r", Kind.LIMIT, len(rows), entries, where, np.array([low for _, low, _ in rows], np.int64),
        np.array([high for _, _, high in rows], np.int64),
    )
    for name, (coefs, maximise) in zip(NAMES, goals, strict=False):
        b.add_goal(name, columns, coefs, maximise=maximise)
    return b.build(NAMES[: len(goals)], np.zeros(1, np.int32), np.zeros(0, np.int64))


def points(p: Program) -> list[np.ndarray]:
    """Every feasible point."""
    boxes = [range(low, high + 1) for low, high in zip(p.lower.tolist(), p.upper.tolist(), strict=True)]
    return [x for x in map(np.array, itertools.product(*boxes)) if p.feasible(x)]


def best(p: Program, goal: int, caps: tuple[int, ...]) -> int | None:
    """True optimum of a goal among the points that keep the caps."""
    def keeps(x: np.ndarray) -> bool:
        return all(
            g.value(x) >= v if g.maximise else g.value(x) <= v for g, v in zip(p.goals, caps, strict=False)
        )

    values = [p.goals[goal].value(x) for x in points(p) if keeps(x)]
    if not values:
        return None
    return max(values) if p.goals[goal].maximise else min(values)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """One to four columns, up to three rows, three goals."""
    n = draw(st.integers(1, 4))
    numbers = st.lists(st.integers(-4, 4), min_size=n, max_size=n)
    lower = draw(st.lists(st.integers(-2, 1), min_size=n, max_size=n))
    width = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    rows = []
    for coefs in draw(st.lists(numbers, max_size=3)):
        low, high = sorted(draw(st.tuples(st.integers(-9, 9), st.integers(-9, 9))))
        side = draw(st.sampled_from(["both", "low", "high"]))
        # A row without entries must hold by itself.
        empty = not any(coefs)
        low, high = (min(low, 0), max(high, 0)) if empty else (low, high)
        rows.append((coefs, -int(INF) if side == "high" else low, int(INF) if side == "low" else high))
    goals = [(draw(numbers), draw(st.booleans())) for _ in NAMES]
    return program(lower, [a + w for a, w in zip(lower, width, strict=True)], rows, goals)


@st.composite
def prices(draw: st.DrawFn, p: Program, goal: int, largest: int = 30) -> Prices:
    """Any prices on sides that exist."""
    numbers = st.integers(-largest, largest)
    values = np.array(draw(st.lists(numbers, min_size=p.n_rows, max_size=p.n_rows)), np.int64)
    values[(values > 0) & (p.low <= -INF)] = 0
    values[(values < 0) & (p.high >= INF)] = 0
    rows = np.flatnonzero(values)
    caps = draw(st.lists(st.integers(0, largest), min_size=goal, max_size=goal))
    return Prices(rows, values[rows], np.array(caps, np.int64), draw(st.integers(1, 7)))
