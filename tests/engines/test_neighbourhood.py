"""Neighbourhoods: what prices say is lost is looked at; a session that nobody of a slice can attend is no help."""

from __future__ import annotations

import numpy as np
import pytest

from rotation_planner.engines import neighbourhood
from rotation_planner.engines.guidance import Losses
from rotation_planner.engines.options import Budget, Options
from rotation_planner.engines.search import Owned, Search
from rotation_planner.program import Builder, Kind
from tests.engines.test_improve import search


def test_a_session_for_nobody_here_is_no_help(monkeypatch: pytest.MonkeyPatch) -> None:
    one = search()
    one.offered = Owned(np.full(one.program.n_columns, -1), len(one.classes))
    monkeypatch.setattr(neighbourhood, "_helping", lambda *_: 0)
    found = neighbourhood.gather(one, 0, 20)
    assert len(found.cadres) > 0
    assert np.isin(found.cadres, one.program.owner[one.attend]).all()


def losing(one: Search, monkeypatch: pytest.MonkeyPatch, column: int = -1, row: int = -1) -> None:
    """Prices by which one column or row alone loses."""
    p = one.program
    reduced, price = np.zeros(p.n_columns), np.zeros(p.n_rows)
    side = one.activity.copy()
    if column >= 0:
        reduced[column] = 5.0
    if row >= 0:
        price[row], side[row] = 2.0, one.activity[row] - 3
    losses = Losses(reduced, price, side, p.lower, p.upper)
    assert bool(len(losses.places(one.x, one.activity)[0])) == (column >= 0 or row >= 0)
    monkeypatch.setattr(one, "losing", lambda _: losses.places(one.x, one.activity))


def busy(preset: str = "district", cadres: int = 60) -> Search:
    """A search from a plan."""
    one = search(preset, cadres)
    one.budget.time_limit = 600
    from rotation_planner.engines.construct import construct

    x = construct(one.program, one.x, np.inf)
    assert one.settled(x, one.program.matrix @ x, "improve")
    return one


def test_a_column_that_loses_brings_its_cadre_and_all_at_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    one = busy()
    column = int(one.attend[one.x[one.attend] > 0][7])
    losing(one, monkeypatch, column=column)
    session, cadre = one.session_of[column], one.program.owner[column]
    there = one.offered.columns(np.array([session]))
    others = one.program.owner[there[one.x[there] > 0]]
    assert len(others) > 1
    found = neighbourhood.priced(one, 1, len(one.program.hint_group))
    assert cadre in found.cadres
    assert np.isin(others, found.cadres).all()
    assert found.window is not None
    assert found.window[session]
    assert one.tries_of_column[column] == 1


def test_a_row_that_loses_brings_people_of_running_sessions_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = busy()
    p = one.program
    names = np.array([f.name for f in p.families])[p.row_family]
    spent = [r for r in np.flatnonzero(names == "floor") if one.activity[r]]
    losing(one, monkeypatch, row=int(spent[0]))
    found = neighbourhood.priced(one, 1, 1)
    assert one.tries_of_row[spent[0]] == 1
    behind = neighbourhood._behind(one, p.matrix[[spent[0]]].indices)
    sessions = neighbourhood._sessions_at(one, behind[one.x[behind] > 0])
    assert len(sessions) > 0
    attending = neighbourhood._attending(one, sessions)
    assert len(found.cadres) > 0
    assert np.isin(found.cadres, attending).all()


def test_without_losses_anybody_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    one = busy()
    assert len(neighbourhood.priced(one, 1, 9).cadres) == 9
    losing(one, monkeypatch)
    assert len(neighbourhood.priced(one, 1, 9).cadres) == 9


def test_the_column_that_opens_a_session_is_read_off_the_rows() -> None:
    one = busy("county", 80)
    p = one.program
    names = np.array([f.name for f in p.families])
    opens = one.opening >= 0
    assert opens.any()
    assert (names[p.column_family[one.opening[opens]]] == "open").all()
    assert len(set(one.opening[opens].tolist())) == opens.sum() == len(p.columns_of("open"))
    running = one.x[one.classes] > 0
    assert np.array_equal(one.x[one.opening[opens]], running[opens].astype(int))


def test_sessions_that_cost_much_for_few_people_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """All their people together; those of a session too large for the part are not torn apart."""
    one = busy()
    heads = one.x[one.heads]
    running = np.flatnonzero((one.x[one.classes] > 0) & (heads > 0))
    few, most = running[np.argsort(heads[running])[[0, -1]]]
    assert heads[few] < heads[most]
    for session, size, found in ((few, int(heads[few]), True), (most, int(heads[most]) // 2 - 1, False)):
        cost = np.zeros_like(one.goals[3])
        cost[one.classes[session]] = 1000
        monkeypatch.setattr(one, "goals", [*one.goals[:3], cost, *one.goals[4:]])
        monkeypatch.setattr(neighbourhood, "gather", lambda *_: neighbourhood.Neighbourhood(np.array([-1]), heads))
        there = neighbourhood.thin(one, 3, size).cadres
        assert there.tolist() == (neighbourhood._attending(one, np.array([session])).tolist() if found else [-1])


def test_opening_costs_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    one = busy("county", 80)
    open_ = np.flatnonzero((one.opening >= 0) & (one.x[one.classes] > 0) & (one.x[one.heads] > 0))
    cost = np.zeros_like(one.goals[3])
    cost[one.opening[open_[0]]] = 1000
    monkeypatch.setattr(one, "goals", [*one.goals[:3], cost, *one.goals[4:]])
    found = neighbourhood.thin(one, 3, len(one.program.hint_group))
    assert np.isin(found.cadres, neighbourhood._attending(one, open_[:1])).all()
    assert open_[0] in found.sessions


def crowded() -> Search:
    """Cadre 2 misses a duty at session 0, whose seat cadre 0 has; cadre 1 is elsewhere, and a helper counts all."""
    b = Builder()
    session = np.array([0, 1, 0])
    attend = b.add_columns("attend", 0, 1, lambda i: (str(i),), owner=np.arange(3))
    classes = b.add_columns("classes", 0, 1, lambda i: (str(i),), size=2)
    heads = b.add_columns("headcount", 0, 3, lambda i: (str(i),), size=2)
    missed = b.add_columns("duty.missed", 0, 1, lambda _: ("2",), owner=2, size=1)
    peak = b.add_columns("comfort.peak", 0, 3, lambda _: ("all",), size=1)
    each = np.arange(2)
    b.add_rows("headcount", Kind.LINK, 2, [(session, attend, 1), (each, heads, -1)], lambda i: (str(i),), 0, 0)
    b.add_rows("class_size", Kind.LIMIT, 2, [(each, heads, 1), (each, classes, -1)], lambda i: (str(i),), high=0)
    b.add_rows("duty", Kind.DUTY, 1, [(0, attend[2], 1), (0, missed, 1)], lambda _: ("2",), low=1)
    b.add_rows("comfort", Kind.LINK, 1, [(0, attend, 1), (0, peak, -1)], lambda _: ("all",), high=0)
    b.add_goal("duties", missed, 1000)
    b.add_goal("comfort", peak, 1)
    program = b.build(("duties", "floor", "need", "cost", "comfort"), np.zeros(3, np.int32), np.array([0, 400]))
    x = np.zeros(program.n_columns, np.int64)
    x[np.concatenate([attend[:2], classes, heads, missed])] = 1
    x[peak] = 2
    assert program.feasible(x)
    return Search(program, x, Options(seed=1, workers=1), Budget(60), lambda *_: None)


@pytest.mark.parametrize("kind", [neighbourhood.in_the_way, neighbourhood.gather])
def test_helpers_are_not_in_the_way(kind: neighbourhood.Pick) -> None:
    """A helper that counts everybody would make anybody look as if they were."""
    one = crowded()
    assert kind(one, 0, 3).cadres.tolist() == [0, 2]


def test_who_holds_a_seat_and_what_people_have_of_their_own() -> None:
    one = crowded()
    names = [one.program.families[f].name for f in one.program.row_family]
    people, running = neighbourhood._holders(one, np.array([names.index("class_size")]))
    assert (people.tolist(), running.tolist()) == ([], [0])
    people, running = neighbourhood._holders(one, np.array([names.index("comfort")]))
    assert (people.tolist(), running.tolist()) == ([0, 1], [])  # not all who attend with them
