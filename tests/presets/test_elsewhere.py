"""Schemes outside the Chinese cadres, against numbers worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

import rotation_planner as rp
from rotation_planner.domain.people import Cadre, Event, Record
from rotation_planner.domain.policy import CourseSelector
from rotation_planner.domain.table import Table
from tests.presets.worked import attending, due, exempt, left, per_mille, reached, scenario, solved, went

NOT_YET = "due after the horizon: not yet due"
SHORT = "not served long enough"


def with_records(of, *records: Record):
    return of.with_tables(records=Table.of(Record, [*of["records"], *records]))


def completed(cadre: str, course: str, date: dt.date, hours: int = 0) -> Record:
    return Record(cadre=cadre, course=course, date=date, hours=hours)


# --- teachers: 360 hours in five years (1,826 days), 120 hours in the first year of service


def test_teachers_hours_by_days_of_service() -> None:
    assert due("cn_teachers_360h", "five_years") == {
        ("five_years", "wang", "horizon"): (360, 0),  # the summer of 2025 lies before the five years
        ("five_years", "wu", "horizon"): (360, 0),  # here since 2025
        ("five_years", "li", "horizon"): (179, 0),  # to 30 June 2028: 912 days; 360 x 912 / 1,826 = 179.8
        ("five_years", "zhao", "horizon"): (312, 0),  # from 1 September 2026: 1,583 days; 312.1
        ("five_years", "qian", "horizon"): (276, 0),  # from 1 March 2027: 1,402 days; 276.4
        ("five_years", "sun", "horizon"): (192, 0),  # from 1 May 2028: 975 days; 192.2
    }
    assert ("five_years", "zhou", SHORT) in exempt("cn_teachers_360h")  # 214 days


def test_teachers_first_year() -> None:
    assert due("cn_teachers_360h", "new_teachers") == {
        ("new_teachers", "wu", "2025-09-01/2026-08-31"): (120, 72),  # the first part was in October 2025
        ("new_teachers", "zhao", "2026-09-01/2027-08-31"): (120, 0),
        ("new_teachers", "qian", "2027-03-01/2028-02-29"): (120, 0),
        ("new_teachers", "sun", "2028-05-01/2029-04-30"): (120, 0),
    }
    assert ("new_teachers", "zhou", NOT_YET) in exempt("cn_teachers_360h")


def test_teachers_who_is_unmet() -> None:
    assert reached("cn_teachers_360h") == {
        # Summers of 2026 and 2027 and the winter of 2027: 60 + 60 + 40.
        ("five_years", "li", "horizon"): (179, 160),
        # No first part after October 2027, so only the second one, in April 2029.
        ("new_teachers", "sun", "2028-05-01/2029-04-30"): (120, 48),
    }
    assert per_mille("cn_teachers_360h") == {
        ("five_years", "li", "horizon"): 107,  # 19 / 179 = 106.1 per mille
        ("new_teachers", "sun", "2028-05-01/2029-04-30"): 600,
    }
    assert went("cn_teachers_360h", "sun")[0] == "second_part-2029-04-13"


def test_teachers_who_attend_all_there_is_lack_candidates() -> None:
    reasons = {(u.duty, u.subject[0]): (u.reason, dict(u.detail)) for u in solved("cn_teachers_360h").unmet}
    # li: six parts are for new teachers (one of them comes after the end of service); three summers and the winter of
    # the others come after it.
    assert reasons["five_years", "li"] == ("no_candidate", {"category": 6, "retired": 4})
    assert reasons["new_teachers", "sun"][0] == "no_candidate"


def test_teachers_day_of_the_first_year() -> None:
    of = scenario("cn_teachers_360h")
    # The second part of 2029 ends on Tuesday 24 April: eight working days from Friday the 13th.
    for entered, got in ((dt.date(2028, 4, 25), 48), (dt.date(2028, 4, 24), 0)):
        cadres = [c.model_copy(update={"entered": entered}) if c.id == "sun" else c for c in of["cadres"]]
        moved = of.with_tables(cadres=Table.of(Cadre, cadres))
        found = left(attending(moved, ("sun", "second_part-2029-04-13")).unmet, "new_teachers")
        assert [v for k, v in found.items() if k[1] == "sun"] == [(120, got)]


def test_teachers_who_leave_late_in_the_first_year_owe_it_in_full() -> None:
    of = scenario("cn_teachers_360h")
    for leaves, dues in ((dt.date(2027, 2, 27), [(120, 0)]), (dt.date(2027, 2, 23), [])):  # 362 and 358 of 365 days
        cadres = [c.model_copy(update={"entered": dt.date(2026, 3, 2)}) if c.id == "sun" else c for c in of["cadres"]]
        events = [*of["events"], Event(cadre="sun", kind="retirement", date=leaves)]
        moved = of.with_tables(cadres=Table.of(Cadre, cadres), events=Table.of(Event, events))
        assert [v for k, v in left(attending(moved).unmet, "new_teachers").items() if k[1] == "sun"] == dues


# --- physicians: class I 5 to 10, class II 15 to 20, 25 together


def test_physicians_parts_of_a_year() -> None:
    found = due("cn_physicians_25_credits")
    assert found["credits", "chen", "2026"] == (25, 0)
    # From 1 July 2026: 184 of 365 days; 5, 15 and 25 x 184 / 365 = 2.5, 7.6 and 12.6.
    assert [found[rule, "guo", "2026"] for rule in ("class_1", "class_2", "credits")] == [(2, 0), (7, 0), (12, 0)]
    # The four months of hu in 2027 are under six; 2028 ends after the horizon.
    assert not [k for k in found if k[1] == "hu"]
    assert ("credits", "hu", SHORT) in exempt("cn_physicians_25_credits")
    assert ("credits", "chen", NOT_YET) in exempt("cn_physicians_25_credits")


def test_physicians_who_is_unmet() -> None:
    assert reached("cn_physicians_25_credits") == {
        ("class_1", "he", "2026"): (5, 4),  # away for the congress; 30 credits of class II do not stand for it
        ("class_2", "guo", "2026"): (7, 5),  # only the seminar of 5 comes after July
        ("credits", "guo", "2026"): (12, 9),  # the seminar, and 4 of class I (at most 4.8)
        ("credits", "ma", "2026"): (25, 24),  # congress 6, ward teaching 10, journal club 8; away from August
    }
    assert per_mille("cn_physicians_25_credits") == {
        ("class_1", "he", "2026"): 200, ("class_2", "guo", "2026"): 286, ("credits", "guo", "2026"): 250,
        ("credits", "ma", "2026"): 40,
    }


@pytest.mark.parametrize(("class_1", "class_2", "met"), [
    (5, 20, True), (10, 15, True), (7, 18, True), (12, 15, True), (5, 30, True),
    (4, 21, False), (10, 14, False), (5, 19, False), (11, 14, False), (4, 40, False), (40, 14, False), (9, 15, False),
])
def test_physicians_surplus_of_one_class_is_no_credit_of_the_other(class_1: int, class_2: int, met: bool) -> None:
    # 25 with class I cut at 10 and class II at 20.
    assert met == (min(10, class_1) + min(20, class_2) >= 25)
    of = with_records(
        scenario("cn_physicians_25_credits"), completed("chen", "congress", dt.date(2026, 1, 7), class_1),
        completed("chen", "ward_teaching", dt.date(2026, 1, 8), class_2),
    )
    unmet = [u for u in attending(of).unmet if u.subject == ("chen", "2026")]
    assert (not unmet) == met


# --- drivers: 35 hours in blocks of 7, cycle after cycle from the qualification


def test_drivers_cycles_run_from_expiry_to_expiry() -> None:
    assert due("eu_drivers_35h") == {
        # Qualified 10 September 2021; three blocks of 7, and an evening of 4 hours that counts nothing.
        ("periodic_training", "anna", "2026-09-09"): (35, 21),
        ("periodic_training", "carl", "2028-06-14"): (35, 0),
        # The second cycle since 20 January 2020; 21 hours of the days before it belong to the first.
        ("periodic_training", "dora", "2030-01-19"): (35, 14),
        ("periodic_training", "emil", "2026-02-02"): (35, 14),
    }
    # ben did his 35 hours early, in 2023: the next cycle still ends on 28 February 2032. gus leaves on his last day.
    assert {k[1] for k in due("eu_drivers_35h")}.isdisjoint({"ben", "gus", "fay"})


def test_drivers_early_hours_do_not_move_the_cycle() -> None:
    of = scenario("eu_drivers_35h")
    rule = of.policy.rules[-1]
    # Half the length of a cycle shows the next one: from 1 September 2024, not from the last block of 2023.
    shorter = of.with_policy(of.policy.model_copy(update={"rules": (rule.model_copy(update={"months": 30}),)}))
    found = left(attending(shorter).unmet)
    assert found["periodic_training", "ben", "2027-02-28"] == (35, 0)


def test_drivers_who_is_unmet() -> None:
    # emil: one block on 12 January; the 14 hours of 2 and 3 February reach beyond the last day.
    assert reached("eu_drivers_35h") == {("periodic_training", "emil", "2026-02-02"): (35, 21)}
    assert per_mille("eu_drivers_35h") == {("periodic_training", "emil", "2026-02-02"): 400}
    assert "block-2026-01-12" in went("eu_drivers_35h", "emil")


@pytest.mark.parametrize(("sessions", "got"), [
    (["block-2026-09-09"], 28),  # the last day of the cycle
    (["block-2026-09-10"], 21),  # the day after
    (["double-2026-02-02", "evening-2026-08-03"], 35),  # 14 count, the evening does not
    (["block-2026-01-12", "block-2026-03-02", "block-2026-09-09"], 42),
])
def test_drivers_blocks(sessions: list[str], got: int) -> None:
    found = left(attending(scenario("eu_drivers_35h"), *(("anna", s) for s in sessions)).unmet)
    assert found.get(("periodic_training", "anna", "2026-09-09"), (35, got)) == (35, got)
    assert (("periodic_training", "anna", "2026-09-09") in found) == (got < 35)


# --- flight crew: in the last three months a check counts from the old expiry


CHECKS = [f"proficiency_check-{d}" for d in ("2026-01-20", "2026-07-20", "2027-01-20", "2027-07-20")]


@pytest.mark.parametrize(("who", "done", "lapsed"), [
    # kim: 15 October 2025, so valid to 14 April 2026.
    ("kim", [], 730 - 104),
    # 20 January is in the last three months: from 15 April on, to 14 October (287 days from 1 January).
    ("kim", [0], 730 - 287),
    ("kim", [0, 1], 730 - (365 + 104)),  # 20 July 2026 counts from 15 October, to 14 April 2027
    ("kim", [0, 1, 2, 3], 0),
    ("kim", [1], 730 - 104 - 184),  # after the lapse from its own day: 20 July 2026 to 19 January 2027
    # lee: 10 September 2025, valid to 9 March 2026; with 20 January to 9 September.
    ("lee", [0], 730 - 252),
    # noa lapsed on 30 December 2025: 19 days are lost before 20 January, from which it counts anew.
    ("noa", [0], 730 - 181),
    ("noa", [0, 1, 2, 3], 19),
    # max enters on 1 June 2026 (579 days) and has nothing before 20 July.
    ("max", [1, 2, 3], 49),
])
def test_crew_proficiency_checks(who: str, done: list[int], lapsed: int) -> None:
    found = left(attending(scenario("easa_recurrent"), *((who, CHECKS[k]) for k in done)).unmet, "proficiency_check")
    days, held = found.get(("proficiency_check", who, "horizon"), (0, 0))
    assert days - held == lapsed


def test_crew_earlier_than_three_months_counts_from_its_own_day() -> None:
    of = scenario("easa_recurrent")
    for taken, until in ((dt.date(2026, 1, 15), dt.date(2026, 10, 15)), (dt.date(2026, 1, 14), dt.date(2026, 7, 14))):
        found = left(attending(with_records(of, completed("kim", "proficiency_check", taken))).unmet)
        _, held = found["proficiency_check", "kim", "horizon"]
        assert held == (until - dt.date(2026, 1, 1)).days


def test_crew_who_is_unmet() -> None:
    assert reached("easa_recurrent") == {
        ("proficiency_check", "noa", "horizon"): (730, 711),
        ("proficiency_check", "max", "horizon"): (579, 530),
        ("line_check", "max", "horizon"): (579, 578),  # the first is on 2 June 2026
        ("emergency_training", "max", "horizon"): (579, 577),  # on 3 June
    }
    # A training of April 2024 holds to April 2027, so one of the two offered before is enough.
    assert sum(s.startswith("full_") for s in went("easa_recurrent", "kim")) == 1


# --- supervisors: within a year of the first appointment, then every three years


def test_supervisors_days_due() -> None:
    assert due("us_supervisors") == {
        ("supervisors", "ada", "horizon"): (1583, 0),  # from 1 September 2026
        ("supervisors", "bob", "horizon"): (1826, 0),  # trained on 15 March 2022, valid to 14 March 2025
        ("supervisors", "fred", "horizon"): (1765, 0),  # from 3 March 2026
        ("supervisors", "finn", "horizon"): (1765, 0),  # the move to another such post starts nothing again
        ("supervisors", "cy", "horizon"): (944, 0),  # promoted 1 June 2027, so from 1 June 2028
    }
    assert exempt("us_supervisors") == {("supervisors", "dee", NOT_YET)}  # 1 March 2031


def test_supervisors_who_is_unmet() -> None:
    assert reached("us_supervisors") == {
        ("supervisors", "bob", "horizon"): (1826, 1785),  # 1 January to 10 February 2026
        ("supervisors", "fred", "horizon"): (1765, 1183),  # away in 2026: 3 March 2026 to 5 October 2027 are 582 days
    }
    assert per_mille("us_supervisors") == {
        ("supervisors", "bob", "horizon"): 23, ("supervisors", "fred", "horizon"): 330
    }
    # Trained in August 2026 (or February), again by August 2029 at the latest: there is only February 2029.
    assert "supervising-2029-02-05" in went("us_supervisors", "ada")


def test_supervisors_three_years_to_the_day() -> None:
    of = scenario("us_supervisors")
    for taken, held in (
        (dt.date(2026, 8, 31), 1095),  # from 1 September 2026 to 30 August 2029: three years less a day
        (dt.date(2027, 12, 31), 1096),  # from its own day to 30 December 2030
        (dt.date(2028, 1, 1), 1096),  # to the end of 2030
        (dt.date(2028, 1, 2), 1095),
    ):
        found = left(attending(with_records(of, completed("ada", "supervising", taken, 24))).unmet)
        assert found["supervisors", "ada", "horizon"] == (1583, held)


# --- officers: phases at 7 to 9, 14 to 16 and 26 to 28 years of service


def test_officers_windows() -> None:
    assert due("ias_mid_career") == {
        ("phase_3", "of_2019", "2026-08-26/2029-08-25"): (1, 0),
        ("phase_3", "of_2018", "2025-08-27/2028-08-26"): (1, 0),
        ("phase_3", "of_2016", "2023-08-29/2026-08-28"): (1, 0),
        ("phase_4", "of_2010", "2024-08-30/2027-08-29"): (1, 0),
        ("phase_5", "of_2001", "2027-08-27/2030-08-26"): (1, 0),
    }  # of_2015 had phase III in 2024
    assert exempt("ias_mid_career") == {
        ("phase_3", "of_2022", NOT_YET), ("phase_4", "of_2016", NOT_YET), ("phase_4", "of_2015", NOT_YET),
        ("phase_5", "of_1999", SHORT),  # half a year of the window served
    }


def test_officers_who_is_unmet() -> None:
    # The only course of phase III left to of_2016 begins in May 2026, on leave.
    assert reached("ias_mid_career") == {("phase_3", "of_2016", "2023-08-29/2026-08-28"): (1, 0)}
    assert went("ias_mid_career", "of_2001") == ["phase_5-2028-10-12"]
    (late,) = set(went("ias_mid_career", "of_2019"))
    assert "phase_3-2027-01-01" < late < "phase_3-2029-08-25"


def test_officers_running_years_lie_a_year_earlier() -> None:
    of = scenario("ias_mid_career")
    running = of.with_policy(rp.presets.policy("ias_mid_career", counted="running"))
    assert set(left(attending(running).unmet)) == {
        ("phase_3", "of_2019", "2025-08-26/2028-08-25"), ("phase_3", "of_2018", "2024-08-27/2027-08-26"),
        ("phase_4", "of_2010", "2023-08-30/2026-08-29"), ("phase_5", "of_2001", "2026-08-27/2029-08-26"),
        ("phase_5", "of_1999", "2024-08-30/2027-08-29"),  # eighteen months of this window are served
    }
    other = rp.presets.policy("ias_mid_career", years={"phase_5": (23, 24)})
    assert [(r.years_low, r.years_high) for r in other.rules[-3:]] == [(8, 10), (15, 17), (24, 25)]
    assert other.rules[-1].which == CourseSelector(courses=("phase_5",))
