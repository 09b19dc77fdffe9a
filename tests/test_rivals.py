"""Rivals of the benchmark: HiGHS against a known optimum, what is late or broken, the course of a run and its table."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rotation_planner as rp
from benchmarks import results, table
from benchmarks.child import Course, certified_bound
from benchmarks.facts import ROOT
from benchmarks.highs import solve_with_highs
from benchmarks.outside import supervised
from benchmarks.timefold_problem import NotModelledError, problem_of, write
from benchmarks.trajectory import best_at, improving, points_of, reached_at, text_of
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import GoalValue
from rotation_planner.domain.policy import Hours
from rotation_planner.model import build, complete
from tests.damage import office
from tests.everything import scenario_of

pytestmark = pytest.mark.clock


@pytest.mark.timeout(60)
def test_highs_proves_what_we_prove() -> None:
    small = office()
    ours = rp.solve(small, time_limit=20, workers=1)
    assert ours.status == "optimal"
    found = solve_with_highs(small, 20, workers=1, seed=1)
    assert found.status == "optimal", found.note
    assert found.plan is not None
    checked = rp.verify(small, found.plan)
    assert checked.ok
    assert checked.goals == {goal.name: goal.value for goal in ours.goals}
    assert {b.goal: b.bound for b in found.bounds}.items() <= {g.name: g.bound for g in ours.goals}.items()
    assert found.points[-1][1] == tuple(checked.goals.values())


def test_highs_gives_up_a_goal_only_for_a_plan() -> None:
    script = (
        "from pathlib import Path\n"
        "from types import SimpleNamespace\n"
        "from benchmarks.highs_rival import Incumbents\n"
        "asked = []\n"
        "event = SimpleNamespace(interrupt=lambda: asked.append(1))\n"
        "kept = Incumbents(Path('.'), 0.0, enough=0.0)\n"
        "kept.look(event)\n"
        "kept.best = []\n"
        "assert not asked\n"
        "kept.look(event)\n"
        "assert asked\n"
        "kept.enough = float('inf')\n"
        "kept.look(event)\n"
        "assert len(asked) == 1\n"
    )  # in a process of its own: HiGHS and OR-tools cannot share one
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=30)


def test_a_late_rival_is_ended_and_a_broken_one_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.outside.GRACE_S", 0.2)
    began = time.time()
    assert supervised([sys.executable, "-c", "import time; time.sleep(60)"], began + 0.3) == "ended after its time"
    assert time.time() - began < 10
    broken = supervised([sys.executable, "-c", "import sys; sys.exit('no such thing')"], time.time() + 20)
    assert broken == "ended with 1: no such thing"
    assert supervised([sys.executable, "-c", ""], time.time() + 20) == ""


def test_what_the_rival_does_not_model_is_refused_by_name() -> None:
    with pytest.raises(NotModelledError, match="duty total"):
        problem_of(build(compile_candidates(scenario_of(1, 4, 6))))


def in_years(scenario: rp.Scenario) -> rp.Scenario:
    """The scenario with hours due in each year, most of them in years without sessions: what nothing can meet."""
    rules = tuple(rule for rule in scenario.policy.rules if rule.kind != "hours")
    hours = Hours(window="year", hours=40, supplement_cap_hours=0)
    return replace(scenario, policy=scenario.policy.model_copy(update={"rules": (*rules, hours)}))


@pytest.mark.parametrize(
    "scenario", [rp.generate("district", cadres=100, seed=1), in_years(office())], ids=["district", "years"]
)
def test_a_problem_file_has_every_offer_and_every_duty(scenario: rp.Scenario, tmp_path: Path) -> None:
    built = build(compile_candidates(scenario))
    facts = problem_of(built)
    assert 0 < len(facts["offer"]) <= len(built.model.candidates)
    duties = next(goal for goal in built.program.goals if goal.name == "duties")
    # Nothing attended, study at its best: what the rival starts from is what the program says of the empty plan.
    hours = sum(
        weight * -(-1000 * max(0, missing - min(missing, room)) // due)
        for due, missing, room, weight, _ in facts["hours"]
    )
    nothing = complete(built, np.zeros(built.program.n_columns, np.int64), choose_study=True)
    assert hours + sum(weight for _, weight in facts["due"]) == duties.value(nothing)
    write(facts, tmp_path / "problem.txt")
    lines = (tmp_path / "problem.txt").read_text().splitlines()
    assert len(lines) == sum(map(len, facts.values()))
    assert lines[0] == "slots_per_year 3"
    assert all("[" not in line and "  " not in line for line in lines)


def test_the_course_keeps_what_is_better_and_when() -> None:
    points = [
        (5.0, (3, 0, 9, 1, 0)), (1.0, (5, 0, 0, 0, 0)), (1.01, (4, 0, 0, 0, 0)), (2.0, (4, 0, 0, 0, 1)),
        (3.0, (4, 0, 7, 9, 9)), (3.5, (4, 0, 7, 9, 9)), (4.0, (3, 0, 8, 0, 0)),
    ]
    kept = improving(points)
    assert kept == [(1.01, (4, 0, 0, 0, 0)), (3.0, (4, 0, 7, 9, 9)), (4.0, (3, 0, 8, 0, 0)), (5.0, (3, 0, 9, 1, 0))]
    assert points_of(text_of(points)) == kept
    assert best_at(kept, 0.5) is None
    assert best_at(kept, 3.5) == (4, 0, 7, 9, 9)
    assert reached_at(kept, (4, 0, 7, 9, 8)) == 4.0
    assert reached_at(kept, (4, 0, 7, 9, 9)) == 3.0
    assert reached_at(kept, (2, 9, 9, 9, 9)) is None


def test_how_many_times_longer() -> None:
    ours = [(0.5, (10, 0, 0, 0, 0)), (6.0, (8, 0, 0, 0, 0)), (7.0, (1, 0, 0, 0, 0))]
    assert table.times_longer(ours, [(12.0, (9, 0, 0, 0, 0)), (30.0, (8, 0, 1, 0, 0))], 60) == 5.0
    assert table.times_longer(ours, [(59.0, (9, 0, 0, 0, 0))], 60) is None
    assert table.times_longer(ours, [(61.0, (8, 0, 0, 0, 0))], 60) is None
    with pytest.raises(ValueError, match="no plan"):
        table.times_longer(ours[2:], ours, 60)


def test_tables_show_the_refuted_the_certified_and_the_slower() -> None:
    same = dict.fromkeys(results.FIELDS, "") | {
        "preset": "district", "cadres": "300", "tightness": "tight", "time_limit_s": "60", "workers": "2",
        "measured_at": "2026-01-02T",
    }
    goals = {"duties": "100", "duties_bound": "90", "duties_certified": "75"}
    rows = [
        same | goals | {"method": "ours", "seed": "1", "verified": "True", "trajectory": "5:100,0,0,0,0"},
        same | {"method": "ours", "seed": "2", "verified": "True", "trajectory": "30:90,0,0,0,0"},
        same | {"method": "highs", "seed": "1", "verified": "True", "trajectory": "15:100,0,0,0,0"},
        same | {"method": "timefold", "seed": "1", "verified": "False", "violations": "7", "trajectory": ""},
        same | {"method": "greedy", "seed": "1", "verified": "True", "trajectory": "0.3:101,0,0,0,0"},
    ]
    text = table.text(rows)
    assert "0 of 1, 1 refuted (7 limits broken)" in text
    assert "| duties | 100 | 90 | 10.00 | 75 | 25.00 |" in text
    assert "| HiGHS | 2.5 times |" in text
    assert "| Timefold | never within 10 times |" in text
    assert "| greedy | never within 10 times |" in text
    assert "1 of 2 of our runs had no plan by then" in text


def test_the_course_of_our_own_run_is_heard_goal_by_goal() -> None:
    course = Course()
    for goal, value in (("duties", 9), ("cost", 5), ("duties", 8), ("cost", 7), ("duties", 7)):
        course(rp.Progress(phase="improve", elapsed_s=float(value), goal=goal, value=value))
    course(rp.Progress(phase="verify", elapsed_s=99.0))
    assert course.first_verified_s is None
    course(rp.Progress(phase="construct", elapsed_s=100.0))
    course(rp.Progress(phase="verify", elapsed_s=101.0))
    course(rp.Progress(phase="prices", elapsed_s=102.0))
    assert course.first_verified_s == 100.0
    assert course.points(2) == ((9.0, (9, 0, 0, 5, 0)), (8.0, (8, 0, 0, 7, 0)))


def test_only_what_a_certificate_proves_is_shown_as_certified() -> None:
    assert certified_bound(GoalValue("cost", 9, 5, 0.4, "certificate")) == 5
    assert certified_bound(GoalValue("cost", 9, 5, 0.4, "solver", 3)) == 3
    assert certified_bound(GoalValue("cost", 9, 5, 0.4, "solver")) is None
