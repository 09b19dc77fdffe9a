"""Loose, short and broken scenarios are what their names say."""

from __future__ import annotations

from collections import Counter

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.generate import generate, generate_with_plan
from rotation_planner.generate.duties import YEAR_CAP, YEAR_HOURS
from rotation_planner.generate.variants import BROKEN
from rotation_planner.verify import verify


def test_loose_takes_the_planted_plan_with_room_to_spare() -> None:
    scenario, plan = generate_with_plan("district", seed=3, tightness="loose")
    found = verify(scenario, plan)
    assert (found.violations, found.unmet) == ((), ())
    assert all(r.ceiling_yuan is None or r.planned_yuan <= 0.7 * r.ceiling_yuan for r in found.ledger)


@pytest.mark.parametrize(("cadres", "seed"), [(40, 1), (300, 1), pytest.param(1000, 2, marks=pytest.mark.no_cover)])
def test_short_has_too_few_seats_whatever_is_opened(cadres: int, seed: int) -> None:
    scenario = generate("county", cadres, seed, "short")
    courses = {c.id: c for c in scenario["courses"]}
    most = YEAR_HOURS - YEAR_CAP
    seats = sum(
        courses[s.course].max_size * courses[s.course].max_classes * min(courses[s.course].hours, most)
        for s in scenario["sessions"]
    )
    required = sum(u.required for u in verify(scenario, Plan.empty()).unmet if u.duty == "hours_year")
    opening = sum(c.opening_hours for c in scenario["cadres"])
    due = required * most // YEAR_HOURS - opening
    assert seats < due


@pytest.mark.parametrize(
    ("name", "rule"), [("no_beds", "beds"), ("no_money", "ceiling"), ("no_courses_for_a_level", "eligibility")]
)
def test_broken_breaks_the_planted_plan_there_only(name: str, rule: str) -> None:
    scenario, plan = generate_with_plan("district", seed=3, broken=name)
    assert {v.rule for v in verify(scenario, plan).violations} == {rule}


def test_impossible_deadline_is_missed_by_whatever_plan() -> None:
    scenario, plan = generate_with_plan("district", seed=3, broken="impossible_deadline")
    found = verify(scenario, plan)
    assert found.violations == ()
    assert Counter(u.duty for u in found.unmet) == {"induction": 3}
    first = min(s.start for s in scenario["sessions"])
    assert (first.month, first.day) > (1, 5)


def test_no_course_is_open_to_the_lowest_level() -> None:
    from rotation_planner.compile import compile_candidates

    scenario = generate("district", seed=3, broken="no_courses_for_a_level")
    level = {p.id: p.level for p in scenario["posts"]}
    moved = {e.cadre for e in scenario["events"] if e.post is not None}
    lowest = {c.id for c in scenario["cadres"] if level[c.post] == "below_section"} - moved
    candidates = compile_candidates(scenario)
    assert lowest
    assert not lowest & {candidates.cadres.ids[c] for c in candidates.cadre.tolist()}


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match="no preset 'village'"):
        generate("village")
    with pytest.raises(ValueError, match="no tightness 'slack'"):
        generate("district", tightness="slack")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no defect 'x'"):
        generate("district", broken="x")
    with pytest.raises(ValueError, match="at least 20"):
        generate("district", 19)
    assert sorted(BROKEN) == ["impossible_deadline", "no_beds", "no_courses_for_a_level", "no_money"]
