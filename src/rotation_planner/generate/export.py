"""Turn numbers into tables: shuffled rows and fresh ids, so that nothing tells where the plan was."""

from __future__ import annotations

import datetime as dt

import numpy as np

from rotation_planner.domain.organisation import Authority, Busy, Place, Team, Unit
from rotation_planner.domain.people import Category, Competency
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.planning import Commitment, CommitmentKind, Fund, Horizon
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session, Subject, SubjectKind, Term
from rotation_planner.generate.catalogue import COMPETENCIES, TERMS
from rotation_planner.generate.columns import objects
from rotation_planner.generate.duties import policy
from rotation_planner.generate.packing import Packed
from rotation_planner.generate.people_tables import Names, Posts, cadre_table, people_tables
from rotation_planner.generate.planted import planted_plan
from rotation_planner.generate.planting import Planter
from rotation_planner.generate.tighten import Limits
from rotation_planner.generate.workdays import START, YEARS, holidays

SUBJECTS: tuple[tuple[str, str, SubjectKind], ...] = (
    ("theory", "理论", "theory"),
    ("party_spirit", "党性", "party_spirit"),
    ("business", "业务", "other"),
)


def day(n: int) -> dt.date:
    """Date of a day counted from the horizon's start."""
    return START + dt.timedelta(days=int(n))


class Export:
    """Writes a planted world as a scenario and a plan with the same ids."""

    def __init__(self, planter: Planter, packed: Packed, limits: Limits, rng: np.random.Generator, seed: int) -> None:
        self.p, self.packed, self.limits, self.rng, self.seed = planter, packed, limits, rng, seed
        body, cat = planter.body, planter.cat
        self.cadre = self._ids("P", len(body))
        self.session = self._ids("S", len(cat.course))
        self.course = self._ids("C", len(cat.courses))
        self.unit = self._ids("U", len(body.unit_name))
        self.place = [f"L{i + 1:04d}" for i in range(len(body.places))]
        self.school = [f"I{i + 1:03d}" for i in range(len(cat.schools))]
        self.competency = [f"K{i + 1:02d}" for i in range(COMPETENCIES)]
        self.names = Names(
            cadre=objects(self.cadre, len(body)),
            order=np.array(sorted(range(len(body)), key=self.cadre.__getitem__), dtype=np.int64),
            unit=self.unit,
            course=objects(self.course, len(self.course)),
            competency=objects(self.competency, COMPETENCIES),
        )

    def _ids(self, letter: str, n: int) -> list[str]:
        width = max(4, len(str(n)))
        return [f"{letter}{int(i) + 1:0{width}d}" for i in self.rng.permutation(n)]

    def scenario(self, name: str) -> Scenario:
        """The scenario, without any trace of the plan."""
        body, limits = self.p.body, self.limits
        posts = Posts(body, self.p.careers, self.names, self.rng)
        cadres = cadre_table(body, self.p.careers, self.p.history, self.names, posts)
        hours = np.array([c.hours for c in self.p.cat.courses], dtype=np.int64)
        people = people_tables(self.p.careers, self.p.history, self.names, posts, hours, self.seed)
        extras = ("new_recruit", "newly_appointed", "reserve", "trainer")
        commitments = self._commitments()
        authorities = [Authority(id=a.id, name=a.name, parent=a.parent, levels=a.levels) for a in body.authorities]
        units = sorted(
            (
                Unit(
                    id=self.unit[u],
                    name=body.unit_name[u],
                    authority=body.authorities[body.unit_authority[u]].id,
                    place=self.place[body.unit_place[u]],
                    release_per_mille=share,
                    release_at_least=least,
                )
                for u, (share, least) in enumerate(limits.release)
            ),
            key=lambda u: u.id,
        )
        busy = [Busy(unit=self.unit[u], start=day(a), end=day(z), release=least) for u, a, z, least in limits.busy]
        return Scenario.of(
            policy([x.id for x in body.levels], [int(b) for b in body.band]),
            name,
            horizon=[Horizon(start=START, years=YEARS)],
            calendar=holidays(),
            authorities=authorities,
            places=[
                Place(id=self.place[i], name=n, latitude=la, longitude=lo) for i, (n, la, lo) in enumerate(body.places)
            ],
            travel=self.p.ways.rows(self.place),
            units=units,
            busy=busy,
            teams=self._teams(),
            levels=body.levels,
            categories=[Category(id=c) for c in (*body.categories, *extras)],
            subjects=[Subject(id=i, name=n, kind=k) for i, n, k in SUBJECTS],
            competencies=[Competency(id=c) for c in self.competency],
            posts=posts.table(),
            cadres=cadres,
            **people,
            courses=self._courses(),
            institutions=self._institutions(),
            terms=self._terms(),
            sessions=self._sessions(),
            funds=self._funds(),
            commitments=commitments,
        )

    def _teams(self) -> list[Team]:
        rows = []
        for i, t in enumerate(self.p.body.teams):
            ids = [self.cadre[p] for p in t.members]
            rows.append(
                Team(
                    id=f"G{i + 1:04d}",
                    unit=self.unit[t.unit],
                    members=tuple(sorted(ids)),
                    chief=ids[0],
                    deputies=tuple(ids[1:]),
                    never_together=tuple(ids[:2]),
                    min_present=len(ids) - (2 if len(ids) >= 4 else 1),
                )
            )
        return rows

    def _courses(self) -> list[Course]:
        body, cat = self.p.body, self.p.cat
        rows = []
        for c, spec in enumerate(cat.courses):
            cost = self.limits.costs[c]
            subjects = (
                {"theory": 600, "party_spirit": 250} if spec.kind == "theory" else {"business": 700, "theory": 200}
            )
            rows.append(
                Course(
                    id=self.course[c],
                    name=spec.name,
                    kind=spec.kind,
                    subjects=subjects,
                    interactive_per_mille=300,
                    categories=tuple(body.categories[x] if isinstance(x, int) else x for x in spec.categories),
                    level_low=body.levels[spec.low].id,
                    level_high=body.levels[spec.high].id,
                    duties=() if spec.duty is None else (body.duties[spec.duty],),
                    competencies=tuple(self.competency[k] for k in spec.competencies),
                    channel=spec.channel,
                    days=spec.days,
                    hours=spec.hours,
                    pattern=spec.pattern,
                    day_fraction_per_mille=spec.fraction,
                    residential=spec.residential,
                    min_size=spec.min_size,
                    max_size=spec.size,
                    max_classes=spec.classes,
                    teachers_per_class=1,
                    staff_per_class=1,
                    cost_per_class_yuan=cost.per_class,
                    cost_per_session_yuan=cost.per_session,
                    cost_per_trainee_day_yuan=cost.trainee_day,
                    equivalents=() if spec.equivalent is None else (self.course[spec.equivalent],),
                    substitutes=() if spec.substitute is None else (self.course[spec.substitute],),
                    validity_months=spec.validity,
                    prerequisites=() if spec.prerequisite is None else (self.course[spec.prerequisite],),
                    owner=body.authorities[spec.owner].id,
                    covers=spec.days >= 3,
                )
            )
        return sorted(rows, key=lambda r: r.id)

    def _institutions(self) -> list[Institution]:
        return [
            Institution(
                id=self.school[i],
                name=s.name,
                authority=self.p.body.authorities[s.authority].id,
                place=self.place[s.place],
                beds=self.limits.beds[i],
                rooms=self.limits.rooms[i],
                teachers=self.limits.rooms[i],
                staff=self.limits.rooms[i],
            )
            for i, s in enumerate(self.p.cat.schools)
        ]

    def _terms(self) -> list[Term]:
        return [
            Term(institution=i, start=dt.date(START.year + y, *a), end=dt.date(START.year + y, *z))
            for i in self.school
            for y in range(YEARS)
            for a, z in TERMS
        ]

    def _sessions(self) -> list[Session]:
        cat = self.p.cat
        rows = [
            Session(
                id=self.session[s],
                course=self.course[c],
                institution=self.school[cat.courses[c].school],
                start=day(cat.start(s)),
            )
            for s, c in enumerate(cat.course)
        ]
        return sorted(rows, key=lambda r: r.id)

    def _funds(self) -> list[Fund]:
        """Ceilings one to two and a half per cent above the planted spend, floors two per cent below what counts."""
        limits, rows = self.limits, []
        for a, authority in enumerate(self.p.body.authorities):
            floor = 0
            for y in range(YEARS):
                spend, counted = limits.spend.get((a, y), 0), limits.counted.get((a, y), 0)
                if not spend:
                    floor = 0
                    continue
                ceiling = -(-int(spend * (1.01 + 0.015 * self.rng.random())) // 1000) * 1000
                goal = int(counted * 0.98)
                index = goal * 1000 // floor if floor else 0
                if floor and 900 <= index <= 1200:
                    floor = -(-floor * index // 1000)
                    rows.append(
                        Fund(
                            id=f"F{a}-{START.year + y}",
                            authority=authority.id,
                            year=START.year + y,
                            index_per_mille=index,
                            ceiling_yuan=ceiling,
                        )
                    )
                else:
                    floor = goal
                    rows.append(
                        Fund(
                            id=f"F{a}-{START.year + y}",
                            authority=authority.id,
                            year=START.year + y,
                            floor_yuan=floor,
                            ceiling_yuan=ceiling,
                        )
                    )
                theory = limits.theory.get((a, y), 0)
                if theory:
                    rows.append(
                        Fund(
                            id=f"F{a}-{START.year + y}-theory",
                            authority=authority.id,
                            year=START.year + y,
                            floor_yuan=int(theory * 0.95),
                            earmark=("theory", "rotation"),
                        )
                    )
        return rows

    def _commitments(self) -> list[Commitment]:
        """Wishes for and against sessions, and a few people who must not attend one."""
        rows: dict[tuple[str, str], Commitment] = {}
        people = self.rng.choice(len(self.cadre), max(3, len(self.cadre) // 12), replace=False)
        for p in map(int, people):
            options = [s for year in self.p.options[p] for s in year]
            if not options:
                continue
            s = options[int(self.rng.integers(len(options)))]
            draw = self.rng.random()
            if draw < 0.15 and s in self.p.placed[p]:
                continue
            kind: CommitmentKind = "must_not" if draw < 0.15 else "avoid" if draw < 0.5 else "wish"
            rows[self.cadre[p], self.session[s]] = Commitment(cadre=self.cadre[p], session=self.session[s], kind=kind)
        return [rows[k] for k in sorted(rows)]

    def plan(self) -> Plan:
        """The planted plan under the ids of the scenario."""
        session = objects(self.session, len(self.session))
        sessions = np.array(sorted(range(len(session)), key=self.session.__getitem__), dtype=np.int64)
        return planted_plan(self.p, self.packed, self.names.cadre, self.names.order, session, sessions)
