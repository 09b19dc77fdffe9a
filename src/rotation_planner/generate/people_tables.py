"""The tables of people, by column: posts, cadres, events, leave, competencies held, needs, records."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np

from rotation_planner.domain.people import Cadre, Event, Holding, Leave, Need, Post, Record
from rotation_planner.domain.table import Table
from rotation_planner.generate.body import Body
from rotation_planner.generate.careers import NEVER, Careers
from rotation_planner.generate.catalogue import COMPETENCIES
from rotation_planner.generate.columns import dates, objects, table_of
from rotation_planner.generate.history import History
from rotation_planner.generate.workdays import ZERO


@dataclass
class Names:
    """Ids by number. ``order`` lists the people as their ids sort."""

    cadre: np.ndarray
    order: np.ndarray
    unit: list[str]
    course: np.ndarray
    competency: np.ndarray


@dataclass
class Posts:
    """Posts in the order in which somebody first holds them: one per unit, level, kind of work, duty, importance."""

    body: Body
    careers: Careers
    names: Names
    rng: np.random.Generator
    _number: dict[int, int] = field(default_factory=dict)
    _rows: list[Post] = field(default_factory=list)
    _ids: list[str] = field(default_factory=list)

    def of(self, people: np.ndarray, phase: int) -> np.ndarray:
        """Ids of the posts that people hold in a phase of their careers."""
        body, careers = self.body, self.careers
        code = careers.unit[phase][people].astype(np.int64)
        for size, column in (
            (len(body.levels), careers.level[phase]),
            (len(body.categories), body.category),
            (len(body.duties), body.duty),
            (2, careers.key[phase] != 0),
        ):
            code = code * size + column[people]
        codes = code.tolist()
        for c in codes:
            if c not in self._number:
                self._number[c] = len(self._rows)
                self._rows.append(self._draw(c))
                self._ids.append(self._rows[-1].id)
        ids = objects(self._ids, len(self._ids))
        found: np.ndarray = ids[np.fromiter((self._number[c] for c in codes), np.int64, len(codes))]
        return found

    def _draw(self, code: int) -> Post:
        body = self.body
        code, important = divmod(code, 2)
        code, duty = divmod(code, len(body.duties))
        code, category = divmod(code, len(body.categories))
        unit, level = divmod(code, len(body.levels))
        draws = self.rng.choice(COMPETENCIES, 3, replace=False)
        return Post(
            id=f"T{len(self._rows) + 1:05d}",
            title="",
            unit=self.names.unit[unit],
            level=body.levels[level].id,
            categories=(body.categories[category],),
            duties=(body.duties[duty],),
            requires={str(self.names.competency[int(k)]): int(self.rng.integers(1, 6)) for k in draws},
            key=bool(important),
        )

    def table(self) -> Table[Post]:
        """Every post asked for so far."""
        return Table.of(Post, self._rows)


def cadre_table(body: Body, careers: Careers, history: History, names: Names, posts: Posts) -> Table[Cadre]:
    """Everybody, in order of ids; posts are drawn in order of numbers."""
    n, order = len(body), names.order
    held = posts.of(np.arange(n), 0)
    came = careers.entered > -NEVER
    entered = np.where(came, dates(np.where(came, careers.entered, 0)), np.datetime64("NaT"))
    return table_of(
        Cadre,
        n,
        id=names.cadre[order],
        birth_date=dates(body.birth - ZERO)[order],
        post=held[order],
        categories=objects(careers.extras, n)[order],
        entered=entered[order],
        opening_hours=history.opening[order],
    )


def people_tables(
    careers: Careers, history: History, names: Names, posts: Posts, course_hours: np.ndarray, seed: int
) -> dict[str, Table[Any]]:
    """What happened to people, what they hold, need and did, in order of their ids."""
    return {
        "events": _events(careers, names, posts),
        "leave": _leave(careers, names),
        "holdings": _holdings(history, names),
        "needs": _needs(history, names),
        "records": _records(history, names, course_hours, f"generated, seed {seed}"),
    }


def _events(careers: Careers, names: Names, posts: Posts) -> Table[Event]:
    """Of each person the entry, the change of post and the retirement, as far as there are any."""
    order = names.order
    changed = np.fromiter((k is not None for k in careers.change_kind), bool, len(order))
    groups = [order[careers.entered[order] > -NEVER], order[changed[order]], order[careers.retired[order] < NEVER]]
    sizes = [len(g) for g in groups]
    who = np.concatenate(groups)
    none = [objects([None] * size, size) for size in sizes]
    kinds = ["entry"] * sizes[0] + [careers.change_kind[int(p)] for p in groups[1]] + ["retirement"] * sizes[2]
    days = np.concatenate([careers.entered[groups[0]], careers.change[groups[1]], careers.retired[groups[2]]])
    post = np.concatenate([none[0], posts.of(groups[1], 1), none[2]])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    sort = np.argsort(rank[who], kind="stable")  # of one person, the groups' order stays
    return table_of(
        Event,
        len(who),
        cadre=names.cadre[who[sort]],
        kind=objects(kinds, len(kinds))[sort],
        date=dates(days[sort]),
        post=post[sort],
    )


def _flat(per_person: list[list[Any]], order: np.ndarray) -> tuple[np.ndarray, list[Any]]:
    """Whose each entry is, and the entries, person after person."""
    size = np.fromiter((len(per_person[int(p)]) for p in order), np.int64, len(order))
    return np.repeat(order, size), list(chain.from_iterable(per_person[int(p)] for p in order))


def _whole(entries: list[Any], place: int) -> np.ndarray:
    return np.fromiter((e[place] for e in entries), np.int64, len(entries))


def _leave(careers: Careers, names: Names) -> Table[Leave]:
    who, found = _flat(careers.leave, names.order)
    return table_of(
        Leave,
        len(who),
        cadre=names.cadre[who],
        start=dates(_whole(found, 0)),
        end=dates(_whole(found, 1)),
        reason=objects((e[2] for e in found), len(found)),
    )


def _holdings(history: History, names: Names) -> Table[Holding]:
    who, found = _flat(history.holdings, names.order)
    return table_of(
        Holding,
        len(who),
        cadre=names.cadre[who],
        competency=names.competency[_whole(found, 0)],
        mastery=_whole(found, 1),
    )


def _needs(history: History, names: Names) -> Table[Need]:
    who, found = _flat(history.needs, names.order)
    return table_of(
        Need,
        len(who),
        cadre=names.cadre[who],
        competency=names.competency[_whole(found, 0)],
        source=objects((e[1] for e in found), len(found)),
        weight=_whole(found, 2),
    )


def _records(history: History, names: Names, course_hours: np.ndarray, source: str) -> Table[Record]:
    who, found = _flat(history.records, names.order)
    course = _whole(found, 0)
    return table_of(
        Record,
        len(who),
        cadre=names.cadre[who],
        course=names.course[course],
        date=dates(_whole(found, 1)),
        hours=course_hours[course],
        result=objects((e[2] for e in found), len(found)),
        source=objects([source] * len(found), len(found)),
    )
