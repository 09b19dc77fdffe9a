"""What is measured: instances, methods, limits."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.instances import FAMILY

STEPS = ("load", "compile", "build")
"""Steps before solving, each timed alone."""

RIVALS = ("ours", "plain", "highs", "timefold", "greedy")
"""Methods that return a plan: our ``solve``, plain CP-SAT, HiGHS on the same rows, Timefold, and greedy."""

METHODS = STEPS + RIVALS


@dataclass(frozen=True)
class Instance:
    """A generated scenario: preset, number of cadres, seed of the generator; or a published one.

    The ``preset`` of a published instance is the name of its body in ``benchmarks.instances``; its content is fixed by
    the checksum on record.
    """

    preset: str
    cadres: int
    seed: int
    tightness: str = "tight"

    @property
    def published(self) -> bool:
        """Whether it is one of the published family."""
        return f"{self.preset}-{self.tightness}" in FAMILY

    @property
    def name(self) -> str:
        """Its id, if it is published; name of its folder."""
        return f"{self.preset}-{self.tightness}" if self.published else f"{self.preset}-{self.cadres}-{self.seed}"


@dataclass(frozen=True)
class Case:
    """One measurement.

    Attributes
    ----------
    instance : Instance
        What is planned.
    method : str
        One of ``METHODS``.
    time_limit_s : int
        Wall clock of a method that returns a plan; the steps have none.
    workers : int
        Cores every method may use.
    seed : int
        Seed of the method (not of the instance).
    """

    instance: Instance
    method: str
    time_limit_s: int
    workers: int
    seed: int


@dataclass(frozen=True)
class Suite:
    """A named set of cases."""

    bodies: tuple[tuple[str, int], ...]
    instance_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    time_limit_s: int
    workers: int = 2

    def cases(self) -> list[Case]:
        """Every case, the smallest bodies first. Steps and greedy know no seed of their own and run once."""
        found = []
        for preset, cadres in self.bodies:
            for instance_seed in self.instance_seeds:
                instance = Instance(preset, cadres, instance_seed)
                for method in METHODS:
                    seeds = self.seeds[:1] if method in {*STEPS, "greedy"} else self.seeds
                    found += [Case(instance, method, self.time_limit_s, self.workers, seed) for seed in seeds]
        return found


SUITES: dict[str, list[Case]] = {
    "smoke": Suite((("district", 100),), (1,), (1,), 3).cases(),
    "small": Suite((("district", 300), ("county", 1000)), (1,), (1,), 60).cases(),
    "full": Suite(
        (("district", 300), ("county", 1000), ("county", 4005), ("prefecture", 15252)), (1,), (1, 2, 3), 120
    ).cases(),
}
"""``smoke`` only shows that the harness works; its figures mean nothing."""
