"""How good the best plan was, and when: the values of the goals over the time of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

GOALS = ("duties", "floor", "need", "cost", "comfort")
"""In order; ``need`` is the one to be high."""
STEP = 1.02
"""Points nearer in time than by this factor are told as one: a value may seem 2 % later than it was, no more."""

Values = tuple[int, ...]
Point = tuple[float, Values]


def values_of(goals: Mapping[str, int]) -> Values:
    """Values in the order of ``GOALS``; a goal that the policy does not have is 0."""
    return tuple(goals.get(goal, 0) for goal in GOALS)


def rank(values: Sequence[int]) -> Values:
    """Smaller is better, goal by goal."""
    return tuple(-v if goal == "need" else v for goal, v in zip(GOALS, values, strict=True))


def improving(points: Iterable[Point]) -> list[Point]:
    """Points in order of time, each better than all before it, the last of those that lie close together."""
    kept: list[Point] = []
    start = 0.0
    for seconds, values in sorted(points):
        if kept and rank(values) >= rank(kept[-1][1]):
            continue
        if kept and seconds < start * STEP:
            kept[-1] = seconds, values
        else:
            kept.append((seconds, values))
            start = seconds
    return kept


def text_of(points: Iterable[Point]) -> str:
    """Points as ``seconds:value,value,...`` with spaces between."""
    return " ".join(f"{seconds:.2f}:{','.join(map(str, values))}" for seconds, values in improving(points))


def points_of(text: str) -> list[Point]:
    """Points of such a text."""
    parts = (part.split(":") for part in text.split())
    return [(float(seconds), tuple(int(v) for v in values.split(","))) for seconds, values in parts]


def best_at(points: Iterable[Point], seconds: float) -> Values | None:
    """Values of the best plan known at a time; None if there was none."""
    known = [values for at, values in points if at <= seconds]
    return min(known, key=rank) if known else None


def reached_at(points: Iterable[Point], values: Values) -> float | None:
    """Seconds after which a plan was at least as good; None if never."""
    return min((at for at, found in points if rank(found) <= rank(values)), default=None)
