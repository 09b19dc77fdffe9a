"""No repeats."""

from __future__ import annotations

import datetime as dt

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import NoRepeat, Selector
from rotation_planner.domain.scenario import Scenario, add_months
from rotation_planner.domain.teaching import Subject
from rotation_planner.verify.eligibility import why_not
from rotation_planner.verify.facts import Facts
from tests.rules.tiny import View, built, course, day, limit_holds_where, record, rows_of, session, tiny

RULE = NoRepeat()


def test_for_ever_is_one_row_a_cadre() -> None:
    s = tiny(RULE, years=5, sessions=[session(f"s{y}", day(3, 2, y)) for y in range(2026, 2031)])
    rows, ids = rows_of(built(s), "no_repeat"), [f"s{y}" for y in range(2026, 2031)]
    assert set(rows) == {("a", *ids), ("b", *ids)}
    assert rows["a", *ids] == ({("attend", "a", f"s{y}"): 1 for y in range(2026, 2031)}, None, 1)


def test_validity_makes_windows() -> None:
    months = [1, 4, 7, 10]
    s = tiny(
        RULE, n=1, courses=[course(validity_months=6)], sessions=[session(f"s{m:02}", day(m, 5)) for m in months]
    )
    rows = rows_of(built(s), "no_repeat")
    assert set(rows) == {("a", "s01", "s04"), ("a", "s04", "s07"), ("a", "s07", "s10")}
    limit_holds_where(s, lambda v: all(
        int(y[1:]) - int(x[1:]) >= 6 for x in v.sessions_of("a") for y in v.sessions_of("a") if x < y
    ))


@pytest.mark.parametrize(("start", "rows"), [(day(9, 3), 1), (day(9, 4), 0)])
def test_the_last_day_of_validity(start: dt.date, rows: int) -> None:
    s = tiny(
        RULE, n=1, courses=[course(validity_months=6)],
        sessions=[session("s", day(3, 2), day(3, 4)), session("t", start)],
    )
    assert len(rows_of(built(s), "no_repeat")) == rows


def test_sessions_in_any_order() -> None:
    s = tiny(
        RULE, n=1, courses=[course(validity_months=3)],
        sessions=[session("s", day(5, 4)), session("t", day(3, 2)), session("r", day(9, 7)), session("q", day(7, 6))],
    )
    near = [{"s", "t"}, {"s", "q"}, {"r", "q"}]
    limit_holds_where(s, lambda v: not any(pair <= set(v.sessions_of("a")) for pair in near))


def test_equivalents_and_one_way_substitutes() -> None:
    courses = [
        course("k", equivalents=("e",)), course("e"), course("big", substitutes=("k",), validity_months=12),
        course("z"),
    ]
    sessions = [
        session("b1", day(1, 5), course="big"), session("k1", day(2, 2)), session("e1", day(3, 2), course="e"),
        session("b2", day(4, 6), course="big"), session("z1", day(5, 4), course="z"),
        session("k2", day(4, 6)),
    ]
    stands = {("k", "k"), ("k", "e"), ("e", "k"), ("e", "e"), ("big", "k"), ("big", "e"), ("big", "big"), ("z", "z")}
    of = {s.id: s for s in sessions}
    months = {"k": 0, "e": 0, "big": 12, "z": 0}

    def repeats(a: str, b: str) -> bool:
        x, y = of[a], of[b]
        valid = months[x.course] == 0 or y.start < add_months(x.end, months[x.course])
        return x.start <= y.start and (x.course, y.course) in stands and valid

    def fits(v: View) -> bool:
        mine = v.sessions_of("a")
        return not any(repeats(x, y) for x in mine for y in mine if x != y)

    s = tiny(RULE, n=1, courses=courses, sessions=sessions)
    limit_holds_where(s, fits)
    rows = rows_of(built(s), "no_repeat")
    members = [{k[2] for k in r[0]} for r in rows.values()]
    # b1 stands for all after it; b2 only for what starts with it or later.
    assert {"b1", "k1", "e1", "k2"} in members
    assert len(rows) == 2
    assert {"b1", "b2", "k2"} in members


SUBJECTS = [Subject(id="p"), Subject(id="q")]
CONTENT = [
    course("k", hours=10, subjects={"p": 500, "q": 500}), course("big", hours=40, subjects={"p": 200}),
    course("twin", equivalents=("big",)), course("given", overlaps={"k": 600, "big": 100}),
]
CONTENT_SESSIONS = [
    session("k1", day(1, 5)), session("b1", day(2, 2), course="big"), session("w1", day(3, 2), course="twin"),
    session("g1", day(4, 6), course="given"), session("k2", day(5, 4)),
]
ALIKE = {("big", "twin"), ("twin", "big")}


def overlap(above: int | None, **tables) -> Scenario:
    return tiny(
        NoRepeat(overlap_per_mille=above), n=1, subjects=SUBJECTS, courses=CONTENT, sessions=CONTENT_SESSIONS, **tables
    )


# Of k's ten hours big gives five (500 per mille); of big's forty hours k gives five (125 per mille).
@pytest.mark.parametrize(("above", "pairs"), [
    (None, set()), (600, set()), (599, {("given", "k")}), (500, {("given", "k")}),
    (499, {("given", "k"), ("big", "k"), ("twin", "k")}), (125, {("given", "k"), ("big", "k"), ("twin", "k")}),
    (124, {("given", "k"), ("big", "k"), ("twin", "k"), ("k", "big"), ("k", "twin")}),
    (99, {("given", "k"), ("given", "big"), ("given", "twin"), ("big", "k"), ("twin", "k"), ("k", "big"),
          ("k", "twin")}),
])
def test_overlap_above_a_part_is_a_repeat(above: int | None, pairs: set[tuple[str, str]]) -> None:
    of = {s.id: s.course for s in CONTENT_SESSIONS}
    order = [s.id for s in CONTENT_SESSIONS]

    def fits(v: View) -> bool:
        mine = [s for s in order if s in v.sessions_of("a")]
        return not any(
            of[x] == of[y] or (of[x], of[y]) in pairs | ALIKE for i, y in enumerate(mine) for x in mine[:i]
        )

    limit_holds_where(overlap(above), fits)


@pytest.mark.parametrize(("above", "who", "left"), [
    (None, Selector(), "bgwk"), (499, Selector(), "bgw"), (500, Selector(), "bgwk"),
    (499, Selector(key_posts=True), "bgwk"),
])
def test_records_follow(above: int | None, who: Selector, left: str) -> None:
    courses = [
        course("k", hours=10, subjects={"p": 500, "q": 500}), course("big", hours=40, subjects={"p": 50}),
        course("old", hours=20, subjects={"p": 250}, validity_months=12), course("given"), course("twin"),
    ]
    s = tiny(
        NoRepeat(overlap_per_mille=above, who=who), n=1, subjects=SUBJECTS, courses=courses,
        sessions=CONTENT_SESSIONS[:4], records=[record("a", "old", day(1, 6, 2025))],
    )
    c = built(s).model.candidates
    assert {c.sessions.ids[i][0] for i in c.session} == set(left)
    assert int(c.excluded["held"][0]) == 4 - len(left)
    facts = Facts(s, Plan.empty())
    person = facts.people.of["a"]
    assert {r[0] for r, run in facts.teaching.runs.items() if why_not(facts, person, run) is None} == set(left)


def test_a_record_that_is_no_longer_valid_repeats_nothing() -> None:
    courses = [
        course("k", hours=10, subjects={"p": 1000}), course("old", hours=10, subjects={"p": 1000}, validity_months=12)
    ]
    s = tiny(
        NoRepeat(overlap_per_mille=0), n=1, subjects=SUBJECTS, courses=courses, sessions=CONTENT_SESSIONS[:1],
        records=[record("a", "old", day(1, 5, 2025))],
    )
    assert len(built(s).model.candidates) == 1
