"""Why a duty is unmet: codes and counts, read off the program at the plan's point.

``no_candidate``: no session could serve the duty, or none beside those attended; the cadre's exclusions are counted.
``blocked``: each session that could serve it would break a limit; the limits are counted.
``outweighed``: some session could take the cadre as the plan stands, or something that counts against the duty and is
not settled could be given up; a goal or duty of more weight speaks against it, or the run has not found the way.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rotation_planner.compile.candidates import Candidates
from rotation_planner.domain.plan import ReasonCode, Unmet
from rotation_planner.program import Kind, Program
from rotation_planner.program.program import INF


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
    position = {cadre: i for i, cadre in enumerate(candidates.cadres.ids)}
    attend = program.columns_of("attend")
    serving = _serving(program, attend, [rows.get((u.duty, u.subject)) for u in unmet])
    empty = [columns[x[columns] == 0] for columns in serving]
    blocks = _Blocks(candidates, program, x, attend, np.unique(np.concatenate([np.zeros(0, np.int64), *empty])))
    against = _Against(program, x)
    out = []
    for u, open_ in zip(unmet, empty, strict=True):
        reason: ReasonCode
        freed, settled = against.count(rows.get((u.duty, u.subject)))
        if freed:
            reason, detail = "outweighed", {program.goals[0].name: freed}
        elif settled and not len(open_):
            reason, detail = "blocked", {"commitments": settled}
        elif not len(open_):
            cadre = position.get(u.subject[0])
            counts = {} if cadre is None else {k: int(v[cadre]) for k, v in candidates.excluded.items() if v[cadre]}
            reason, detail = "no_candidate", counts
        else:
            detail, free = blocks.count(open_)
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


def _serving(program: Program, attend: np.ndarray, rows: list[int | None]) -> list[np.ndarray]:
    """Attendances that serve each duty: with a positive coefficient in its row, or through helpers of the cadre."""
    matrix, by_column = program.matrix, program.matrix.tocsc()
    is_attend = np.zeros(program.n_columns, bool)
    is_attend[attend] = True
    is_helper = ~is_attend & (program.owner >= 0)
    link = np.array([f.kind is Kind.LINK for f in program.families], bool)[program.row_family]

    def raising(column: int) -> np.ndarray:
        """Columns that let a helper grow, in the rows that define it."""
        part = slice(by_column.indptr[column], by_column.indptr[column + 1])
        found = [np.zeros(0, np.int64)]
        for row, coef in zip(by_column.indices[part].tolist(), by_column.data[part].tolist(), strict=True):
            if link[row] and (program.high[row] < INF if coef > 0 else program.low[row] > -INF):
                entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
                found.append(matrix.indices[entries][matrix.data[entries] * coef < 0])
        return np.concatenate(found)

    out = []
    for row in rows:
        part = slice(0, 0) if row is None else slice(matrix.indptr[row], matrix.indptr[row + 1])
        seen = set(matrix.indices[part][matrix.data[part] > 0].tolist())
        helpers = [k for k in seen if is_helper[k]]
        while helpers:
            fresh = set(raising(helpers.pop()).tolist()) - seen
            seen |= fresh
            helpers += [k for k in fresh if is_helper[k]]
        out.append(np.array(sorted(k for k in seen if is_attend[k]), np.int64))
    return out


class _Against:
    """What counts against a duty at the plan's point: attendances and classes with a negative coefficient in its row.

    In a row without attendances (of an institution), classes that could be opened for it are counted with them.
    """

    def __init__(self, program: Program, x: np.ndarray) -> None:
        self._matrix, self._x = program.matrix, x
        self._upper = program.upper
        self._attend, self._classes = (np.zeros(program.n_columns, bool) for _ in range(2))
        self._attend[program.columns_of("attend")] = True
        self._classes[program.columns_of("classes")] = True
        limit = np.array([f.kind is Kind.LIMIT for f in program.families], bool)[program.row_family]
        alone = np.flatnonzero(limit & (np.diff(program.matrix.indptr) == 1) & (program.low > 0))
        column = program.matrix.indices[program.matrix.indptr[alone]]
        self._settled = np.zeros(program.n_columns, bool)
        self._settled[column[program.low[alone] >= x[column]]] = True

    def count(self, row: int | None) -> tuple[int, int]:
        """How much could change for the duty, and how much cannot because it is settled."""
        if row is None:
            return 0, 0
        part = slice(self._matrix.indptr[row], self._matrix.indptr[row + 1])
        columns, coefs = self._matrix.indices[part], self._matrix.data[part]
        counts = self._attend[columns] | self._classes[columns]
        down = columns[counts & (coefs < 0) & (self._x[columns] > 0)]
        settled = int(self._settled[down].sum())
        up = 0
        if not self._attend[columns].any():
            up = int((self._classes[columns] & (coefs > 0) & (self._x[columns] < self._upper[columns])).sum())
        return len(down) - settled + up, settled


class _Blocks:
    """Which limits speak against each of some attendances, taken alone at the plan's point.

    All at once: one column of coefficients per attendance, with that of its session's headcount added.
    """

    def __init__(
        self, candidates: Candidates, program: Program, x: np.ndarray, attend: np.ndarray, columns: np.ndarray
    ) -> None:
        self._columns = columns
        session = candidates.session[np.searchsorted(attend, columns)]
        by_column = program.matrix.tocsc()
        step = (by_column[:, columns] + by_column[:, program.columns_of("headcount")[session]]).tocoo()
        activity = (program.matrix @ x)[step.row]
        after = activity + step.data
        high, low = program.high[step.row], program.low[step.row]
        limit = np.array([f.kind is Kind.LIMIT for f in program.families])[program.row_family[step.row]]
        broken = limit & ((after > high) & (activity <= high) | (after < low))
        shut = np.flatnonzero(program.upper[columns] < 1)
        names = [f.name for f in program.families]
        self._names = sorted({*names, "commitments"})
        number = np.array([self._names.index(n) for n in names])
        self._against = np.zeros((len(columns), len(self._names)), bool)
        self._against[step.col[broken], number[program.row_family[step.row[broken]]]] = True
        self._against[shut, self._names.index("commitments")] = True

    def count(self, columns: np.ndarray) -> tuple[dict[str, int], int]:
        """How many of some attendances each limit speaks against, and against how many nothing does."""
        against = self._against[np.searchsorted(self._columns, columns)]
        counts = against.sum(axis=0)
        return {n: int(c) for n, c in zip(self._names, counts, strict=True) if c}, int((~against.any(axis=1)).sum())
