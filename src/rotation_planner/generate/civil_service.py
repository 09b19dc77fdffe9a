"""The UK civil service of 31 March 2011 as a scenario: real posts and reporting lines, generated histories."""

from __future__ import annotations

import csv
import gzip
import io
import re
from importlib.resources import files
from pathlib import Path

import numpy as np

from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.people import Level
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate.body import Body, TeamSpec, draw_births, largest_remainder
from rotation_planner.generate.presets import Tightness, check_tightness, plant_in

BIS = "Department for Business, Innovation and Skills"
JUNIOR, SENIOR = "junior_posts_2011-03-31.csv.gz", "senior_posts_2011-03-31_no_names.csv.gz"
FOLDER = "uk_civil_service_2011"
MIDDLE_PAY_GBP = 23_000
"""Least pay of a grade counted with the section level: from Higher Executive Officer up (our reading)."""

CATEGORIES = ("leading", "policy", "delivery", "corporate", "analysis", "specialist", "armed_forces")
DUTIES = ("policy", "finance", "people", "digital", "delivery", "law")
PROFESSIONS: dict[str, tuple[str, str]] = {
    "policy": ("policy", "policy"),
    "planning": ("policy", "policy"),
    "law": ("policy", "law"),
    "operational delivery": ("delivery", "delivery"),
    "tax professionals": ("delivery", "finance"),
    "finance": ("corporate", "finance"),
    "procurement": ("corporate", "finance"),
    "internal audit": ("corporate", "finance"),
    "human resources": ("corporate", "people"),
    "communications": ("corporate", "people"),
    "knowledge and information management (kim)": ("corporate", "digital"),
    "information technology": ("corporate", "digital"),
    "information technoology": ("corporate", "digital"),
    "property and asset management": ("corporate", "delivery"),
    "programme and project management (ppm)": ("corporate", "delivery"),
    "project and programme management (ppm)": ("corporate", "delivery"),
    "economics": ("analysis", "policy"),
    "statisticians": ("analysis", "digital"),
    "operational research": ("analysis", "digital"),
    "social research": ("analysis", "policy"),
    "science & engineering": ("specialist", "delivery"),
    "science and engineering": ("specialist", "delivery"),
    "medicine": ("specialist", "delivery"),
    "psychology": ("specialist", "people"),
    "vets": ("specialist", "delivery"),
    "armed forces": ("armed_forces", "delivery"),
}
"""Profession (lower case) to kind of work and duty; anything else is delivery."""

ARMED_FORCES = "armed forces"

Rows = list[dict[str, str]]


def organisations(data_dir: Path | None = None) -> list[str]:
    """Names of the organisations that can be had."""
    junior, senior = _published(data_dir)
    return sorted({r["organisation"] for r in (*junior, *senior)})


def civil_service(
    organisation: str | None = BIS,
    seed: int = 0,
    data_dir: Path | None = None,
    cadres: int | None = None,
    tightness: Tightness = "tight",
    armed_forces: bool = True,
) -> Scenario:
    """Turn published posts of the UK civil service into a scenario.

    Parameters
    ----------
    organisation : str or None
        Name of an organisation as published (`organisations`); None: all of them, with an academy that all share.
    seed : int
        Seed of what the source does not hold: ages, careers, leave, histories, needs, places, courses, money.
    data_dir : Path, optional
        Folder with other tables of the same names and columns; else those packaged.
    cadres : int, optional
        Scale the posts to so many, by largest remainder; else as published.
    tightness : str
        ``tight``, ``loose`` or ``short``, as in `generate`.
    armed_forces : bool
        Whether posts of the profession ``Armed Forces`` are in it.

    Raises
    ------
    FileNotFoundError
        If ``data_dir`` does not hold the tables.
    ValueError
        If there is no such organisation or tightness.
    """
    return civil_service_with_plan(organisation, seed, data_dir, cadres, tightness, armed_forces)[0]


def civil_service_with_plan(
    organisation: str | None = BIS,
    seed: int = 0,
    data_dir: Path | None = None,
    cadres: int | None = None,
    tightness: Tightness = "tight",
    armed_forces: bool = True,
) -> tuple[Scenario, Plan]:
    """The scenario of `civil_service` and the plan planted in it (for tests); it does not fit a short scenario."""
    check_tightness(tightness)
    junior, senior = _published(data_dir)
    if organisation is not None:
        junior = [r for r in junior if r["organisation"] == organisation]
        senior = [r for r in senior if r["organisation"] == organisation]
        if not junior and not senior:
            raise ValueError(f"no organisation {organisation!r}")
    if not armed_forces:
        junior = [r for r in junior if _profession(r) != ARMED_FORCES]
        senior = [r for r in senior if _profession(r) != ARMED_FORCES]
    streams = np.random.SeedSequence([2011, seed]).spawn(2)
    rng, shuffle = (np.random.Generator(np.random.PCG64(s)) for s in streams)
    body = roster(junior, senior, rng, cadres)
    planted = plant_in(body, rng, shuffle, seed, "civil-service", shared=organisation is None)
    return planted.at(tightness, shuffle), planted.plan


def _published(data_dir: Path | None) -> tuple[Rows, Rows]:
    if data_dir is None:
        packaged = files("rotation_planner") / "data" / FOLDER
        return _parse((packaged / JUNIOR).read_bytes()), _parse((packaged / SENIOR).read_bytes())
    folder = data_dir / FOLDER if (data_dir / FOLDER).is_dir() else data_dir
    if not (folder / JUNIOR).is_file():
        raise FileNotFoundError(f"no {JUNIOR} in {folder}")
    return _parse((folder / JUNIOR).read_bytes()), _parse((folder / SENIOR).read_bytes())


def _parse(data: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(gzip.decompress(data).decode("utf-8"))))


def roster(junior: Rows, senior: Rows, rng: np.random.Generator, cadres: int | None = None) -> Body:
    """People, levels, units and teams of the published rows.

    Each junior row stands for ``fte`` equal posts, rounded by largest remainder over its organisation; each senior row
    is one post. A unit is a unit of an organisation; places are generated.
    """
    counts = _counts(junior, senior, cadres)
    kept_senior = senior if cadres is None else [s for s, k in zip(senior, counts[len(junior) :], strict=True) if k]
    rows = [(r, False) for r, k in zip(junior, counts[: len(junior)], strict=True) for _ in range(k)]
    rows += [(r, True) for r in kept_senior]
    levels, band = _ladder(junior, senior)
    number = {level.id: i for i, level in enumerate(levels)}
    names = sorted({r["organisation"] for r, _ in rows})
    authorities = [
        Authority(
            id="civil_service",
            name="Civil Service",
            levels=tuple(x.id for x, b in zip(levels, band, strict=True) if b == 2),
        )
    ]
    places: list[tuple[str, float, float]] = [("London", 51.50, -0.13)]
    seats = {0: 0}
    for a, name in enumerate(names, start=1):
        authorities.append(Authority(id=_slug(name), name=name, parent="civil_service"))
        seats[a] = 0
    places += [
        (f"office {i + 1} (generated)", round(float(rng.uniform(51, 55)), 4), round(float(rng.uniform(-3, 1)), 4))
        for i in range(12)
    ]
    units: dict[tuple[str, str], int] = {}
    for r, _ in rows:
        units.setdefault((r["organisation"], r["unit"]), len(units))
    unit_place = np.where(rng.random(len(units)) < 0.6, 0, rng.integers(1, 13, len(units)))
    kinds = [_kind(r, is_senior) for r, is_senior in rows]
    body = Body(
        levels=levels,
        band=np.array(band),
        categories=list(CATEGORIES),
        duties=list(DUTIES),
        authorities=authorities,
        places=places,
        unit_name=[unit for _, unit in units],
        unit_authority=[1 + names.index(organisation) for organisation, _ in units],
        unit_place=[int(x) for x in unit_place],
        seats=seats,
        level=np.array([number[_grade(r)] for r, _ in rows]),
        unit=np.array([units[r["organisation"], r["unit"]] for r, _ in rows]),
        category=np.array([CATEGORIES.index(c) for c, _ in kinds]),
        duty=np.array([DUTIES.index(d) for _, d in kinds]),
        key=np.zeros(len(rows), dtype=np.int64),
        birth=np.zeros(len(rows), dtype=np.int64),
        chinese=False,
    )
    _reporting_tree(body, rows)
    body.birth = draw_births(rng, body.band[body.level])
    return body


def _counts(junior: Rows, senior: Rows, cadres: int | None) -> list[int]:
    fte = np.array([float(r["fte"]) for r in junior])
    if cadres is not None:
        shares = np.concatenate([fte, np.ones(len(senior))])
        return [int(k) for k in largest_remainder(shares, cadres)]
    counts = np.zeros(len(junior), dtype=np.int64)
    names = np.array([r["organisation"] for r in junior])
    for name in sorted(set(names.tolist())):
        mine = names == name
        if fte[mine].sum() > 0:
            counts[mine] = largest_remainder(fte[mine], round(float(fte[mine].sum())))
    return [int(k) for k in counts] + [1] * len(senior)


def _grade(row: dict[str, str]) -> str:
    return row["grade"].strip() or "ungraded"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _ladder(junior: Rows, senior: Rows) -> tuple[list[Level], list[int]]:
    """Grades in the order of their pay scale; senior grades above all others, by name."""
    pay: dict[str, list[float]] = {}
    for r in junior:
        amount = r["payscale_min_gbp"]
        known = float(amount) if re.fullmatch(r"\d+(\.\d+)?", amount) else 0.0
        pay.setdefault(_grade(r), []).append(known)
    top = sorted({_grade(r) for r in senior})
    ranked: list[tuple[int, float, str]] = [(2, 0.0, g) for g in top]
    for grade, amounts in pay.items():
        if grade in top:
            continue
        paid = [a for a in amounts if a > 0]
        least = float(np.median(paid)) if paid else 0.0
        officer = grade.upper().startswith("OF")  # commissioned officers are published without pay
        ranked.append((1 if least >= MIDDLE_PAY_GBP or officer else 0, least, grade))
    ranked.sort()
    return [Level(id=g, name=g, rank=i + 1) for i, (_, _, g) in enumerate(ranked)], [b for b, _, _ in ranked]


def _profession(row: dict[str, str]) -> str:
    return row["profession"].strip().lower()


def _kind(row: dict[str, str], is_senior: bool) -> tuple[str, str]:
    category, duty = PROFESSIONS.get(_profession(row), ("delivery", "delivery"))
    return ("leading", duty) if is_senior and category != "armed_forces" else (category, duty)


def _reporting_tree(body: Body, rows: list[tuple[dict[str, str], bool]]) -> None:
    """A team for every senior post with others below it: the post is chief, its direct reports are the deputies."""
    by_post: dict[tuple[str, str], int] = {}
    for p, (r, is_senior) in enumerate(rows):
        if is_senior:
            by_post.setdefault((r["organisation"], r["post_ref"]), p)
    reports: dict[int, list[int]] = {}
    for p, (r, is_senior) in enumerate(rows):
        if is_senior:
            chief = by_post.get((r["organisation"], r["reports_to_senior_post"]))
            if chief is not None and chief != p:
                reports.setdefault(chief, []).append(p)
    for chief, below in sorted(reports.items()):
        body.key[chief] = 1
        order = sorted(below, key=lambda p: (-int(body.level[p]), p))[:6]
        body.teams.append(TeamSpec(int(body.unit[chief]), [chief, *order]))
