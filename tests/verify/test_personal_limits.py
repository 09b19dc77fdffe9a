"""One place at a time, no repeats, call-ups, prerequisites, commitments."""

from __future__ import annotations

import pytest

from rotation_planner.domain.organisation import Place, Travel, Unit
from rotation_planner.domain.people import Record
from rotation_planner.domain.policy import CallUps, Commitments, NoRepeat, OnePlace, Prerequisites, Selector
from rotation_planner.domain.teaching import Institution
from rotation_planner.verify import verify
from tests.verify.small import brief, course, day, found, must, plan_of, session, small

BOTH = {"s": ["c0"], "t": ["c0"]}


def pair(rule, start, end=None, **tables):
    """Session s (Monday to Friday) and t."""
    return small(rule, **({"sessions": [session("s", "2026-03-02", "2026-03-06"), session("t", start, end)]} | tables))


@pytest.mark.parametrize(
    ("start", "days"), [("2026-03-07", 0), ("2026-03-06", 1), ("2026-03-04", 3), ("2026-03-02", 5)]
)
def test_one_place_counts_shared_days(start, days):
    expected = [("one_place", ("c0", "s", "t"), days)] if days else []
    assert found(pair(OnePlace(), start, "2026-03-20"), plan_of(BOTH)) == expected


def test_two_cadres_may_be_in_two_places():
    assert found(pair(OnePlace(), "2026-03-04", "2026-03-20"), plan_of({"s": ["c0"], "t": ["c1"]})) == []


def test_sessions_are_looked_at_by_their_start_in_whatever_order_the_plan_has_them():
    turned = plan_of({"t": ["c0"], "s": ["c0"]})
    assert found(pair(OnePlace(), "2026-03-06", "2026-03-20"), turned) == [("one_place", ("c0", "s", "t"), 1)]


@pytest.mark.parametrize(("start", "days"), [("2026-03-11", 0), ("2026-03-10", 1), ("2026-03-09", 2)])
def test_one_place_counts_the_way_of_both(start, days):
    scenario = pair(
        OnePlace(), start, "2026-03-20",
        places=[Place(id="x"), Place(id="y")], units=[Unit(id="u", authority="a", place="x")],
        institutions=[Institution(id="i", authority="a", place="y")],
        travel=[Travel(origin="y", destination="x", days=2)],
    )
    expected = [("one_place", ("c0", "s", "t"), days)] if days else []
    assert found(scenario, plan_of(BOTH)) == expected


def test_one_place_leaves_out_who_is_not_selected():
    scenario = pair(OnePlace(who=Selector(key_posts=True)), "2026-03-04", "2026-03-20")
    assert found(scenario, plan_of(BOTH)) == []


def test_one_place_of_two_settled_sessions_is_inherited():
    scenario = pair(OnePlace(), "2026-03-06", "2026-03-20", commitments=[must("s", "c0"), must("t", "c0")])
    result = verify(scenario, plan_of(BOTH))
    assert result.ok
    assert brief(result.inherited) == [("one_place", ("c0", "s", "t"), 1)]
    only_one = pair(OnePlace(), "2026-03-06", "2026-03-20", commitments=[must("s", "c0")])
    assert found(only_one, plan_of(BOTH)) == [("one_place", ("c0", "s", "t"), 1)]


def test_weekly_sessions_interleave():
    weekly = course("w", pattern="weekly", days=3)
    sessions = [session("s", "2026-03-02", course="w"), session("t", "2026-03-03", course="w")]
    assert found(small(OnePlace(), courses=[weekly], sessions=sessions), plan_of(BOTH)) == []
    sessions[1] = session("t", "2026-03-16", course="w")
    assert found(small(OnePlace(), courses=[weekly], sessions=sessions), plan_of(BOTH)) == [
        ("one_place", ("c0", "s", "t"), 1)
    ]


REPEAT = [("no_repeat", ("c0", "s", "t"), 1)]


@pytest.mark.parametrize(
    ("months", "start", "expected"),
    [(12, "2027-03-05", REPEAT), (12, "2027-03-06", []), (0, "2030-03-06", REPEAT), (1, "2026-04-05", REPEAT),
     (1, "2026-04-06", [])],
)
def test_no_repeat_until_the_validity_ends(months, start, expected):
    scenario = pair(NoRepeat(), start, courses=[course(validity_months=months)])
    assert found(scenario, plan_of(BOTH)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("k", "b", REPEAT), ("b", "k", REPEAT), ("k", "d", REPEAT), ("d", "k", []), ("b", "d", REPEAT), ("k", "e", REPEAT),
     ("e", "k", []), ("k", "f", []), ("f", "k", REPEAT), ("f", "d", [])],
)
def test_no_repeat_follows_equivalence_and_one_way_substitution(first, second, expected):
    # k = b; k stands for d, and so for d's equivalent e; f stands for b, and so for k, but not on to d
    courses = [
        course("k", substitutes=("d",)), course("b", equivalents=("k",)), course("d", equivalents=("e",)), course("e"),
        course("f", substitutes=("b",)),
    ]
    sessions = [session("s", "2026-03-02", course=first), session("t", "2026-06-01", course=second)]
    assert found(small(NoRepeat(), courses=courses, sessions=sessions), plan_of(BOTH)) == expected


def test_no_repeat_looks_both_ways_at_the_same_start():
    courses = [course("k"), course("d", substitutes=("k",))]
    sessions = [session("s", "2026-03-02", course="k"), session("t", "2026-03-02", course="d")]
    assert found(small(NoRepeat(), courses=courses, sessions=sessions), plan_of(BOTH)) == REPEAT


def test_equivalence_is_transitive():
    courses = [course("k", equivalents=("b",)), course("b"), course("d", equivalents=("b",))]
    sessions = [session("s", "2026-03-02", course="k"), session("t", "2026-06-01", course="d")]
    assert found(small(NoRepeat(), courses=courses, sessions=sessions), plan_of(BOTH)) == REPEAT


def test_call_ups_per_year():
    sessions = [session(f"s{n}", f"2026-0{n}-04") for n in range(1, 5)] + [session("s5", "2027-01-04")]
    scenario = small(CallUps(max_per_year=3, spacing_days=0), sessions=sessions)
    three = {f"s{n}": ["c0"] for n in (1, 2, 3, 5)}
    assert found(scenario, plan_of(three)) == []
    assert found(scenario, plan_of(three | {"s4": ["c0"]})) == [("call_ups", ("c0", "2026"), 1)]


@pytest.mark.parametrize(
    ("start", "missing"), [("2026-03-17", 0), ("2026-03-16", 1), ("2026-03-07", 10), ("2026-03-05", 12)]
)
def test_call_ups_spacing(start, missing):
    scenario = pair(CallUps(spacing_days=10), start, "2026-03-20")
    expected = [("call_ups", ("c0", "s", "t"), missing)] if missing else []
    assert found(scenario, plan_of(BOTH)) == expected


@pytest.mark.parametrize("changes", [{"pattern": "weekends"}, {"channel": "online"}, {"days": 4}])
def test_what_is_no_call_up(changes):
    scenario = small(CallUps(max_per_year=0, min_days=5), courses=[course(**changes)])
    assert found(scenario, plan_of({"s": ["c0"]})) == []


def test_passed_records_count_as_call_ups():
    def with_record(date, result="passed", **rule):
        record = Record(cadre="c0", course="k", date=day(date), result=result)
        return small(CallUps(**rule), courses=[course(validity_months=1)], records=[record])

    plan = plan_of({"s": ["c0"]})
    assert found(with_record("2026-01-10", max_per_year=1, spacing_days=0), plan) == [("call_ups", ("c0", "2026"), 1)]
    assert found(with_record("2025-12-31", max_per_year=1, spacing_days=0), plan) == []
    assert found(with_record("2026-01-10", "failed", max_per_year=1, spacing_days=0), plan) == []
    assert found(with_record("2026-01-30", spacing_days=30), plan) == []
    assert found(with_record("2026-01-31", spacing_days=30), plan) == [
        ("call_ups", ("c0", "record 2026-01-31", "s"), 1)
    ]


def test_call_ups_settled_by_commitment_and_record_are_inherited():
    record = Record(cadre="c0", course="k", date=day("2026-01-20"))
    scenario = pair(
        CallUps(max_per_year=1, spacing_days=60), "2026-11-02", records=[record], commitments=[must("s", "c0")],
        courses=[course(validity_months=1)],
    )
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert brief(result.inherited) == [
        ("call_ups", ("c0", "2026"), 1),
        ("call_ups", ("c0", "record 2026-01-20", "s"), 20),
    ]
    assert found(scenario, plan_of(BOTH)) == [("call_ups", ("c0", "2026"), 1)]


NEEDS_B = [course("k", prerequisites=("b",)), course("b"), course("e", equivalents=("b",))]


@pytest.mark.parametrize(
    ("start", "end", "which", "ok"),
    [("2026-02-23", "2026-03-01", "b", True), ("2026-02-23", "2026-03-02", "b", False),
     ("2026-02-23", "2026-03-01", "e", True), ("2026-04-06", "2026-04-10", "b", False)],
)
def test_prerequisite_ends_before(start, end, which, ok):
    early = session("x", "2026-01-05", "2026-01-09", course="b")  # gives everybody a chance, so c0 is eligible
    sessions = [session("s", "2026-03-02", "2026-03-06"), session("t", start, end, course=which), early]
    scenario = small(Prerequisites(), courses=NEEDS_B, sessions=sessions)
    assert found(scenario, plan_of(BOTH)) == ([] if ok else [("prerequisites", ("c0", "s", "b"), 1)])


@pytest.mark.parametrize(("result", "ok"), [("passed", True), ("failed", False)])
def test_prerequisite_on_record(result, ok):
    record = Record(cadre="c0", course="e", date=day("2010-01-01"), result=result)
    scenario = small(Prerequisites(), courses=NEEDS_B, records=[record])
    rules = {rule for rule, _, _ in found(scenario, plan_of({"s": ["c0"]}))}
    assert rules == (set() if ok else {"prerequisites", "eligibility"})


def test_prerequisite_of_a_settled_session_is_inherited():
    scenario = small(Prerequisites(), courses=NEEDS_B, commitments=[must("s", "c0")])
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert ("prerequisites", ("c0", "s", "b"), 1) in brief(result.inherited)


def test_commitments():
    scenario = small(
        Commitments(),
        sessions=[session(s, "2026-03-02") for s in "stuv"],
        commitments=[must("s", "c0"), must("t", "c0", "must_not"), must("u"), must("v", kind="must_not")],
    )
    assert found(scenario, plan_of({"s": ["c0"], "u": []})) == []
    assert found(scenario, plan_of({"s": ["c1"], "u": []})) == [("commitments", ("c0", "s", "must"), 1)]
    assert found(scenario, plan_of({"s": ["c0"]})) == [("commitments", ("u", "must"), 1)]
    assert found(scenario, plan_of({"s": ["c0"], "u": [], "v": []})) == [("commitments", ("v", "must_not"), 1)]
    assert found(scenario, plan_of({"s": ["c0"], "u": [], "t": ["c0"]})) == [
        ("eligibility", ("c0", "t", "must_not"), 1),
        ("commitments", ("c0", "t", "must_not"), 1),
    ]


def test_must_overrides_must_not():
    scenario = small(
        Commitments(), commitments=[must("s", "c0"), must("s", "c0", "must_not"), must("s", kind="must_not")]
    )
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert len(result.inherited) == 3
    assert found(scenario, plan_of({"s": ["c0"]}, {"s": 3})) == [("commitments", ("s", "must_not"), 2)]


def test_overlapping_call_ups_are_too_near_even_without_spacing():
    scenario = pair(CallUps(spacing_days=0), "2026-03-06", "2026-03-20")
    assert found(scenario, plan_of(BOTH)) == [("call_ups", ("c0", "s", "t"), 1)]
    assert found(pair(CallUps(spacing_days=0), "2026-03-07", "2026-03-20"), plan_of(BOTH)) == []


def test_two_records_too_near_each_other_are_nobodys_fault():
    records = [Record(cadre="c0", course="k", date=day(d)) for d in ("2025-06-02", "2025-06-09")]
    scenario = small(CallUps(spacing_days=30), courses=[course(validity_months=1)], records=records)
    result = verify(scenario, plan_of({"s": ["c0"]}))
    assert result.ok
    assert not result.inherited


def test_a_session_that_must_and_must_not_run_may_run():
    both = [must("s"), must("s", kind="must_not")]
    result = verify(small(Commitments(), commitments=both), plan_of({"s": []}, {"s": 2}))
    assert result.ok
    assert brief(result.inherited) == [("commitments", ("s", "must_not"), 2)]
