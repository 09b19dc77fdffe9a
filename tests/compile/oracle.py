"""Eligibility once more, one pair at a time, from the words of the architecture; shares nothing with ``compile``."""

from __future__ import annotations

import calendar as months_of
import datetime as dt
import math
from dataclasses import dataclass

from rotation_planner.domain.calendar import Calendar, all_sessions
from rotation_planner.domain.people import Cadre, Post
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Session

ONE = dt.timedelta(days=1)


def later(date: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last."""
    total = date.year * 12 + date.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return dt.date(year, month, min(date.day, months_of.monthrange(year, month)[1]))


@dataclass
class Verdict:
    """What is true of a cadre and a session; ``reason`` is empty for a candidate."""

    reason: str
    must: bool
    unit: str
    travel_days: int
    cost_yuan: int


class Oracle:
    """Judges pairs."""

    def __init__(self, scenario: Scenario) -> None:
        self.s = scenario
        self.calendar = Calendar(scenario)
        self.sessions: list[Session] = list(all_sessions(scenario, self.calendar))
        self.courses: dict[str, Course] = {c.id: c for c in scenario["courses"]}
        self.rank = {level.id: level.rank for level in scenario["levels"]}

    def post(self, cadre: Cadre, date: dt.date) -> Post:
        held, since = cadre.post, dt.date.min
        for e in self.s["events"]:
            moved = e.cadre == cadre.id and e.kind != "retirement" and e.post is not None
            if moved and since <= e.date <= date:
                held, since = e.post, e.date
        return next(p for p in self.s["posts"] if p.id == held)

    def above(self, name: str) -> list[str]:
        chain = [name]
        while (parent := next(a.parent for a in self.s["authorities"] if a.id == chain[-1])) is not None:
            chain.append(parent)
        return chain

    def manager(self, post: Post) -> str:
        for a in self.s["authorities"]:
            if post.unit in a.units and (a.levels == () or post.level in a.levels):
                return a.id
        own = next(u.authority for u in self.s["units"] if u.id == post.unit)
        levels = {a.id: a.levels for a in self.s["authorities"]}
        return next((a for a in self.above(own)[::-1] if post.level in levels[a]), own)

    def alike(self, name: str) -> set[str]:
        found = {name}
        while True:
            more = {
                x for c in self.courses.values() for pair in ((c.id, e) for e in c.equivalents)
                if not found.isdisjoint(pair) for x in pair
            }
            if more <= found:
                return found
            found |= more

    def stands_for(self, a: str, b: str) -> bool:
        """Whether a completion of the first stands for the second."""
        mine = self.alike(a)
        return b in mine or any(s in self.alike(b) for m in mine for s in self.courses[m].substitutes)

    def valid(self, name: str, done: dt.date, date: dt.date) -> bool:
        months = self.courses[name].validity_months
        return done >= later(self.s.start, -60) if months == 0 else date < later(done, months)

    def way(self, unit: str, institution: Institution) -> tuple[int, int]:
        """Days each way and yuan."""
        a, b = next(u.place for u in self.s["units"] if u.id == unit), institution.place
        if a is None or b is None:
            return 0, 0
        for pair in ((a, b), (b, a)):
            for t in self.s["travel"]:
                if (t.origin, t.destination) == pair:
                    return t.days, t.cost_yuan
        places = {p.id: p for p in self.s["places"]}
        ends = []
        for p in (places[a], places[b]):
            if p.latitude is None or p.longitude is None:
                return 0, 0
            phi, lam = math.radians(p.latitude), math.radians(p.longitude)
            ends.append((math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)))
        return 0, round(6371 * 2 * math.asin(min(1.0, math.dist(*ends) / 2))) * self.s.policy.travel.yuan_per_km

    def closed(self, s: Session, end: dt.date, institution: Institution) -> bool:
        if s.start < self.s.start or end > self.s.end:
            return True
        terms = [t for t in self.s["terms"] if t.institution == s.institution]
        opened = [t for t in terms if t.open]
        if opened and not any(t.start <= s.start <= end <= t.end for t in opened):
            return True
        days = [s.start + n * ONE for n in range((end - s.start).days + 1)]
        if any(t.start <= d <= t.end for t in terms if not t.open for d in days):
            return True
        return institution.channels != () and self.courses[s.course].channel not in institution.channels

    def judge(self, cadre: Cadre, s: Session) -> Verdict:
        course = self.courses[s.course]
        institution = next(i for i in self.s["institutions"] if i.id == s.institution)
        post = self.post(cadre, s.start)
        travel, yuan = self.way(post.unit, institution)
        kinds = {k.kind for k in self.s["commitments"] if (k.cadre, k.session) == (cadre.id, s.id)}
        must = "must" in kinds
        reason = "" if must else self.reason(cadre, s, course, institution, post, travel) or (
            "must_not" if "must_not" in kinds else ""
        )
        return Verdict(reason, must, post.unit, travel, course.days * course.cost_per_trainee_day_yuan + yuan)

    def reason(
        self, cadre: Cadre, s: Session, course: Course, institution: Institution, post: Post, travel: int
    ) -> str:
        assert s.end is not None
        if self.closed(s, s.end, institution):
            return "closed"
        if any((k.cadre, k.session, k.kind) == (None, s.id, "must_not") for k in self.s["commitments"]):
            return "session_must_not"
        if course.level_low and self.rank[post.level] < self.rank[course.level_low]:
            return "level"
        if course.level_high and self.rank[post.level] > self.rank[course.level_high]:
            return "level"
        if course.categories and not {*course.categories} & {*post.categories, *cadre.categories}:
            return "category"
        if course.duties and not {*course.duties} & {*post.duties}:
            return "duties"
        if course.owner and course.owner not in self.above(self.manager(post)):
            return "authority"
        stretches = [
            (a - travel * ONE, b + travel * ONE) for a, b in self.calendar.stretches(course, s.start, s.end)
        ]
        days = {a + n * ONE for a, b in stretches for n in range((b - a).days + 1)}
        mine = [e for e in self.s["events"] if e.cadre == cadre.id]
        begins = [self.s.start, *(e.date for e in mine if e.kind == "entry")]
        begins += [cadre.entered] if cadre.entered else []
        if min(days) < max(begins):
            return "not_serving"
        if any(e.kind == "retirement" and max(days) >= e.date for e in mine):
            return "retired"
        if any(w.cadre == cadre.id and w.start <= d <= w.end for w in self.s["leave"] for d in days):
            return "leave"
        passed = [r for r in self.s["records"] if r.cadre == cadre.id and r.result == "passed"]
        if any(self.stands_for(r.course, course.id) and self.valid(r.course, r.date, s.start) for r in passed):
            return "held"
        for q in course.prerequisites:
            on_record = any(self.stands_for(r.course, q) for r in passed)
            if not on_record and not any(
                o.end is not None and o.end < s.start and self.stands_for(o.course, q) for o in self.sessions
            ):
                return "prerequisite"
        return ""
