"""What the planner returns: the plan, its goals, and what is unmet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from rotation_planner.domain.base import Row, col
from rotation_planner.domain.html import plan_html
from rotation_planner.domain.table import Table


class Attendance(Row):
    """A cadre attends a session."""

    TABLE: ClassVar[str] = "attendances"
    ZH: ClassVar[str] = "参训"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "session")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    session: str = col("Session.", "期次", ref="sessions")
    class_no: int = col("Parallel class, from 1.", "班号", default=1, ge=1)


class Opened(Row):
    """A session that runs."""

    TABLE: ClassVar[str] = "opened"
    ZH: ClassVar[str] = "开班"
    KEY: ClassVar[tuple[str, ...]] = ("session",)

    session: str = col("Session.", "期次", ref="sessions")
    classes: int = col("Parallel classes.", "班数", ge=1)


class Study(Row):
    """Supplement hours taken without a session, toward one hours rule in one window."""

    TABLE: ClassVar[str] = "study"
    ZH: ClassVar[str] = "自学学时"
    KEY: ClassVar[tuple[str, ...]] = ("cadre", "rule", "window")

    cadre: str = col("Cadre.", "干部", ref="cadres")
    rule: str = col("Label of the hours rule.", "规则")
    window: str = col("Window: the calendar year, or 'horizon'.", "期间")
    hours: int = col("Hours.", "学时", ge=0)


@dataclass(frozen=True)
class Provenance:
    """Where a plan comes from."""

    version: str = ""
    engine: str = ""
    seed: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)
    scenario_sha256: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """Who attends what, and what runs.

    Attributes
    ----------
    attendances, opened, study : Table
        Attendances, sessions that run, and supplement hours.
    provenance : Provenance
        Version, engine, seed, parameters, and checksum of the scenario.
    """

    attendances: Table[Attendance]
    opened: Table[Opened]
    study: Table[Study]
    provenance: Provenance = field(default_factory=Provenance)

    @classmethod
    def empty(cls) -> Plan:
        """The plan in which nothing happens."""
        return cls(Table.of(Attendance), Table.of(Opened), Table.of(Study))

    def frames(self) -> dict[str, Any]:
        """The three tables as pandas data frames."""
        return {t.model.TABLE: t.frame() for t in (self.attendances, self.opened, self.study)}

    def _repr_html_(self) -> str:
        return plan_html(self)


ReasonCode = Literal["no_candidate", "blocked", "outweighed", "unknown"]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A duty with a shortfall.

    Attributes
    ----------
    duty : str
        Label of the rule.
    subject : tuple of str
        Whom or what it is about: cadre and window, or fund.
    required, achieved, shortfall : int
        In the duty's own unit (attendances, hours, yuan); ``shortfall = required - achieved``.
    per_mille : int
        ``ceil(1000 x shortfall / required)``.
    weight : int
        Weight in ``duties``; 0 for floors, which have a goal of their own.
    reason : str
        Code, see ``semantics``.
    detail : tuple of (str, int)
        Exclusions counted by reason, or labels of blocking rows.
    """

    duty: str
    subject: tuple[str, ...]
    required: int
    achieved: int
    shortfall: int
    per_mille: int
    weight: int
    reason: ReasonCode = "unknown"
    detail: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class GoalValue:
    """A goal with its value and what is proven about it.

    ``bound`` and ``gap`` are None where nothing is proven; ``bound_source`` is ``solver``, ``certificate`` or None.
    ``certified_bound`` is what the certificate proves, where the solver's word is better than that.
    """

    name: str
    value: int
    bound: int | None = None
    gap: float | None = None
    bound_source: Literal["solver", "certificate"] | None = None
    certified_bound: int | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A limit that does not hold.

    ``amount`` is by how much, in ``unit``; ``where`` says where (ids and dates as text).
    """

    rule: str
    where: tuple[str, ...]
    amount: int
    unit: str
    message: str


def gap_of(value: int, bound: int | None, scale: int | None = None) -> float | None:
    """|value - bound| / max(|value|, |bound|, 1), or divided by ``scale`` where one is declared."""
    if bound is None:
        return None
    return abs(value - bound) / (scale if scale is not None else max(abs(value), abs(bound), 1))
