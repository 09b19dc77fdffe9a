"""What is to be reached on the published instances: how near to the proven bound, in which time."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.cases import Case, Instance
from benchmarks.instances import FAMILY, SEED

GOALS = ("duties", "floor", "need", "cost")
"""Goals whose gap counts."""
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
        Most that the gap of any of ``GOALS`` may be.
    memory_mb : int
        Most memory.
    seeds : tuple of int
        Seeds of the method.
    """

    body: str
    cadres: int
    time_limit_s: int
    gap_percent: float
    memory_mb: int
    seeds: tuple[int, ...]

    @property
    def proof(self) -> str:
        """Whose bound counts: anybody's where a plan is to be proved best, the certificate's elsewhere."""
        return "certified" if self.gap_percent else "bound"

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
    Target("district-300", 300, 30, 0.0, 1_000, FIVE),
    Target("county-1000", 1_000, 60, 1.0, 2_000, FIVE),
    Target("county-4005", 4_005, 180, 1.0, 3_000, FIVE),
    Target("scottish-government", 5_311, 180, 1.0, 3_000, FIVE),
    Target("environment-agency", 12_912, 480, 0.5, 4_000, FIVE),
    Target("prefecture-15252", 15_252, 480, 0.5, 4_000, FIVE),
    Target("province-100000", 100_000, 1_500, 0.5, 8_000, THREE),
    Target("civil-service", 513_438, 3_600, 1.0, 14_000, ONE),
    Target("nation-1000000", 1_000_000, 6_000, 1.0, 18_000, ONE),
)
"""The smallest bodies first."""


def cases(method: str = "ours") -> list[Case]:
    """Every measurement that the targets ask for, or the same of another method."""
    return [
        Case(instance, method, target.time_limit_s, WORKERS, seed)
        for target in TARGETS for instance in target.forms for seed in target.seeds
    ]
