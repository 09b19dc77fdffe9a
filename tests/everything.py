"""Random scenarios with every rule on, and a planted plan that leaves no duty unmet."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

import numpy as np

from rotation_planner.compile import compile_candidates
from rotation_planner.domain.people import Cadre, Category
from rotation_planner.domain.plan import Plan, Unmet
from rotation_planner.domain.planning import Fund
from rotation_planner.domain.policy import CourseSelector, DutyParameters, NeedWeights, Policy, Selector, StudyPrice
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.domain.teaching import Course, Institution, Subject
from rotation_planner.model import Built, build, committed_point, complete, to_plan, to_point
from rotation_planner.verify import Verification, verify
from tests.verify.random_cases import Draw
from tests.verify.random_dealings import with_dealings
from tests.verify.windows_at_random import SUBJECTS, a_carry, a_limit, a_total

NOWHERE = "nowhere"
"""An institution without sessions."""
NOBODY = Selector(event_from=dt.date(2199, 1, 1))


class _Every(Draw):
    """Draws rules without leaving any out."""

    drawing_rules = False

    def some(self, values: Iterable[Any], p: float = 0.3) -> tuple[Any, ...]:
        return tuple(values) if self.drawing_rules else super().some(values, p)

    def rules(self) -> tuple[Any, ...]:
        self.drawing_rules = True
        drawn = super().rules()
        self.drawing_rules = False
        totals = (a_total(self.r), a_total(self.r, "other"), a_limit(self.r), a_carry(self.r))
        return tuple(self.milder(rule) for rule in (*totals, *drawn))

    def milder(self, rule: Any) -> Any:
        """The rule so that all limits together still leave room for some training."""
        r = self.r
        changes: dict[str, dict[str, Any]] = {
            "call_ups": {"max_per_year": r.choice([2, 3]), "spacing_days": r.choice([0, 7])},
            "unit_release": {"at_least": r.choice([1, 2, 2])},
            "course_content": {"per_mille": r.choice([100, 100, 300])},
            "long_training": {"min_days": r.choice([4, 5])},
            "theory_first": {"same_year": True, "which": CourseSelector(courses=("k1",))},
        }
        if rule.kind == "total_limit":
            most = {"hours": 90, "subject_hours": 30, "days": 11, "sessions": 3}[rule.measure]
            return rule.model_copy(update={"amount": most})
        return rule.model_copy(update=changes.get(rule.kind, {}))

    def people(self) -> dict[str, list[Any]]:
        found = super().people()
        found["teams"] = [
            t.model_copy(update={"min_present": min(t.min_present, 1), "min_present_per_mille": 0})
            for t in found["teams"]
        ]
        return found

    def content(self, course: Course) -> Course:
        """The course with subjects of the totals beside its own."""
        left = 1000 - sum(course.subjects.values())
        more = {s: self.r.choice([100, 250]) for s in SUBJECTS if self.r.random() < 0.6}
        return course.model_copy(update={"subjects": course.subjects | (more if sum(more.values()) <= left else {})})


def scenario_of(seed: int, cadres: int, sessions: int) -> Scenario:
    """A scenario in which every kind of rule is in force."""
    draw = _Every(seed)
    draw.cadres = [f"c{i}" for i in range(cadres)]
    courses = [draw.content(draw.course(i)) for i in range(len(draw.courses))]
    rows = [draw.session(i, draw.r.choice(courses)) for i in range(sessions)]
    policy = Policy(
        rules=draw.rules(), study=StudyPrice(yuan_per_hour=draw.r.randint(0, 3)),
        need=NeedWeights(post=draw.r.choice([0, 1, 3]), second_per_mille=draw.r.choice([0, 300, 1000])),
    )
    people, organisation = draw.people(), draw.organisation()
    organisation["subjects"] += [Subject(id=s) for s in SUBJECTS]
    organisation["institutions"].append(Institution(id=NOWHERE, authority="a"))
    plain = Scenario.of(
        policy, courses=courses, sessions=rows, commitments=draw.commitments(rows), **people, **organisation
    )
    dealt = with_dealings(plain, seed, every=True)
    heads = Selector(key_posts=True)
    rules = [
        rule.model_copy(update={"approval": {"who": heads}, "seat_quota": {"only_granted": False}}.get(rule.kind, {}))
        for rule in dealt.policy.rules
    ]
    return dealt.with_policy(dealt.policy.model_copy(update={"rules": tuple(rules)}))


def plant(built: Built, r: random.Random) -> np.ndarray:
    """A point with as much training as fits, session by session in random order, from what is committed on."""
    candidates = built.model.candidates
    x = committed_point(built)
    order = list(range(len(candidates.sessions.ids)))
    r.shuffle(order)
    if r.random() < 0.7:  # what comes first often makes what comes later possible
        order.sort(key=lambda s: int(candidates.sessions.start[s]))
    for s in order:
        may = np.flatnonzero(candidates.session == s)
        for people in (may, may[[r.random() < 0.6 for _ in may]], may[:1]):
            y = x.copy()
            y[built.model.attend[people]] = 1
            heads = int(y[built.model.attend[may]].sum())
            least = -(-heads // int(candidates.sessions.max_size[s]))
            y[built.model.classes[s]] = min(max(least, y[built.model.classes[s]]), candidates.sessions.max_classes[s])
            y = complete(built, y, choose_study=True)
            if built.program.feasible(y):
                x = y
                break
    return complete(built, x, choose_study=True)


def planted(seed: int, cadres: int, sessions: int) -> tuple[Scenario, Plan]:
    """A scenario whose duties ask for no more than a plan gives, and the plan."""
    scenario = scenario_of(seed, cadres, sessions)
    x = plant(build(compile_candidates(scenario)), random.Random(seed))
    marked: dict[str, set[str]] = {}
    first = to_plan(build(compile_candidates(scenario)), x)
    while True:
        built = build(compile_candidates(scenario))
        plan = to_plan(built, _again(built, first))
        checked = verify(scenario, plan)
        if not checked.unmet:
            return scenario, plan
        scenario = _ask_for_less(scenario, checked, marked)


def _again(built: Built, plan: Plan) -> np.ndarray:
    """The point of a plan, with hours of study chosen anew."""
    x = to_point(built, plan, strict=False)
    for study in built.model.studies:
        x[study.columns] = 0
    return complete(built, x, choose_study=True)


def _ask_for_less(scenario: Scenario, checked: Verification, marked: dict[str, set[str]]) -> Scenario:
    """Each duty that is missed is no longer about whom or what it is missed for."""
    unmet: dict[str, list[Unmet]] = {}
    for u in checked.unmet:
        unmet.setdefault(u.duty, []).append(u)
    rules = tuple(_eased(rule, unmet[rule.label], scenario, marked) if rule.label in unmet else rule
                  for rule in scenario.policy.rules)
    tables = {"categories": scenario["categories"], "cadres": scenario["cadres"], "funds": scenario["funds"]}
    own = {u.subject[0]: u.achieved for u in unmet.get("floor", ())}
    tables["funds"] = Table.of(Fund, [
        f.model_copy(update={"floor_yuan": own[f.id], "index_per_mille": None}) if f.id in own else f
        for f in scenario["funds"]
    ])
    kept = [c for c in scenario["categories"] if not c.id.startswith("met ")]
    tables["categories"] = Table.of(Category, [*kept, *(Category(id=f"met {label}") for label in marked)])
    tables["cadres"] = Table.of(Cadre, [
        c.model_copy(update={"categories": (
            *(k for k in c.categories if not k.startswith("met ")),
            *(f"met {label}" for label, missed in marked.items() if c.id not in missed),
        )})
        for c in scenario["cadres"]
    ])
    return scenario.with_tables(**tables).with_policy(scenario.policy.model_copy(update={"rules": rules}))


def _eased(rule: Any, unmet: list[Unmet], scenario: Scenario, marked: dict[str, set[str]]) -> Any:
    if rule.kind == "floor":
        return rule
    if rule.kind == "institution_content":
        missed = {u.subject[0] for u in unmet}
        named = rule.institutions or scenario["institutions"].tolist("id")
        return rule.model_copy(update={"institutions": tuple(i for i in (*named, NOWHERE) if i not in missed)})
    if rule.kind == "group_share":
        nobody = any(not u.achieved for u in unmet)
        return rule.model_copy(update={"who": NOBODY} if nobody else {"share_per_mille": 1})
    assert isinstance(rule, DutyParameters)
    missed = marked.setdefault(rule.label, set())
    missed |= {u.subject[0] for u in unmet}
    return rule.model_copy(update={"who": rule.who.model_copy(update={"categories": (f"met {rule.label}",)})})
