"""Why a duty is unmet: codes and counts, read off the program at the plan's point.

``no_candidate``: no session could serve the duty at all; the cadre's exclusions are counted by reason.
``blocked``: each session that could serve it would break a limit; the limits are counted.
``outweighed``: some session could take the cadre as the plan stands, but a goal or duty of more weight speaks against.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.domain.plan import ReasonCode, Unmet
from rotation_planner.program import Kind, Program


def explain(candidates: Candidates, program: Program, x: np.ndarray, unmet: tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    """Give every unmet duty its reason.

    Parameters
    ----------
    candidates, program
        What was compiled and solved.
    x : int64 array
        The plan's point.
    unmet : tuple of Unmet
        As the verifier found them.
    """
    if not unmet:
        return ()
    rows = _duty_rows(program, {(u.duty, u.subject) for u in unmet})
    activity = program.matrix @ x
    position = {cadre: i for i, cadre in enumerate(candidates.cadres.ids)}
    attend = program.columns_of("attend")
    out = []
    for u in unmet:
        serving = _serving(program, rows.get((u.duty, u.subject)), attend)
        reason: ReasonCode
        if not len(serving):
            cadre = position.get(u.subject[0])
            counts = {} if cadre is None else {k: int(v[cadre]) for k, v in candidates.excluded.items() if v[cadre]}
            reason, detail = "no_candidate", counts
        else:
            detail, free = _blocking(candidates, program, x, activity, attend, serving[x[serving] == 0])
            reason = "outweighed" if free else "blocked"
            if free:
                detail = {program.goals[0].name: free}
        ranked = tuple(sorted(detail.items(), key=lambda item: (-item[1], item[0])))
        out.append(replace(u, reason=reason, detail=ranked))
    return tuple(out)


def _duty_rows(program: Program, wanted: set[tuple[str, tuple[str, ...]]]) -> dict[tuple[str, tuple[str, ...]], int]:
    duty = [i for i, f in enumerate(program.families) if f.kind is Kind.DUTY]
    found = {}
    for row in np.flatnonzero(np.isin(program.row_family, duty)).tolist():
        label = program.row_label(row)
        if label in wanted:
            found[label] = row
    return found


def _serving(program: Program, row: int | None, attend: np.ndarray) -> np.ndarray:
    if row is None:
        return np.zeros(0, np.int64)
    part = program.matrix[[row]].tocoo()
    columns = part.col[(part.data > 0) & np.isin(part.col, attend)]
    return np.sort(columns)


def _blocking(
    candidates: Candidates,
    program: Program,
    x: np.ndarray,
    activity: np.ndarray,
    attend: np.ndarray,
    columns: np.ndarray,
) -> tuple[dict[str, int], int]:
    """Count the limits that speak against each attendance taken alone, and the attendances nothing speaks against."""
    counts: Counter[str] = Counter()
    free = 0
    headcount = program.columns_of("headcount")
    candidate_of = np.searchsorted(attend, columns)
    for column, candidate in zip(columns.tolist(), candidate_of.tolist(), strict=True):
        step = np.zeros(len(x), np.int64)
        step[column] = 1
        step[headcount[candidates.session[candidate]]] = 1
        after = activity + program.matrix @ step
        broken = np.flatnonzero((after > program.high) & (activity <= program.high) | (after < program.low))
        names = {
            program.families[program.row_family[r]].name
            for r in broken.tolist()
            if program.families[program.row_family[r]].kind is Kind.LIMIT
        }
        if program.upper[column] < 1:
            names.add("commitments")
        counts.update(names)
        free += not names
    return dict(counts), free
