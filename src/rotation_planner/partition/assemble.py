"""The plan of the whole body, from the points of its blocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rotation_planner.domain.plan import Attendance, Opened, Plan, Provenance, Study
from rotation_planner.domain.table import Table
from rotation_planner.partition.tasks import Spot
from rotation_planner.slices.block import Block


def attended(stored: Block | Path, spot: Spot) -> tuple[np.ndarray, np.ndarray, list[tuple[int, str, str, int]]]:
    """Cadre and session of each attendance of a block, and its study: cadre, rule, window, hours.

    Cadres are given by their place in the whole.
    """
    block = Block.read(stored) if isinstance(stored, Path) else stored
    x = spot.point(block.n)
    chosen = np.flatnonzero(x[block.attend] > 0)
    some = np.flatnonzero(x[block.study] > 0)
    names = block.studies.tolist()
    study = [
        (int(c), *names[k], int(h))
        for c, k, h in zip(block.study_cadre[some], block.study_of[some], x[block.study[some]], strict=True)
    ]
    return block.cadre[chosen], block.session[chosen], study


def whole_plan(
    cadres: list[str], sessions: list[str], classes: np.ndarray,
    found: list[tuple[np.ndarray, np.ndarray, list[tuple[int, str, str, int]]]], provenance: Provenance,
) -> Plan:
    """Put the plan together. Trainees are spread evenly over parallel classes, in the order of the cadres.

    Parameters
    ----------
    classes : int64 array, one per session
        Parallel classes.
    found : list
        What ``attended`` says of each block.
    """
    none = np.zeros(0, np.int64)
    cadre = np.concatenate([none, *(c for c, _, _ in found)])
    session = np.concatenate([none, *(s for _, s, _ in found)])
    order = np.lexsort((session, cadre))
    cadre, session = cadre[order], session[order]
    heads = np.bincount(session, minlength=len(classes))
    by_session = np.argsort(session, kind="stable")
    place = np.empty(len(cadre), np.int64)
    place[by_session] = np.arange(len(cadre)) - (np.cumsum(heads) - heads)[session[by_session]]
    class_no = place * np.maximum(classes[session], 1) // np.maximum(heads[session], 1) + 1
    ids, names = np.array(cadres, object), np.array(sessions, object)
    running = np.flatnonzero(classes > 0)
    rows = sorted((row for _, _, study in found for row in study), key=lambda r: (r[1], r[2], r[0]))
    return Plan(
        attendances=Table(Attendance, {"cadre": ids[cadre], "session": names[session], "class_no": class_no}),
        opened=Table(Opened, {"session": names[running], "classes": classes[running]}),
        study=Table.of(
            Study, (Study(cadre=cadres[c], rule=rule, window=window, hours=hours) for c, rule, window, hours in rows)
        ),
        provenance=provenance,
    )
