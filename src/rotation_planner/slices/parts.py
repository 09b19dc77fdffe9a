"""Sub-scenarios: a block's cadres with all that is known of them, and every session, institution and fund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.program.distinct import distinct
from rotation_planner.rules.records import positions

OF_CADRE = ("events", "leave", "holdings", "needs", "records", "stand_ins", "commitments", "approvals")
"""Tables whose rows are about one cadre; where the cadre is left empty they are about everybody."""


class Parts:
    """The parts of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The whole.
    block : int64 array, one per cadre
        Block of each cadre.
    """

    def __init__(self, scenario: Scenario, block: np.ndarray) -> None:
        self.scenario = scenario
        self.n = int(block.max(initial=-1)) + 1
        ids = scenario["cadres"].tolist("id")
        self._rows = {"cadres": _Split(block, self.n)}
        for name in OF_CADRE:
            cadre = scenario[name].column("cadre")
            at = positions(ids, cadre)
            self._rows[name] = _Split(np.where(at < 0, -1, block[at] if len(ids) else at), self.n)
        first = positions(ids, np.array([members[0] for members in scenario["teams"].tolist("members")], object))
        self._rows["teams"] = _Split(block[first] if len(first) else first, self.n)
        posts = scenario["posts"].tolist("id")
        self._ids, self._block = ids, block
        self._posts = positions(posts, scenario["cadres"].column("post"))
        self._event_posts = positions(posts, scenario["events"].column("post"))

    def cadres(self, block: int) -> np.ndarray:
        """Cadres of a block, by their place in the whole."""
        return self._rows["cadres"].of(block)

    def blocks_of(self, cadres: Sequence[str] | np.ndarray) -> np.ndarray:
        """Block of each cadre; -1 for who is none."""
        at = positions(self._ids, np.array(cadres, object))
        found: np.ndarray = np.where(at < 0, -1, self._block[at])
        return found

    def part(self, block: int) -> Scenario:
        """The sub-scenario of a block; of nobody for -1."""
        tables = {name: self.scenario[name].take(rows.of(block)) for name, rows in self._rows.items()}
        used = np.concatenate([self._posts[self.cadres(block)], self._event_posts[self._rows["events"].of(block)]])
        tables["posts"] = self.scenario["posts"].take(distinct(used[used >= 0]))
        return self.scenario.with_tables(**tables)

    def plans(self, plan: Plan) -> list[Plan]:
        """What a plan says of the cadres of each block, with every session that runs."""
        split = {
            name: _Split(self.blocks_of(table.column("cadre")), self.n)
            for name, table in (("attendances", plan.attendances), ("study", plan.study))
        }
        return [
            replace(
                plan, attendances=plan.attendances.take(split["attendances"].own(b)),
                study=plan.study.take(split["study"].own(b)),
            )
            for b in range(self.n)
        ]


class _Split:
    """Rows of a table by block; rows of -1 belong to every block."""

    def __init__(self, block: np.ndarray, n: int) -> None:
        self._order = np.argsort(block, kind="stable")
        self._first = np.searchsorted(block[self._order], np.arange(-1, n + 1))

    def of(self, block: int) -> np.ndarray:
        """Rows of a block in the order of the table."""
        common = self._order[: self._first[1]]
        rows: np.ndarray = np.sort(np.concatenate([common, self.own(block) if block >= 0 else common[:0]]))
        return rows

    def own(self, block: int) -> np.ndarray:
        """Rows of a block alone, in the order of the table."""
        rows: np.ndarray = self._order[self._first[block + 1] : self._first[block + 2]]
        return rows
