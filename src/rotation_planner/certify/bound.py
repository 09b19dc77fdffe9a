"""The bound that prices prove, in exact integers; ``docs/proof.md`` explains the argument.

In formulas (a goal to be minimised; for one to be maximised everything is done to its negative)
    y[r] / D: price of row r;  z[e] / D >= 0: price of earlier goal e, of which a plan may have at most v[e]
    reduced[j] = D * c[j] + sum over e of z[e] * g[e, j] - sum over r of y[r] * a[r, j]
    D * goal >= sum over r of y[r] * (low[r] if y[r] > 0 else high[r]) - sum over e of z[e] * v[e]
                + sum over j of min(reduced[j] * lower[j], reduced[j] * upper[j])
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from rotation_planner.program.exact import dot, reduced
from rotation_planner.program.implied import implied_bounds
from rotation_planner.program.prices import Prices
from rotation_planner.program.program import INF, Program


def proved_bound(program: Program, goal: int, caps: tuple[int, ...], prices: Prices) -> int:
    """What no point of a program can be better than in a goal.

    Parameters
    ----------
    program : Program
        With its goals.
    goal : int
        Position of the goal.
    caps : tuple of int
        A value for each earlier goal; only points that are at least as good in all of them are spoken of.
    prices : Prices
        Any prices: bad ones prove little, but never anything false.

    Returns
    -------
    int
        A least value of a goal that is minimised, a greatest one of a goal that is maximised.

    Raises
    ------
    ValueError
        If the prices do not fit the program, use a side that does not exist, or if no point can keep the caps.
    """
    _refuse_misfits(program, goal, caps, prices)
    y = np.zeros(program.n_rows, np.int64)
    y[prices.rows] = prices.values
    lower, upper = implied_bounds(program, caps)
    row = program.goals[goal]
    extra = [(_least_sense(program, goal), prices.denominator)]
    total = of_sides(prices.values, program.low[prices.rows], program.high[prices.rows])
    for e, (price, cap) in enumerate(zip(prices.caps.tolist(), caps, strict=True)):
        extra.append((_least_sense(program, e), price))
        total -= price * (-cap if program.goals[e].maximise else cap)
    total += of_columns(program.matrix, y, extra, lower, upper)
    # Columns are whole, so the goal is a multiple of what divides all its coefficients.
    return in_sense(total, prices.denominator, int(np.gcd.reduce(row.coefs)), row.maximise)


def of_sides(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> int:
    """Sum of each price times the side that it uses."""
    return dot(values, np.where(values > 0, low, high))


def of_columns(
    matrix: sparse.csr_array, y: np.ndarray, extra: list[tuple[np.ndarray, int]], lower: np.ndarray, upper: np.ndarray
) -> int:
    """Least sum of the columns at what the prices leave of their costs; ``y`` has a price for every row."""
    values, large = reduced(matrix, y, extra)
    total = dot(values, np.where(values > 0, lower, upper))
    return total + sum(min(r * int(lower[j]), r * int(upper[j])) for j, r in large.items())


def in_sense(total: int, denominator: int, step: int, maximise: bool) -> int:
    """The bound in the goal's own sense; ``step`` divides all coefficients of the goal, and so the goal itself."""
    least = -(-total // (denominator * max(1, step))) * max(1, step)
    return -least if maximise else least


def _least_sense(program: Program, goal: int) -> np.ndarray:
    """Coefficients of a goal, to be minimised."""
    row = program.goals[goal]
    dense = row.dense(program.n_columns)
    return -dense if row.maximise else dense


def _refuse_misfits(program: Program, goal: int, caps: tuple[int, ...], prices: Prices) -> None:
    name = program.goals[goal].name
    refuse_caps(name, goal, caps, prices)
    refuse_rows(name, prices.rows, prices.values, program.low, program.high)


def refuse_caps(name: str, goal: int, caps: tuple[int, ...], prices: Prices) -> None:
    """Refuse prices that do not fit the earlier goals.

    Raises
    ------
    ValueError
        With what is wrong.
    """
    if len(caps) != goal or prices.caps.shape != (goal,):
        raise ValueError(f"goal {name}: {goal} goals come before it, {len(caps)} caps and {prices.caps.size} prices")
    if prices.caps.dtype != np.int64:
        raise ValueError(f"goal {name}: prices are rows of 64-bit integers, not {prices.caps.dtype}")
    if prices.denominator < 1:
        raise ValueError(f"goal {name}: denominator {prices.denominator}")
    if (prices.caps < 0).any():
        raise ValueError(f"goal {name}: a negative price on an earlier goal")


def refuse_rows(name: str, rows: np.ndarray, values: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Refuse prices on rows or sides that do not exist; the same errors."""
    for array in (rows, values):
        if array.dtype != np.int64 or array.ndim != 1:
            raise ValueError(f"goal {name}: prices are rows of 64-bit integers, not {array.dtype} {array.shape}")
    if len(rows) != len(values):
        raise ValueError(f"goal {name}: {len(rows):,} priced rows, but {len(values):,} prices")
    if (np.diff(rows) <= 0).any() or not _within(rows, len(low)):
        raise ValueError(f"goal {name}: priced rows do not ascend within 0 to {len(low) - 1:,}")
    absent = ((values > 0) & (low[rows] <= -INF)) | ((values < 0) & (high[rows] >= INF))
    if absent.any():
        first = int(rows[absent.argmax()])
        raise ValueError(
            f"goal {name}: {int(absent.sum()):,} prices on a side that does not exist, the first on row {first:,}"
        )


def _within(rows: np.ndarray, n: int) -> bool:
    return len(rows) == 0 or (int(rows[0]) >= 0 and int(rows[-1]) < n)
