"""What is to be reached on the published instances: how near to the proven bound, in which time."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.cases import Case, Instance
from benchmarks.instances import FAMILY, SEED

GOALS = ("duties", "floor", "need", "cost")
"""Goals whose certified gap counts."""
WORKERS = 2


@dataclass(frozen=True)
class Target:
    """What is asked of a body, in each of its forms.

    Attributes
    ----------
    body : str
        Name in ``benchmarks.instances``.
    cadres : int
        How many people it has.
    time_limit_s : int
        Wall clock.
    gap_percent : float
        Most that the certified gap of any of ``GOALS`` may be.
    seeds : tuple of int
        Seeds of the method.
    """

    body: str
    cadres: int
    time_limit_s: int
    gap_percent: float
    seeds: tuple[int, ...]

    @property
    def first_plan_s(self) -> float:
        """Seconds in which a first verified plan should be there."""
        return max(5.0, 5.0 * self.cadres / 10_000)

    @property
    def forms(self) -> tuple[Instance, ...]:
        """Its published instances."""
        names = ("tight", "loose", "short")
        return tuple(
            Instance(self.body, self.cadres, SEED, form) for form in names if f"{self.body}-{form}" in FAMILY
        )


FIVE, THREE, ONE = (1, 2, 3, 4, 5), (1, 2, 3), (1,)
TARGETS = (
    Target("district-300", 300, 30, 1.0, FIVE),
    Target("county-1000", 1_000, 60, 2.0, FIVE),
    Target("county-4005", 4_005, 180, 2.0, FIVE),
    Target("scottish-government", 5_311, 180, 2.0, FIVE),
    Target("environment-agency", 12_912, 480, 3.0, FIVE),
    Target("prefecture-15252", 15_252, 480, 3.0, FIVE),
    Target("province-100000", 100_000, 1_500, 5.0, THREE),
    Target("civil-service", 513_438, 3_600, 5.0, ONE),
    Target("nation-1000000", 1_000_000, 6_000, 5.0, ONE),
)
"""The smallest bodies first."""


def cases(method: str = "ours") -> list[Case]:
    """Every measurement that the targets ask for, or the same of another method."""
    return [
        Case(instance, method, target.time_limit_s, WORKERS, seed)
        for target in TARGETS for instance in target.forms for seed in target.seeds
    ]
