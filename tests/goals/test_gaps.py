"""Gaps between what posts require and what cadres hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from rotation_planner.check import check
from rotation_planner.domain.people import Cadre, Event, Holding, Need, Post
from rotation_planner.domain.policy import NeedWeights
from rotation_planner.domain.scenario import Scenario
from rotation_planner.verify import verify
from tests.rules.tiny import built, course, day, label_of, record, rows_of, session, tiny, views

COURSES = [
    course("k", competencies=("x",), teaches={"x": 2}, validity_months=1), course("full", competencies=("x", "y")),
    course("one", competencies=("x", "y"), teaches={"x": 1}), course("old", competencies=("x",), teaches={"x": 1}),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(6, 2)), session("f", day(4, 1, 2027), course="full"),
    session("u", day(5, 4), course="one"),
]
GIVES = {"s": 2, "t": 2, "f": 9, "u": 1}


def scenario(requires: dict[str, int], weights: NeedWeights, **tables: Any) -> Scenario:
    posts = [Post(id="d", unit="u", level="l", requires=requires), Post(id="e", unit="u", level="l")]
    return tiny(n=1, years=2, courses=COURSES, sessions=tables.pop("sessions", SESSIONS), posts=posts,
                policy={"need": weights}, **tables)


def worth(size: int, gives: list[int], weights: NeedWeights) -> int:
    parts = sorted((min(size, g) for g in gives), reverse=True)
    total = 1000 * sum(parts[:1]) + weights.second_per_mille * sum(parts[1:])
    return weights.post * min(1000 * size, total) // 1000


def agree(s: Scenario, value: Any) -> set[int]:
    """Program, check and statement give the same points for every plan, and no helper could give more."""
    b = built(s)
    seen = set()
    columns = b.program.columns_of("need.gained")
    for v in views(b):
        said = value(v)
        seen.add(said)
        assert b.program.feasible(v.x), v.attends
        goals = dict(zip([g.name for g in b.program.goals], b.program.goal_values(v.x), strict=True))
        assert goals["need"] == said, v.attends
        assert verify(s, v.plan).goals == goals
        for k in columns[v.x[columns] < b.program.upper[columns]]:
            more = v.x.copy()
            more[k] += 1
            assert b.program.violations(more).any(), v.attends
    return seen


@pytest.mark.parametrize("second", [0, 333, 500, 1000])
@pytest.mark.parametrize(("required", "held"), [(5, 0), (5, 2), (4, 1), (3, 1), (2, 1)])
def test_the_best_counts_and_others_in_part(required: int, held: int, second: int) -> None:
    weights = NeedWeights(post=3, second_per_mille=second)
    holdings = [Holding(cadre="a", competency="x", mastery=held)] if held else []
    s = scenario({"x": required}, weights, holdings=holdings)
    seen = agree(s, lambda v: worth(required - held, [GIVES[i] for i in v.sessions_of("a")], weights))
    assert len(seen) > 1


def test_two_partial_courses_in_numbers() -> None:
    b = built(scenario({"x": 4}, NeedWeights(post=2, second_per_mille=500)))
    # One session gives all four points of mastery, two give two, one gives one; the best in full, the others by half.
    gained, reach = "need.gained", "need.reach"
    assert rows_of(b, gained) == {
        ("a", "x"): ({(gained, "a", "x"): 1000, **{(reach, "a", "x", str(m)): -1000 for m in (1, 2, 3, 4)},
                      ("attend", "a", "s"): -2000, ("attend", "a", "t"): -2000, ("attend", "a", "f"): -4000,
                      ("attend", "a", "u"): -1000}, None, 0),
    }
    assert {w[2]: {k[2] for k in row[0] if k[0] == "attend"} for w, row in rows_of(b, reach).items()} == {
        "1": {"s", "t", "f", "u"}, "2": {"s", "t", "f"}, "3": {"f"}, "4": {"f"},
    }
    columns = b.program.columns_of(gained)
    assert [(label_of(b, int(k)), int(b.program.upper[k])) for k in columns] == [(("a", "x"), 8)]


@pytest.mark.parametrize(("passed", "given"), [
    ([("old", "passed")], [1]), ([("old", "failed")], []), ([("k", "passed"), ("old", "passed")], [2, 1]),
    ([("full", "passed")], [9]), ([], []),
])
def test_only_what_the_plan_adds_counts(passed: list[tuple[str, Any]], given: list[int]) -> None:
    weights = NeedWeights(post=3, second_per_mille=300)
    s = scenario(
        {"x": 4}, weights, records=[record("a", c, dt.date(2015, 1, 1), 0, result) for c, result in passed]
    )
    before = worth(4, given, weights)
    agree(s, lambda v: worth(4, given + [GIVES[i] for i in v.sessions_of("a")], weights) - before)
    useful = {built(s).model.candidates.sessions.ids[i] for i in
              built(s).model.candidates.session[built(s).model.useful]}
    assert useful == (set() if 9 in given else {"s", "t", "f", "u"})


def test_where_every_course_closes_it_it_is_a_need_like_others() -> None:
    weights = NeedWeights(post=2, personal=1)
    s = scenario(
        {"y": 3, "x": 1}, weights, holdings=[Holding(cadre="a", competency="x", mastery=4)],
        needs=[Need(cadre="a", competency="y", source="personal", weight=5)],
    )
    b = built(s)
    assert not len(b.program.columns_of("need.gained"))
    # Three points of mastery at two points each, and the stated five.
    agree(s, lambda v: 11 * bool({"f", "u"} & set(v.sessions_of("a"))))


def test_stated_needs_stand_beside_the_gap() -> None:
    weights = NeedWeights(post=2, organisation=3, second_per_mille=500)
    s = scenario(
        {"x": 4}, weights, needs=[Need(cadre="a", competency="x", source="organisation", weight=2)],
        records=[record("a", "old", dt.date(2015, 1, 1))],
    )
    # A record of a course that teaches it ends the stated need, and leaves what it did not give of the gap.
    agree(s, lambda v: worth(4, [1] + [GIVES[i] for i in v.sessions_of("a")], weights) - 2)
    agree(
        s.with_tables(records=tiny()["records"]),
        lambda v: worth(4, [GIVES[i] for i in v.sessions_of("a")], weights) + 6 * bool(v.attends),
    )


@pytest.mark.parametrize(("event", "cadre", "size"), [
    (Event(cadre="a", kind="promotion", date=day(9, 1), post="d"), Cadre(id="a", post="e"), 4),
    (Event(cadre="a", kind="transfer", date=day(1, 1), post="e"), Cadre(id="a", post="d"), 0),
    (Event(cadre="a", kind="transfer", date=day(1, 2), post="e"), Cadre(id="a", post="d"), 4),
    (Event(cadre="a", kind="promotion", date=day(1, 1, 2028), post="d"), Cadre(id="a", post="e"), 0),
    (Event(cadre="a", kind="transfer", date=day(1, 20), post="e"), Cadre(id="a", post="d", entered=day(1, 20)), 0),
    (Event(cadre="a", kind="retirement", date=day(12, 1)), Cadre(id="a", post="d"), 4),
])
def test_every_post_held_in_the_horizon_requires(event: Event, cadre: Cadre, size: int) -> None:
    weights = NeedWeights(post=1)
    s = scenario({"x": 4}, weights, cadres=[cadre], events=[event])
    agree(s, lambda v: worth(size, [GIVES[i] for i in v.sessions_of("a")], weights))


def test_a_source_without_weight_earns_nothing() -> None:
    s = scenario({"x": 4}, NeedWeights(post=0))
    assert agree(s, lambda _: 0) == {0}
    assert not len(built(s).program.columns_of("need.gained"))


@pytest.mark.parametrize(("teaches", "code"), [
    ({"x": 5}, set()), ({"x": 6}, {"mastery"}), ({"x": 0}, {"mastery"}), ({"y": 1}, {"not_taught"}),
])
def test_figures_of_a_course_are_checked(teaches: dict[str, int], code: set[str]) -> None:
    s = tiny(courses=[course(competencies=("x",), teaches=teaches)])
    assert {d.code for d in check(s) if d.column == "teaches"} == code


def test_a_record_that_gave_a_part_leaves_the_rest_to_one_course() -> None:
    weights = NeedWeights(post=3)
    s = scenario({"x": 4}, weights, sessions=[SESSIONS[2]], records=[record("a", "old", dt.date(2015, 1, 1))])
    assert agree(s, lambda v: 9 * bool(v.attends)) == {0, 9}


@pytest.mark.parametrize(("first", "second"), [(4, 2), (2, 4)])
def test_of_two_posts_the_higher_mastery_counts(first: int, second: int) -> None:
    posts = [Post(id="d", unit="u", level="l", requires={"x": first}),
             Post(id="e", unit="u", level="l", requires={"x": second})]
    s = scenario({}, NeedWeights(post=1), events=[Event(cadre="a", kind="transfer", date=day(6, 1), post="e")])
    s = s.with_tables(posts=tiny(posts=posts)["posts"])
    agree(s, lambda v: worth(4, [GIVES[i] for i in v.sessions_of("a")], NeedWeights(post=1)))
