"""Totals in windows."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from rotation_planner.domain.errors import Defect
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import CarryOver, CourseSelector, Policy, Selector, Total, TotalLimit
from rotation_planner.domain.teaching import Subject
from rotation_planner.io.policy_file import parse_policy, policy_text
from rotation_planner.verify import total, verify
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from tests.rules.tiny import Cadre, Event, View, built, course, day, duty_misses, record, rows_of, session, tiny

COURSES = [
    course("k", hours=30, days=4, kind="theory", subjects={"law": 250, "tax": 400}),
    course("z", hours=50, days=7, subjects={"law": 333}), course("web", hours=16, days=2, channel="online"),
    course("old", kind="theory", subjects={"law": 500}, days=3), course("oldweb", channel="online", days=5),
]
SESSIONS = [
    session("s", day(3, 2)), session("t", day(9, 1), None, "z"), session("w", day(5, 4), None, "web"),
    session("y", day(12, 30), day(1, 5, 2027), "z"), session("v", day(6, 1, 2027), None, "web"),
]
END = {"s": day(3, 2), "t": day(9, 1), "w": day(5, 4), "y": day(1, 5, 2027), "v": day(6, 1, 2027)}
COURSE_OF = {"s": "k", "t": "z", "w": "web", "y": "z", "v": "web"}
THEORY, ONLINE = CourseSelector(kinds=("theory",)), CourseSelector(channels=("online",))
CENTRE = CourseSelector(channels=("centre",))
BEYOND, BOOKED = "due after the horizon: not yet due", "due after the horizon: booked"
SHORT = "not served long enough"


def scenario(rule: Total, **tables: Any):
    given = {"n": 1, "years": 2, "courses": COURSES, "sessions": SESSIONS, "subjects": SUBJECTS, **tables}
    return tiny(rule, **given)


SUBJECTS = [Subject(id="law"), Subject(id="tax")]


def per_mille(missing: float, due: int) -> int:
    return math.ceil(1000 * max(0, missing) / due)


def dues(rule: Total, **tables: Any) -> dict[str, int]:
    """Window to what is due, told by the rows; the check of an empty plan says the same."""
    s = scenario(rule, **tables)
    shown = {w[1]: row[0]["total.short", *w] for w, row in rows_of(built(s), "total").items()}
    unmet = {u.subject[1]: u.required for u in verify(s, Plan.empty()).unmet}
    assert shown == unmet
    return shown


@pytest.mark.parametrize(("measure", "worth", "past"), [
    ("hours", {"s": 30, "t": 50, "w": 16, "y": 50, "v": 16}, {"old": 7, "oldweb": 11}),
    ("days", {"s": 4, "t": 7, "w": 2, "y": 7, "v": 2}, {"old": 3, "oldweb": 5}),
    ("sessions", dict.fromkeys("stwyv", 1), {"old": 1, "oldweb": 1}),
])
@pytest.mark.parametrize("replace", [0, 150, 500])
def test_what_counts_and_what_replaces(measure: Any, worth: dict[str, int], past: dict[str, int], replace: int) -> None:
    amount = {"hours": 90, "days": 21, "sessions": 4}[measure]
    rule = Total(
        measure=measure, amount=amount, which=CENTRE, replace=ONLINE if replace else None, replace_per_mille=replace
    )
    records = [record("a", "old", day(1, 1), 7), record("a", "oldweb", day(12, 31, 2027), 11)]

    def missing(v: View) -> dict[tuple[str, ...], int]:
        mine = v.sessions_of("a")
        full = past["old"] + sum(worth[s] for s in mine if s in "sty")
        extra = past["oldweb"] + sum(worth[s] for s in mine if s in "wv")
        return {("a", "horizon"): per_mille(amount - full - min(amount * replace // 1000, extra), amount)}

    duty_misses(scenario(rule, records=records), missing)


def test_hours_of_subjects_and_of_others_that_replace() -> None:
    rule = Total(
        measure="subject_hours", subjects=("law",), amount=30, replace=CourseSelector(subjects=("tax", "law")),
        replace_per_mille=301,
    )
    records = [record("a", "old", day(2, 2), 9)]

    def missing(v: View) -> dict[tuple[str, ...], int]:
        mine = v.sessions_of("a")
        law = 4500 + 7500 * ("s" in mine) + 16_650 * (("t" in mine) + ("y" in mine))
        tax = 12_000 * ("s" in mine)
        return {("a", "horizon"): math.ceil(max(0, 30_000 - law - min(9030, tax)) / 30)}

    duty_misses(scenario(rule, records=records), missing)


def test_rows_in_numbers() -> None:
    rule = Total(
        measure="subject_hours", subjects=("law",), amount=30, replace=CourseSelector(subjects=("tax",)),
        replace_per_mille=300, weight=2,
    )
    b = built(scenario(rule, sessions=SESSIONS[:3], cadres=[Cadre(id="a", post="key")]))
    a = ("a", "horizon")
    assert rows_of(b, "total") == {
        a: ({("attend", "a", "s"): 7500, ("attend", "a", "t"): 16_650, ("total.counted", *a): 1,
             ("total.short", *a): 30}, 30_000, None)
    }
    assert rows_of(b, "total.counted") == {
        a: ({("total.counted", *a): 1, ("attend", "a", "s"): -9000}, None, 0)  # 12,000 cut to the cap
    }
    assert b.program.goals[0].coefs.tolist() == [6]
    useful = {b.model.candidates.sessions.ids[s] for s in b.model.candidates.session[b.model.useful]}
    assert useful == {"s", "t"}


ROLLING = {
    "2025-07-01/2026-12-31": (day(7, 1, 2025), day(12, 31)),
    "2026-07-01/2027-12-31": (day(7, 1), day(12, 31, 2027)),
}
SPRING = (day(3, 1, 2027), day(5, 31, 2027))
YEARS = {"2026": (day(1, 1), day(12, 31)), "2027": (day(1, 1, 2027), day(12, 31, 2027))}


@pytest.mark.parametrize(("window", "spans"), [
    ({"window": "year"}, YEARS),
    ({"window": "rolling", "months": 18}, ROLLING),
    ({"window": "rolling", "months": 18, "look_back": False}, dict(list(ROLLING.items())[1:])),
    ({"window": "rolling", "months": 3, "every_months": 17}, {"2027-03-01/2027-05-31": SPRING}),
    ({"window": "dates", "first": day(3, 2), "last": day(9, 1)}, {"2026-03-02/2026-09-01": (day(3, 2), day(9, 1))}),
    ({"window": "dates", "first": day(3, 3), "last": day(8, 31)}, {"2026-03-03/2026-08-31": (day(3, 3), day(8, 31))}),
    ({"window": "dates", "first": day(6, 1, 2025), "last": day(1, 4, 2027)},
     {"2025-06-01/2027-01-04": (day(6, 1, 2025), day(1, 4, 2027))}),
])
def test_windows_with_records_on_their_edges(window: dict[str, Any], spans: dict[str, Any]) -> None:
    past = [(day(7, 1, 2025), 1), (day(6, 30, 2025), 2), (day(12, 31), 4), (day(3, 1, 2027), 8), (day(6, 1, 2025), 16),
            (day(5, 31, 2025), 32), (day(9, 1), 64), (day(2, 28, 2027), 128)]
    worth = {"s": 30, "t": 50, "w": 16, "y": 50, "v": 16}
    rule = Total(amount=300, **window)

    def missing(v: View) -> dict[tuple[str, ...], int]:
        found = {}
        for name, (first, last) in spans.items():
            got = sum(h for d, h in past if first <= d <= last)
            got += sum(worth[s] for s in v.sessions_of("a") if first <= END[s] <= last)
            found["a", name] = per_mille(300 - got, 300)
        return found

    duty_misses(scenario(rule, records=[record("a", "old", d, h) for d, h in past]), missing)


@pytest.mark.parametrize(("entered", "windows", "why"), [
    (day(6, 2, 2023), {"2025-06-02/2027-06-01"}, set()),  # third and fourth year
    (day(1, 1, 2024), {"2026-01-01/2027-12-31"}, set()),
    (day(1, 2, 2024), set(), {BEYOND}),
    (day(1, 1, 2022), set(), set()),  # over on the last day of 2025
    (day(1, 2, 2022), {"2024-01-02/2026-01-01"}, set()),
    (day(12, 31, 2025), set(), {BEYOND}), (day(1, 1), set(), set()),  # begins on the day after the horizon
    (None, set(), {"day of entry into service not known"}),
])
def test_years_of_service(entered: dt.date | None, windows: set[str], why: set[str]) -> None:
    rule = Total(amount=3, measure="sessions", window="service", years_low=3, years_high=4)
    s = scenario(rule, cadres=[Cadre(id="a", post="d", entered=entered)], sessions=[])
    assert {u.subject[1] for u in verify(s, Plan.empty()).unmet} == windows
    assert {w for _, _, w in verify(s, Plan.empty()).exempt} == why
    b = built(s)
    assert {b.program.families[f].where(0)[1] for f in b.program.column_family[b.program.columns_of("total.short")]} \
        == windows


def test_each_cadre_has_a_window_of_service() -> None:
    rule = Total(amount=60, window="service", years_low=1, years_high=2)
    cadres = [Cadre(id="a", post="d", entered=day(1, 5, 2025)), Cadre(id="b", post="d", entered=day(5, 5, 2025))]
    s = scenario(rule, cadres=cadres, sessions=[SESSIONS[0], SESSIONS[2], SESSIONS[3]])

    def missing(v: View) -> dict[tuple[str, ...], int]:
        # The window of a ends on 4 January 2027, one day before session y does.
        got = {c: sum({"s": 30, "w": 16, "y": 50 * (c == "b")}[x] for x in v.sessions_of(c)) for c in "ab"}
        return {
            ("a", "2025-01-05/2027-01-04"): per_mille(60 - got["a"], 60),
            ("b", "2025-05-05/2027-05-04"): per_mille(60 - got["b"], 60),
        }

    duty_misses(s, missing)


def gone(date: dt.date) -> list[Event]:
    return [Event(cadre="a", kind="retirement", date=date)]


@pytest.mark.parametrize(("part", "fields", "retires", "due"), [
    ("pro_rata", {}, None, 90), ("full", {}, None, 90), ("exempt", {}, None, 90),
    ("pro_rata", {"entered": day(1, 2)}, None, 89), ("full", {"entered": day(1, 2)}, None, 90),
    ("exempt", {"entered": day(1, 2)}, None, None), ("exempt", {"entered": day(1, 1)}, None, 90),
    ("pro_rata", {}, day(7, 6, 2027), 67), ("pro_rata", {}, day(7, 7, 2027), 68),  # 68 of 90 need 552 of 730 days
    ("exempt", {}, day(12, 31, 2027), None), ("exempt", {}, day(1, 1, 2028), 90),
    ("full", {}, day(12, 26), None), ("full", {}, day(12, 27), 90),  # twelve months are 360 days
    ("pro_rata", {}, day(1, 1), None),
])
def test_joiners_and_leavers(part: Any, fields: dict[str, Any], retires: dt.date | None, due: int | None) -> None:
    rule = Total(amount=90, part_service=part)
    s = {"cadres": [Cadre(id="a", post="d", **fields)], "events": gone(retires) if retires else [],
         "sessions": SESSIONS[:1]}
    if retires == day(1, 1):
        s["sessions"] = []
    assert dues(rule, **s) == ({} if due is None else {"horizon": due})
    exempt = verify(scenario(rule, **s), Plan.empty()).exempt
    assert exempt == (() if due is not None else (("total", "a", SHORT),))


@pytest.mark.parametrize(("entered", "due"), [
    (None, {"2025-01-01/2026-12-31": 90, "2026-01-01/2027-12-31": 90}),
    (day(1, 1, 2025), {"2025-01-01/2026-12-31": 90, "2026-01-01/2027-12-31": 90}),
    (day(2, 1, 2025), {"2025-01-01/2026-12-31": 86, "2026-01-01/2027-12-31": 90}),  # 699 of 730 days
    (day(1, 5), {"2025-01-01/2026-12-31": 44, "2026-01-01/2027-12-31": 89}),
    (day(1, 6), {"2025-01-01/2026-12-31": 44, "2026-01-01/2027-12-31": 89}),  # 360 days of the first
    (day(1, 7), {"2026-01-01/2027-12-31": 89}),
])
def test_service_before_the_horizon_counts(entered: dt.date | None, due: dict[str, int]) -> None:
    rule = Total(amount=90, window="rolling", months=24)
    assert dues(rule, cadres=[Cadre(id="a", post="d", entered=entered)]) == due


def test_who_has_left_before_the_horizon_owes_nothing() -> None:
    rule = Total(amount=90, window="rolling", months=120, min_service_months=0)
    for date, n in ((day(1, 1), 0), (day(1, 2), 2)):
        s = scenario(rule, events=gone(date))
        assert len(verify(s, Plan.empty()).unmet) == len(built(s).program.columns_of("total.short")) == n


def test_windows_that_end_later_are_booked_or_not_yet_due() -> None:
    rule = Total(amount=30, window="dates", first=day(1, 1), last=day(1, 1, 2028))
    s = scenario(rule)
    b = built(s)
    assert not len(b.program.columns_of("total.short"))
    assert not b.model.useful.any()
    assert verify(s, Plan.empty()).exempt == (("total", "a", BEYOND),)
    done = scenario(rule, records=[record("a", "old", day(1, 1), 30)])
    assert verify(done, Plan.empty()).exempt == (("total", "a", BOOKED),)
    assert len(built(scenario(rule.model_copy(update={"last": day(12, 31, 2027)}))).program.columns_of("total.short"))


def test_met_by_history_is_no_duty_and_nothing_useful() -> None:
    b = built(scenario(Total(amount=40), records=[record("a", "old", day(2, 2), 40)]))
    assert rows_of(b, "total") == {}
    assert not b.model.useful.any()
    nearly = built(scenario(Total(amount=40), records=[record("a", "old", day(2, 2), 39)]))
    assert nearly.model.useful.all()


def test_what_replaces_on_record_is_history_too() -> None:
    rule = Total(amount=40, which=CENTRE, replace=ONLINE, replace_per_mille=250)
    for centre, online, met in ((30, 10, True), (30, 9, False), (29, 50, False), (40, 0, True)):
        s = scenario(rule, records=[record("a", "old", day(2, 2), centre), record("a", "oldweb", day(2, 2), online)])
        (due,) = total.check(rule, Facts(s, Plan.empty()), Findings())
        assert (due.history, due.open) == (centre + min(10, online), not met)
        assert built(s).model.useful.any() == (not met)


def test_only_who_is_selected() -> None:
    rule = Total(amount=40, who=Selector(key_posts=True))
    s = scenario(rule, cadres=[Cadre(id="a", post="d"), Cadre(id="b", post="key")])
    assert {w[0] for w in rows_of(built(s), "total")} == {"b"}
    assert {u.subject[0] for u in verify(s, Plan.empty()).unmet} == {"b"}


def test_the_policy_file_holds_dates_and_what_replaces() -> None:
    rules = (
        Total(window="dates", first=day(1, 1), last=day(6, 30), amount=3, which=CENTRE, replace=ONLINE,
              replace_per_mille=300),
        TotalLimit(amount=9, months=12, measure="days"), CarryOver(hours=90, cap_hours=30, which=THEORY),
    )
    defects: list[Defect] = []
    read, _ = parse_policy(policy_text(Policy(rules=rules)), "policy.toml", defects)
    assert (read.rules, defects) == (rules, [])
