"""Real classes to draw from: names, sizes, days and months of `data/real_class_plans.csv`."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from rotation_planner.domain.teaching import CourseKind

KINDS: tuple[tuple[str, CourseKind], ...] = (
    ("初任", "induction"),
    ("任职", "on_appointment"),
    ("党性", "theory"),
    ("理论", "theory"),
    ("轮训", "rotation"),
    ("示范", "rotation"),
    ("专门业务", "specialised"),
    ("专题", "specialised"),
    ("走出去", "specialised"),
)
"""Words of the column `category`, tried in order; anything else is in-service training."""

BANDS: dict[str, tuple[int, ...]] = {
    "县处级": (2,),
    "厅局级": (2,),
    "省部级": (2,),
    "乡科级": (1,),
    "科级": (1,),
    "处级": (2,),
    "科员": (0,),
    "村干部": (0,),
    "基层": (0,),
    "企业": (0, 1),
    "专业技术": (0, 1),
    "一线": (0,),
    "高校": (0, 1),
    "各级": (0, 1, 2),
    "初任": (0,),
    "及以下": (0,),
}
"""Words of the column `level`: 0 below section, 1 section, 2 county level and above."""


@dataclass(frozen=True)
class RealClass:
    """One row of the file, as far as it is stated."""

    name: str
    name_en: str
    kind: CourseKind
    bands: frozenset[int]
    size: int | None
    days: int | None
    month: int | None
    channel: str


@lru_cache(maxsize=1)
def real_classes() -> tuple[RealClass, ...]:
    """Every row that names a class, parsed."""
    text = (files("rotation_planner") / "data" / "real_class_plans.csv").read_text(encoding="utf-8-sig")
    found = []
    for row in csv.DictReader(text.splitlines()):
        kind: CourseKind = next((k for word, k in KINDS if word in row["category"]), "in_service")
        bands = {b for word, bs in BANDS.items() if word in row["level"] for b in bs}
        name = re.sub(r"\(.*?\)|（.*?）", "", row["class_name_zh"]).strip()
        found.append(
            RealClass(
                name=name,
                name_en=row["class_name_en"].strip(),
                kind=kind,
                bands=frozenset(bands or {0, 1, 2}),
                size=_size(row["size"]),
                days=_days(row["days"]),
                month=_month(row["month_or_dates"]),
                channel=row["channel"],
            )
        )
    return tuple(found)


def _size(text: str) -> int | None:
    derived = re.search(r"~(\d+) per (?:session|class)", text)
    if derived:
        return int(derived[1])
    return int(text) if text.isdigit() and int(text) <= 1000 else None


def _days(text: str) -> int | None:
    first = re.match(r"(?:>=)?(\d+)", text)
    return int(first[1]) if first else None


def _month(text: str) -> int | None:
    dated = re.search(r"(?:20\d\d-)?\b(0[1-9]|1[0-2])-[0-3]\d", text)
    return int(dated[1]) if dated else None


class Draw:
    """Draws of names, days, sizes and months, each among the real rows that state it.

    Parameters
    ----------
    rng : numpy.random.Generator
        Stream the draws are taken from.
    chinese : bool
        Whether names are the Chinese ones of the file, or the English ones.
    """

    def __init__(self, rng: np.random.Generator, chinese: bool = True) -> None:
        self._rng, self._chinese = rng, chinese
        self._classes = real_classes()
        months = np.full(13, 0.3)  # no month is impossible, but few classes start in the quiet ones
        for c in self._classes:
            if c.month is not None:
                months[c.month] += 1
        months[0] = 0
        # domain.md [S]: almost nothing in January, February, August, December
        months[[1, 2, 8, 12]] *= 0.15
        self._months: np.ndarray = months / months.sum()

    def name(self, kind: CourseKind, band: int) -> str:
        """A real class name of that kind and level, or of that kind."""
        fits = [c for c in self._classes if c.kind == kind and band in c.bands]
        fits = fits or [c for c in self._classes if c.kind == kind]
        found = fits[int(self._rng.integers(len(fits)))]
        return found.name if self._chinese else found.name_en

    def days(self, low: int, high: int) -> int:
        """Days of a real class that lasts from `low` to `high` days."""
        fits = [c.days for c in self._classes if c.days is not None and low <= c.days <= high]
        return fits[int(self._rng.integers(len(fits)))] if fits else low

    def class_size(self) -> int:
        """Size of one parallel class: a real session size split into classes of at most 60."""
        fits = [c.size for c in self._classes if c.size is not None and c.size >= 29]
        size = fits[int(self._rng.integers(len(fits)))]
        return -(-size // -(-size // 60))

    def month(self) -> int:
        """Month in which a class starts."""
        return int(self._rng.choice(13, p=self._months))
