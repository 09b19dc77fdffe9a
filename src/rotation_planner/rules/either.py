"""An amount owed in a window in one measure or in another, whichever is nearer.

In formulas
    1000 * sum of one[s] * attend[c, s]   + due_one[c] * short[c]   + 1000 * rest_one[c] * by_other[c]  >=
        1000 * rest_one[c]
    1000 * sum of other[s] * attend[c, s] + due_other[c] * short[c]  >=  1000 * rest_other[c] * by_other[c]
    by_other[c] in {0, 1};  short[c] in 0..1000 (per mille of what is due)
        over sessions s that end in the window;  rest: what is due less records
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import Total
from rotation_planner.rules.amounts import Counts, Owed, gather, on_record, owed_columns, owed_rows
from rotation_planner.rules.base import Model
from rotation_planner.rules.service import weights
from rotation_planner.rules.windows import Span


def add_either(
    rule: Total, model: Model, span: Span, due: tuple[np.ndarray, np.ndarray], counts: tuple[Counts, Counts]
) -> None:
    """Add shortfalls, the choice between two measures, and the rows of both.

    Parameters
    ----------
    due, counts : pairs
        Units due (0: nothing), and what sessions and records count, in each of the two measures.
    """
    met = np.zeros(len(span.first), bool)
    for units, of in zip(due, counts, strict=True):
        met |= units <= on_record(model, span, of)
    one, other = (_gather(model, span, np.where(met, 0, units), of) for units, of in zip(due, counts, strict=True))
    n, all_ = len(one.owner), np.ones(len(one.owner), bool)

    def missing(x: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Per mille missing in each measure, with the attendances of a point, or with all of them."""
        first, second = (
            o.missing(np.maximum(0, o.rest - o.sums(o.full, None if x is None else x[model.attend[o.full[1]]])))
            for o in (one, other)
        )
        return first, second

    short = owed_columns(
        rule, model, one, "short", all_, np.minimum(*missing()),
        np.minimum(one.missing(one.rest), other.missing(other.rest)),
    )
    by_other = owed_columns(rule, model, one, "by_other", all_, np.zeros(n, np.int64), np.ones(n, np.int64))
    model.builder.add_goal("duties", short, weights(rule, model)[one.owner])
    place, candidate, amount = one.full
    owed_rows(rule, model, one, rule.label, all_, [
        (place, model.attend[candidate], 1000 * np.minimum(amount, one.rest[place])),
        (all_, short, one.due),
        (all_, by_other, 1000 * one.rest),
    ], low=1000 * one.rest)
    place, candidate, amount = other.full
    owed_rows(rule, model, other, f"{rule.label}.other", all_, [
        (place, model.attend[candidate], 1000 * np.minimum(amount, other.rest[place])),
        (all_, short, other.due),
        (all_, by_other, -1000 * other.rest),
    ], low=np.zeros(n, np.int64))

    def complete(x: np.ndarray) -> None:
        first, second = missing(x)
        x[short], x[by_other] = np.minimum(first, second), second < first

    model.completions.append(complete)


def _gather(model: Model, span: Span, due: np.ndarray, counts: Counts) -> Owed:
    return gather(model, span, due, 0 * due, 0 * due, counts, (0 * counts[0], 0 * counts[1]))
