"""What is proven of the goals of a body in blocks, and the prices that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rotation_planner.certify import Certificate, Prices, Statement
from rotation_planner.certify.blocks import InBlocks, joint_bound, joint_fingerprint, pack, shared_term, unpack
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.tasks import KnownPrices
from rotation_planner.slices.sides import shared_sides


@dataclass(frozen=True, eq=False)
class Best:
    """The best prices of a goal: common ones, the sum of all terms, and each block's own, packed."""

    prices: Prices
    terms: int
    own: list[bytes]


@dataclass
class Bounds:
    """Proven bounds of the goals: those of the columns alone, or of the best prices so far.

    Attributes
    ----------
    rounds : Rounds
        Prepared.
    best : dict of int to Best
        Goals for which there are prices.
    """

    rounds: Rounds
    best: dict[int, Best] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sides = shared_sides(self.rounds.built, self.rounds.shared, self.rounds.committed)

    def offer(self, goal: int, prices: Prices, terms: Sequence[int], own: list[bytes], values: Sequence[int]) -> bool:
        """Take prices if they prove more than those before; whether they do.

        Parameters
        ----------
        terms : sequence of int
            What each block adds at these prices.
        own : list of bytes
            Each block's own prices, packed.
        values : sequence of int
            Of the plan's goals.
        """
        fresh = Best(prices, shared_term(self.rounds.shared, self.sides, goal, prices) + sum(terms), own)
        known = self.best.get(goal)
        if known is not None:
            new, old = (self._bound(goal, one, values) for one in (fresh, known))
            if new >= old if self.rounds.shared.goal_names[goal][1] else new <= old:
                return False
        self.best[goal] = fresh
        return True

    def of(self, values: Sequence[int]) -> tuple[int, ...]:
        """Bound of every goal for plans as good as some values in the goals before it."""
        return tuple(self._proven(g, values, trivial)[0] for g, trivial in enumerate(self.rounds.best()))

    def _proven(self, goal: int, values: Sequence[int], trivial: int) -> tuple[int, bool]:
        """The better of two bounds, and whether it is that of the prices."""
        if goal not in self.best:
            return trivial, False
        bound = self._bound(goal, self.best[goal], values)
        better = bound < trivial if self.rounds.shared.goal_names[goal][1] else bound > trivial
        return (bound, True) if better else (trivial, False)

    def known(self, block: int) -> KnownPrices:
        """The best prices of each goal, as far as there are any, as a block is given them."""
        return {g: (best.prices, best.own[block]) for g, best in self.best.items()}

    def certificate(self, values: Sequence[int], block_cadres: int, scenario_sha256: str, version: str) -> Certificate:
        """What is proven of plans as good as some values, with the prices."""
        rounds = self.rounds
        statements, used = [], []
        for g, ((name, _, _), trivial) in enumerate(zip(rounds.shared.goal_names, rounds.best(), strict=True)):
            bound, priced = self._proven(g, values, trivial)
            prices = self.best[g].prices if priced else Prices.none(g)
            used += [g] if priced else []
            statements.append(Statement(name, tuple(values[:g]), bound, prices))
        own = [pack({g: unpack(self.best[g].own[b])[g] for g in used}) for b in range(rounds.parts.n)]
        said = joint_fingerprint(rounds.built, rounds.shapes)
        return Certificate(scenario_sha256, said, version, tuple(statements), InBlocks(block_cadres, tuple(own)))

    def _bound(self, goal: int, one: Best, values: Sequence[int]) -> int:
        return joint_bound(self.rounds.shared, goal, values[:goal], one.prices, one.terms, 1)
