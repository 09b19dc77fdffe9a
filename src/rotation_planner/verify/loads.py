"""How much is taken on each day, from stretches of days, without a number per day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate, repeat

from rotation_planner.verify.findings import Findings, iso

Changes = dict[int, int]
"""Day to change of the load from that day on."""

Piece = tuple[int, int, int, int]
"""First day, last day, amount, and a second number for the message."""


def add(changes: Changes, first: int, last: int, amount: int) -> None:
    """Load the days from first to last (none if last is before first)."""
    if last >= first:
        changes[first] = changes.get(first, 0) + amount
        changes[last + 1] = changes.get(last + 1, 0) - amount


def segments(
    *profiles: Mapping[int, int], cuts: Iterable[int] = ()
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Stretches of days on which no load changes: first day, last day, load of each profile.

    Stretches without any load are left out. ``cuts`` are days on which a new stretch begins in any case.
    """
    points = sorted(set(cuts).union(*profiles))
    loads = zip(
        *(accumulate(map(profile.get, points, repeat(0))) if profile else repeat(0) for profile in profiles),
        strict=False,
    )
    for day, after, load in zip(points, points[1:], loads, strict=False):  # nothing is left after the last point
        if any(load):
            yield day, after - 1, load


def merged(pieces: Iterable[Piece], working: Callable[[int], bool] | None = None) -> Iterator[Piece]:
    """Join pieces of the same amount with no day (no working day) between them.

    With ``working`` the pieces are first cut down to their first and last working day; pieces without one vanish.
    """
    kept: Piece | None = None
    for first, last, amount, of in pieces:
        if working is not None:
            while first <= last and not working(first):
                first += 1
            while last >= first and not working(last):
                last -= 1
            if first > last:
                continue
        if kept is not None and kept[2:] == (amount, of):
            gap = range(kept[1] + 1, first)
            if not (len(gap) if working is None else len(gap) > 60 or any(map(working, gap))):
                kept = (kept[0], last, amount, of)
                continue
        if kept is not None:
            yield kept
        kept = (first, last, amount, of)
    if kept is not None:
        yield kept


def report_excess(
    findings: Findings,
    rule: str,
    place: tuple[str, ...],
    spans: Iterable[tuple[int, int, int, int, int]],
    unit: str,
    message: Callable[[int, int], str],
    working: Callable[[int], bool] | None = None,
) -> None:
    """Note where a load exceeds its limit.

    Parameters
    ----------
    spans : iterable of (first day, last day, load, limit, settled load)
        In order of days.
    message : callable
        (amount over, limit) to words; place and dates are added.
    """
    beyond: list[Piece] = []
    inherited: list[Piece] = []
    for first, last, load, limit, settled in spans:
        if load > max(limit, settled):
            beyond.append((first, last, load - max(limit, settled), limit))
        if min(load, settled) > limit:
            inherited.append((first, last, min(load, settled) - limit, limit))
    for pieces, note in ((beyond, findings.violate), (inherited, findings.inherit)):
        for first, last, amount, limit in merged(pieces, working):
            words = f"{' '.join(place)}, {iso(first)} to {iso(last)}: {message(amount, limit)}"
            note(rule, (*place, iso(first), iso(last)), amount, unit, words)
