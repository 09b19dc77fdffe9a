"""The presets by name and size."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate.body import COUNTY, PREFECTURE, Body, office
from rotation_planner.generate.careers import draw_careers
from rotation_planner.generate.catalogue import draw_catalogue
from rotation_planner.generate.export import Export
from rotation_planner.generate.history import draw_history
from rotation_planner.generate.packing import pack
from rotation_planner.generate.planting import Planter
from rotation_planner.generate.rule_book import NAME as RULE_BOOK
from rotation_planner.generate.rule_book import rule_book_with_plan
from rotation_planner.generate.tighten import draw_limits
from rotation_planner.generate.travelling import Ways
from rotation_planner.generate.variants import BROKEN, loosen, shorten
from rotation_planner.generate.workdays import DAYS, START, calendar

GENERATOR_VERSION = "1"
"""Changes whenever the same arguments give other content."""

Preset = Literal["district", "county", "prefecture", "province", "nation", "rule-book"]
Tightness = Literal["tight", "loose", "short"]
LEAST = 20
"""Fewest people of a preset."""
REGION = 8000
"""People of one region of a province, about [U]."""
PROVINCE = 100_000
"""People of one province of a nation, about [U]."""


@dataclass(frozen=True)
class Shape:
    """Default size and proportion of levels of a preset."""

    cadres: int
    shares: tuple[int, ...]
    several: bool = False
    provinces: bool = False
    """Several upper authorities under a nation."""


PRESETS: dict[str, Shape] = {
    "district": Shape(300, COUNTY),
    "county": Shape(sum(COUNTY), COUNTY),
    "prefecture": Shape(sum(PREFECTURE), PREFECTURE),
    "province": Shape(100_000, PREFECTURE, several=True),
    "nation": Shape(1_000_000, PREFECTURE, several=True, provinces=True),
}


def generate_with_plan(
    preset: str, cadres: int | None = None, seed: int = 0, tightness: Tightness = "tight", broken: str | None = None
) -> tuple[Scenario, Plan]:
    """Generate a scenario and the plan that was planted in it (for tests).

    See `generate`. The plan fits the scenario only if it is neither short nor broken.
    """
    if preset == RULE_BOOK:
        if (cadres, tightness, broken) != (None, "tight", None):
            raise ValueError("the rule book is laid by hand: only its seed can be chosen")
        return rule_book_with_plan(seed)
    if preset not in PRESETS:
        raise ValueError(f"no preset {preset!r}; there are {', '.join((*PRESETS, RULE_BOOK))}")
    check_tightness(tightness)
    if broken is not None and broken not in BROKEN:
        raise ValueError(f"no defect {broken!r}; there are {', '.join(BROKEN)}")
    shape = PRESETS[preset]
    n = shape.cadres if cadres is None else cadres
    if n < LEAST:
        raise ValueError(f"cadres = {n}: at least {LEAST}")
    streams = np.random.SeedSequence(seed).spawn(2)
    rng = np.random.Generator(np.random.PCG64(streams[0]))
    provinces = max(2, round(n / PROVINCE)) if shape.provinces else None
    regions = max(2, round(n / (provinces or 1) / REGION)) if shape.several else 1
    body = office(rng, n, shape.shares, regions, provinces)
    shuffle = np.random.Generator(np.random.PCG64(streams[1]))
    planted = plant_in(body, rng, shuffle, seed, preset, shared=shape.several)
    scenario = planted.at(tightness, shuffle)
    if broken is not None:
        scenario = BROKEN[broken](scenario)
    return scenario, planted.plan


def check_tightness(tightness: str) -> None:
    """Refuse an unknown tightness with a ``ValueError``."""
    if tightness not in get_args(Tightness):
        raise ValueError(f"no tightness {tightness!r}; there are {', '.join(get_args(Tightness))}")


@dataclass(frozen=True)
class Planted:
    """A tight scenario, the plan planted in it, and the hours that the yearly rule needs from sessions."""

    scenario: Scenario
    plan: Plan
    needed_hours: int

    def at(self, tightness: Tightness, rng: np.random.Generator) -> Scenario:
        """The scenario as tight as asked for."""
        if tightness == "loose":
            return loosen(self.scenario)
        return shorten(self.scenario, self.needed_hours, rng) if tightness == "short" else self.scenario


def plant_in(
    body: Body, rng: np.random.Generator, shuffle: np.random.Generator, seed: int, name: str, shared: bool
) -> Planted:
    """Draw courses and histories for a body, plant a plan, and draw the limits around it."""
    careers = draw_careers(rng, body)
    days = calendar()
    cat = draw_catalogue(rng, body, careers, days, shared)
    history = draw_history(rng, body, careers, cat)
    planter = Planter(rng, body, careers, cat, history, Ways(body, cat))
    planter.plant()
    packed = pack(planter)
    working = np.array([days.is_working(START + dt.timedelta(days=i)) for i in range(DAYS)])
    limits = draw_limits(rng, planter, packed, working)
    export = Export(planter, packed, limits, shuffle, seed)
    needed = sum(max(0, hours) for p in range(len(body)) for hours in planter.duties.yearly(p))
    return Planted(export.scenario(name), export.plan(), needed)


def generate(
    preset: str, cadres: int | None = None, seed: int = 0, tightness: Tightness = "tight", broken: str | None = None
) -> Scenario:
    """Generate a scenario.

    Parameters
    ----------
    preset : str
        ``district`` (300 cadres), ``county`` (4,005), ``prefecture`` (15,252), ``province`` (100,000, several
        authorities), ``nation`` (1,000,000, several provinces); ``rule-book``, a town of 80 under every kind of
        rule, of which only the seed varies.
    cadres : int, optional
        Another number of cadres, at least 20.
    seed : int
        The same arguments give the same scenario.
    tightness : str
        ``tight``: a plan that meets every duty exists, barely. ``loose``: easily. ``short``: none does.
    broken : str, optional
        A named defect: ``no_beds``, ``no_money``, ``no_courses_for_a_level``, ``impossible_deadline``.
    """
    return generate_with_plan(preset, cadres, seed, tightness, broken)[0]
