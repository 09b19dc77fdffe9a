"""Hours in each year, with what is over carried into the next.

In words
    Every selected cadre who serves long enough reaches the hours due in each calendar year of the horizon. What is
    over, carried hours included, counts in the next year, up to a cap; what is missing is not carried. The opening
    balance is carried into the first year, up to the cap too. Passed records count on their day, sessions on their
    last. In a year in which nothing is due all hours are over. A year that ends after the horizon is not yet due.

In formulas
    1000 * (sum of hours[s] * attend[c, s] + carried[c, y]) + due[c, y] * short[c, y]  >=  1000 * gap[c, y]
    sum of hours[s] * attend[c, s] + carried[c, y] - carried[c, y+1]  >=  gap[c, y] * over[c, y]
    carried[c, y+1]  <=  cap_hours * over[c, y];  over[c, y] in {0, 1};  gap[c, y] = due[c, y] - records[c, y]
        for every such cadre c and year y, over sessions s that end in it; over = 1 where nothing can be missing
    short[c, y] in 0..1000 (per mille of what is due);  goal `duties`: weight * (key_factor for key posts) * short[c, y]

The rows allow every carried[c, y+1] from 0 to min(cap, max(0, carried + got - due)) and no more: with over = 0 only 0;
with over = 1 only where nothing is missing. More carried is never worse, so the best value is the true one. Without
``over`` a shortfall could be bought in one year to carry more into the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rotation_planner.domain.policy import CarryOver
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.service import weights
from rotation_planner.rules.which import chosen
from rotation_planner.rules.windows import YEAR_MONTHS, calendar_year, owed, same_for_all, whole_years

PARAMETERS = CarryOver
KIND = Kind.DUTY
MISSION = ("M2", "M16")
LAST = False


@dataclass(frozen=True)
class Year:
    """What cadres owe in one year, and what they may carry into it.

    Attributes
    ----------
    due, gap : int arrays, one per cadre
        Hours due, and hours due less those on record (negative: more on record).
    low, high : int arrays, one per cadre
        Least (by history alone) and most that can be carried into the year.
    candidate, cadre, hours : int arrays
        Candidates of sessions that end in the year.
    """

    name: str
    due: np.ndarray
    gap: np.ndarray
    low: np.ndarray
    high: np.ndarray
    candidate: np.ndarray
    cadre: np.ndarray
    hours: np.ndarray

    def gathered(self, taken: np.ndarray | int = 1) -> np.ndarray:
        """Hours of each cadre from all candidates, or from those taken (0/1 each)."""
        return np.bincount(self.cadre, weights=self.hours * taken, minlength=len(self.due)).astype(np.int64)

    def left(self, carried: np.ndarray, taken: np.ndarray | int, cap: int) -> np.ndarray:
        """Hours carried into the next year."""
        over: np.ndarray = np.clip(carried + self.gathered(taken) - self.gap, 0, cap)
        return over


def rows(rule: CarryOver, model: Model) -> None:
    """Add columns and rows of every year, each tied to the year before."""
    years = _years(rule, model)
    _mark_useful(rule, model, years)
    needed = np.zeros(len(model.candidates.cadres.ids), bool)
    wanted = []  # whether what is carried into a year can ever fill a gap
    for year in reversed(years):
        needed = needed | _open(year)
        wanted.append(needed & (year.high > year.low))
    wanted.reverse()
    carried = [
        _columns(rule, model, year, "carried", some, year.low, year.high)
        for year, some in zip(years, wanted, strict=True)
    ]
    shorts = [_add_duty(rule, model, year, columns) for year, columns in zip(years, carried, strict=True)]
    overs = [_add_carry(rule, model, *of) for of in zip(years, years[1:], carried, carried[1:], strict=False)]
    overs.append(np.full(len(needed), -1))

    def complete(x: np.ndarray) -> None:
        balance = years[0].low if years else np.zeros(0, np.int64)
        for year, columns, short, over in zip(years, carried, shorts, overs, strict=False):
            some = columns >= 0
            x[columns[some]] = balance[some]
            taken = x[model.attend[year.candidate]]
            missing = year.gap - balance - year.gathered(taken)
            owing = short >= 0
            x[short[owing]] = -(-1000 * np.maximum(0, missing[owing]) // year.due[owing])
            some = over >= 0
            x[over[some]] = missing[some] <= 0
            balance = year.left(balance, taken, rule.cap_hours)

    model.completions.append(complete)


def _open(year: Year) -> np.ndarray:
    """Who has a gap in a year that history does not fill."""
    return (year.due > 0) & (year.gap > year.low)


def _years(rule: CarryOver, model: Model) -> list[Year]:
    """Every calendar year that ends in the horizon."""
    candidates, sessions, records = model.candidates, model.candidates.sessions, model.records
    which, n = chosen(model, rule.which), len(model.candidates.cadres.ids)
    hours = model.of_session(lambda c: c.hours).astype(np.int64) * which[sessions.course]
    credited = records.hours * which[records.course]
    chosen_ = model.selected(rule.who)
    some = np.flatnonzero((hours[candidates.session] > 0) & chosen_[candidates.cadre])
    end = sessions.end[candidates.session[some]]
    opening = candidates.scenario["cadres"].column("opening_hours").astype(np.int64)
    low = high = np.minimum(rule.cap_hours, opening)
    found = []
    for number in whole_years(candidates.scenario):
        first, last = calendar_year(number)
        due = owed(rule, rule.hours, model, same_for_all(model, first, last, YEAR_MONTHS))
        inside = (records.day >= first) & (records.day <= last)
        passed = np.bincount(records.cadre[inside], weights=credited[inside], minlength=n).astype(np.int64)
        mine = some[(end >= first) & (end <= last)]
        year = Year(
            str(number), due, due - passed, low, high, mine, candidates.cadre[mine], hours[candidates.session[mine]]
        )
        low, high = year.left(low, 0, rule.cap_hours), year.left(high, 1, rule.cap_hours)
        found.append(year)
    return found


def _mark_useful(rule: CarryOver, model: Model, years: list[Year]) -> None:
    """Candidates of an open year, or of one before it where hours are carried."""
    later = np.zeros(len(model.candidates.cadres.ids), bool)
    for year in reversed(years):
        later = _open(year) | (later & (rule.cap_hours > 0))
        model.useful[year.candidate[later[year.cadre]]] = True


def _columns(
    rule: CarryOver, model: Model, year: Year, name: str, some: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray:
    """Add a column for some cadres; one entry per cadre, -1 where there is none."""
    ids, owner = model.candidates.cadres.ids, np.flatnonzero(some)
    columns = np.full(len(some), -1)
    columns[owner] = model.builder.add_columns(
        f"{rule.label}.{name}", lower[owner], upper[owner], lambda i: (ids[owner[i]], year.name), owner=owner,
        size=len(owner),
    )
    return columns


def _add_duty(rule: CarryOver, model: Model, year: Year, carried: np.ndarray) -> np.ndarray:
    """Add shortfalls of a year, and the rows of those who can do something about it."""
    ids, owes, due = model.candidates.cadres.ids, _open(year), np.maximum(1, year.due)
    least = np.maximum(0, year.gap - year.high - year.gathered())
    short = _columns(
        rule, model, year, "short", owes, -(-1000 * least // due), -(-1000 * (year.gap - year.low) // due)
    )
    model.builder.add_goal("duties", short[owes], weights(rule, model)[owes])
    rest = np.where(carried >= 0, year.gap, year.gap - year.low)
    some = owes & ((carried >= 0) | (year.gathered() > 0))
    owner, row = np.flatnonzero(some), np.cumsum(some) - 1
    mine, tied = some[year.cadre], some & (carried >= 0)
    hours = np.minimum(year.hours, rest[year.cadre])[mine]
    model.builder.add_rows(
        rule.label, KIND, len(owner),
        [
            (row[year.cadre[mine]], model.attend[year.candidate[mine]], 1000 * hours),
            (row[tied], carried[tied], 1000),
            (row[owner], short[owner], due[owner]),
        ],
        lambda i: (ids[owner[i]], year.name), low=1000 * rest[owner],
    )
    return short


def _add_carry(
    rule: CarryOver, model: Model, year: Year, following: Year, carried: np.ndarray, into: np.ndarray
) -> np.ndarray:
    """Tie what is carried into the following year to this one; returns the columns ``over``, one entry per cadre."""
    ids, some = model.candidates.cadres.ids, into >= 0
    needs_over = some & (year.gap > year.low)
    none = np.zeros(len(some), np.int64)
    over = _columns(rule, model, year, "over", needs_over, none, none + 1)
    fixed = np.where(carried >= 0, 0, year.low)
    owner, row = np.flatnonzero(some), np.cumsum(some) - 1
    mine, tied = some[year.cadre], some & (carried >= 0)
    # More than fills the gap and the most that can be carried makes no difference.
    most = np.maximum(year.gap, 0) + following.high
    hours = np.minimum(year.hours, most[year.cadre])[mine]
    gap = year.gap - fixed
    model.builder.add_rows(
        f"{rule.label}.carried", Kind.LINK, len(owner),
        [
            (row[year.cadre[mine]], model.attend[year.candidate[mine]], hours),
            (row[tied], carried[tied], 1), (row[owner], into[owner], -1),
            (row[needs_over], over[needs_over], -gap[needs_over]),
        ],
        lambda i: (ids[owner[i]], following.name), low=np.where(needs_over, 0, gap)[owner],
    )
    pair, place = np.flatnonzero(needs_over), np.cumsum(needs_over) - 1
    model.builder.add_rows(
        f"{rule.label}.over", Kind.LINK, len(pair),
        [(place[pair], into[pair], 1), (place[pair], over[pair], -following.high[pair])],
        lambda i: (ids[pair[i]], following.name), high=0,
    )
    return over
