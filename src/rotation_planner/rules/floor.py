"""Budget floors.

In words
    What counts as spent from a fund reaches its floor: the one given, or that of the same authority and earmark the
    year before times the revenue index, rounded up to the yuan. A session's spend counts only if its useful
    attendances (by cadres with an open duty or need that its course serves) fill its classes to their minimum.

In formulas
    sum of counted[s] over sessions s charged to f + short[f]  >=  floor[f],  0 <= short[f] <= floor[f]    (yuan)
    counted[s] <= spend[s];  counted[s] <= largest spend[s] * met[s];  met[s] in {0, 1}
    met[s] = 1 only if sum of attend[c, s] over useful (c, s) >= min_size[s] * classes[s]
    goal `floor`: sum of short[f]
"""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.policy import BudgetFloor
from rotation_planner.domain.scenario import Scenario
from rotation_planner.program import Kind
from rotation_planner.rules.base import Model
from rotation_planner.rules.spend import Spend, charged, spend_terms

PARAMETERS = BudgetFloor
KIND = Kind.DUTY
MISSION = ("M19",)
LAST = True


def rows(rule: BudgetFloor, model: Model) -> None:
    """Add a shortfall and a row per fund with a floor, and what sessions count toward it."""
    amount = floors(model.candidates.scenario)
    funds = [f for f in model.candidates.scenario["funds"] if amount.get(f.id, 0) > 0]
    if not funds:
        return
    of_fund = [charged(model, fund) for fund in funds]
    counted = _counted(rule, model, np.unique(np.concatenate(of_fund)))
    high = np.array([amount[f.id] for f in funds], np.int64)
    n = len(funds)
    short = model.builder.add_columns(f"{rule.label}.short", 0, high, lambda i: (funds[i].id,), size=n)
    model.builder.add_goal("floor", short, 1)
    parts = [counted.of(sessions) for sessions in of_fund]
    row = np.repeat(np.arange(n), [len(p[1]) for p in parts])
    column, yuan = (np.concatenate([p[i] for p in parts]) for i in (1, 2))
    model.builder.add_rows(
        rule.label, KIND, n, [(np.arange(n), short, 1), (row, column, yuan)], lambda i: (funds[i].id,), low=high
    )

    def complete(x: np.ndarray) -> None:
        reached = np.zeros(n, np.int64)
        np.add.at(reached, row, yuan * x[column])
        x[short] = np.maximum(0, high - reached)

    model.completions.append(complete)


def floors(scenario: Scenario) -> dict[str, int]:
    """Fund to its floor in yuan, where it has one."""
    found: dict[str, int] = {}
    lines: dict[tuple[str, frozenset[str], int], int] = {}
    for fund in sorted(scenario["funds"], key=lambda f: f.year):
        line, floor = frozenset(fund.earmark), fund.floor_yuan
        if floor is None and fund.index_per_mille is not None:
            before = lines.get((fund.authority, line, fund.year - 1))
            floor = None if before is None else -(-before * fund.index_per_mille // 1000)
        if floor is not None:
            found[fund.id] = floor
            lines.setdefault((fund.authority, line, fund.year), floor)
    return found


def _counted(rule: BudgetFloor, model: Model, some: np.ndarray) -> Spend:
    """What counts toward floors of some sessions: their spend where it always counts, else a column of their own."""
    candidates, sessions = model.candidates, model.candidates.sessions
    n = len(sessions.ids)
    useful = model.over_all("useful", np.bincount(candidates.session[model.useful], minlength=n))
    # Class sizes alone fill classes with useful attendances, unless a commitment keeps a class below its minimum.
    filled = (useful == model.offered) & ~sessions.must_run & (model.committed == 0) & ("class_size" in model.by_kind)
    always = (sessions.min_size == 0) | filled
    spend = spend_terms(model)
    _, column, yuan = spend.of(some[always[some]])
    session = np.repeat(some[always[some]], _entries(spend, some[always[some]]))
    asks = some[~always[some] & (useful[some] >= sessions.min_size[some])]
    largest = _largest(model)  # a figure of all: asked for in every part, whatever its own sessions ask
    own = _add_counted(rule, model, spend, asks, largest[asks]) if len(asks) else asks
    session = np.concatenate([session, asks])
    order = np.argsort(session, kind="stable")
    return Spend(
        session[order], np.concatenate([column, own])[order],
        np.concatenate([yuan, np.ones(len(asks), np.int64)])[order],
    )


def _entries(spend: Spend, sessions: np.ndarray) -> np.ndarray:
    """Number of entries of each session."""
    return np.searchsorted(spend.session, sessions, side="right") - np.searchsorted(spend.session, sessions)


def _add_counted(
    rule: BudgetFloor, model: Model, spend: Spend, asks: np.ndarray, largest: np.ndarray
) -> np.ndarray:
    """Add ``counted`` and ``met`` of sessions whose spend may or may not count; ``largest`` is the most it may be."""
    candidates, sessions, builder = model.candidates, model.candidates.sessions, model.builder
    n, at = len(asks), np.arange(len(asks))
    place, column, yuan = spend.of(asks)

    def where(i: int) -> tuple[str, ...]:
        return (sessions.ids[asks[i % n]],)

    counted = builder.add_columns(f"{rule.label}.counted", 0, largest, where, size=n)
    met = builder.add_columns(f"{rule.label}.met", 0, 1, where, size=n)
    builder.add_rows(
        f"{rule.label}.counted", Kind.LINK, 2 * n,
        [(at, counted, 1), (place, column, -yuan), (at + n, counted, 1), (at + n, met, -largest)], where, high=0,
    )
    position = np.full(len(sessions.ids), -1)
    position[asks] = at
    helps = np.flatnonzero(model.useful & (position[candidates.session] >= 0))
    row, attend = position[candidates.session[helps]], model.attend[helps]
    least, classes = sessions.min_size[asks].astype(np.int64), model.classes[asks]
    several = sessions.max_classes[asks] > 1
    slack = np.where(several, least * sessions.max_classes[asks], least)
    builder.add_rows(
        f"{rule.label}.met", Kind.LINK, n,
        [(row, attend, 1), (at, met, -slack), (at[several], classes[several], -least[several])], where,
        low=np.where(several, -slack, 0),
    )

    def complete(x: np.ndarray) -> None:
        reached = np.bincount(row, weights=x[attend], minlength=n)
        x[met] = reached >= np.where(several, least * x[classes], least)
        amount = np.zeros(n, np.int64)
        np.add.at(amount, place, yuan * x[column])
        x[counted] = np.minimum(largest, amount) * x[met]

    model.completions.append(complete)
    return counted


def _largest(model: Model) -> np.ndarray:
    """Most that each session can cost."""
    candidates, sessions = model.candidates, model.candidates.sessions
    n = len(sessions.ids)
    dearest = np.zeros(n, np.int64)
    np.maximum.at(dearest, candidates.session, candidates.cost_yuan)
    dearest = model.over_all("dearest", dearest, "max")
    heads = model.offered
    if "class_size" in model.by_kind:
        heads = np.minimum(heads, np.maximum(model.committed, sessions.max_size * sessions.max_classes))
    most: np.ndarray = sessions.max_classes * sessions.cost_class_yuan + sessions.cost_session_yuan + heads * dearest
    return most
