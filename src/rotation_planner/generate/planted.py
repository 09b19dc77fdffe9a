"""The planted plan as tables, by column."""

from __future__ import annotations

import numpy as np

from rotation_planner.domain.plan import Attendance, Opened, Plan, Study
from rotation_planner.generate.columns import objects, table_of
from rotation_planner.generate.packing import Packed
from rotation_planner.generate.planting import Planter
from rotation_planner.generate.workdays import START


def planted_plan(
    planter: Planter, packed: Packed, cadre: np.ndarray, order: np.ndarray, session: np.ndarray, sessions: np.ndarray
) -> Plan:
    """The plan under the ids of the scenario.

    Parameters
    ----------
    planter, packed : Planter, Packed
        Who was placed where, and the classes of what runs.
    cadre, session : array of str
        Ids by number.
    order, sessions : array of int
        Numbers of people and of sessions as their ids sort.
    """
    rank, place = _inverse(order), _inverse(sessions)
    runs = np.array(sorted(packed.classes, key=lambda s: int(place[s])), dtype=np.int64)
    classes = np.array([packed.classes[int(s)] for s in runs], dtype=np.int64)
    members = [np.array(sorted(planter.people[int(s)]), dtype=np.int64) for s in runs]
    who = np.concatenate([*members, np.empty(0, np.int64)])
    size = np.array([len(m) for m in members], dtype=np.int64)
    class_no = np.concatenate(
        [*(np.arange(len(m)) % k + 1 for m, k in zip(members, classes, strict=True)), np.empty(0, np.int64)]
    )
    # sessions are in order already, so a stable sort by person gives (person, session)
    sort = np.argsort(rank[who], kind="stable")
    attendances = table_of(
        Attendance,
        len(who),
        cadre=cadre[who[sort]],
        session=session[np.repeat(runs, size)[sort]],
        class_no=class_no[sort],
    )
    opened = table_of(Opened, len(runs), session=session[runs], classes=classes)
    study = _study(planter, order)
    people = np.array([p for p, _, _, _ in study], dtype=np.int64)
    return Plan(
        attendances=attendances,
        opened=opened,
        study=table_of(
            Study,
            len(study),
            cadre=cadre[people],
            rule=objects((rule for _, rule, _, _ in study), len(study)),
            window=objects((window for _, _, window, _ in study), len(study)),
            hours=np.array([hours for _, _, _, hours in study], dtype=np.int64),
        ),
    )


def _inverse(order: np.ndarray) -> np.ndarray:
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _study(planter: Planter, order: np.ndarray) -> list[tuple[int, str, str, int]]:
    """Person, rule, window and hours of what supplements must add to the sessions."""
    found = []
    for p in order.tolist():
        windows = planter.duties.windows(p)
        if not windows:
            continue
        rule = "hours_five_years" if planter.duties.senior(p) else "hours_year"
        got: dict[str, int] = {}
        for s in planter.placed[p]:
            for window in ("horizon", str(START.year + planter.year[s])):
                got[window] = got.get(window, 0) + planter.hours[s]
        for window, due, cap, opening in windows:
            hours = min(cap, max(0, due - got.get(window, 0) - opening))
            if hours:
                found.append((p, rule, window, hours))
    return found
