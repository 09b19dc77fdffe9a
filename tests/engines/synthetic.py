"""Programs of the planner's shape without any rule: people, sessions, classes, seats, yearly duties."""

from __future__ import annotations

import numpy as np

from rotation_planner.program import Builder, Kind, Program


def program(
    n: int, sessions: int, per_cadre: int, seed: int = 0, years: int = 5, tight: float = 1.0
) -> tuple[Program, np.ndarray]:
    """A program and its empty point. ``tight`` scales the number of classes that could run."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 6, n)
    year = np.sort(rng.integers(0, years, sessions))
    audience = rng.integers(0, 6, (sessions, 2))
    fits = (audience[:, :, None] == group[None, None, :]).any(1).T
    cadre, session = np.nonzero(fits & (rng.random((n, sessions)) < min(1, per_cadre / (sessions / 3))))
    b = Builder()
    attend = b.add_columns("attend", 0, 1, lambda i: (f"c{cadre[i]}", f"s{session[i]}"), owner=cadre)
    seats = max(2, n // 40)
    limit = np.full(sessions, 1)
    classes = b.add_columns("classes", 0, limit, lambda i: (f"s{i}",))
    head = b.add_columns("headcount", 0, n, lambda i: (f"s{i}",), size=sessions)
    s = np.arange(sessions)

    def at_session(i: int) -> tuple[str, ...]:
        return (f"s{i}",)

    def at_cadre_year(i: int) -> tuple[str, ...]:
        return (f"c{i // years}", str(i % years))

    b.add_rows("headcount", Kind.LINK, sessions, [(session, attend, 1), (s, head, -1)], at_session, 0, 0)
    b.add_rows("class_size", Kind.LIMIT, sessions, [(s, head, 1), (s, classes, -seats)], at_session, high=0)
    b.add_rows("class_size", Kind.LIMIT, sessions, [(s, head, 1), (s, classes, -(seats // 2))], at_session, low=0)
    key = cadre * years + year[session]
    short = b.add_columns("hours.short", 0, 1000, at_cadre_year, owner=np.repeat(np.arange(n), years))
    hours = rng.integers(10, 40, sessions)
    b.add_rows("hours", Kind.DUTY, n * years,
               [(key, attend, 1000 * hours[session]), (np.arange(n * years), short, 20)],
               at_cadre_year, low=20_000)
    b.add_rows("call_ups", Kind.LIMIT, n * years, [(key, attend, 1)], at_cadre_year, high=2)
    ceiling = max(1, int(tight * sessions / years * 0.6))
    b.add_rows("ceiling", Kind.LIMIT, years, [(year, classes, 1)], lambda i: (str(i),), high=ceiling)
    b.add_goal("duties", short, 1)
    b.add_goal("need", attend, rng.integers(0, 5, len(attend)), maximise=True)
    price = np.concatenate([np.full(sessions, 500), rng.integers(1, 9, len(attend))])
    b.add_goal("cost", np.concatenate([classes, attend]), price)
    p = b.build(("duties", "floor", "need", "cost", "comfort"), group.astype(np.int32), year)
    x = np.zeros(p.n_columns, np.int64)
    x[short] = 1000
    return p, x
