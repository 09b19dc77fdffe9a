"""The presets for Chinese cadres, against numbers worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

import rotation_planner as rp
from rotation_planner.domain.people import Record
from rotation_planner.domain.policy import Selector
from rotation_planner.domain.table import Table
from tests.presets.worked import attending, due, exempt, left, per_mille, reached, scenario, solved, went

SHORT = "not served long enough"
YEARS = ("2026", "2027", "2028", "2029", "2030")


# --- cn_2023


def test_five_years_go_by_days_of_service() -> None:
    assert due("cn_2023", "five_years") == {
        ("five_years", "secretary", "horizon"): (550, 0),
        ("five_years", "mayor", "horizon"): (550, 0),
        ("five_years", "absent", "horizon"): (550, 0),  # leave does not lessen what is due
        ("five_years", "engineer", "horizon"): (274, 0),  # 912 of 1,826 days: 274.7 hours (or 32.9 of 66 days)
    }  # whoever is promoted to county level later is not among them


def test_years_of_the_others() -> None:
    found = due("cn_2023", "yearly")
    of = {name: sorted(k[2] for k in found if k[1] == name) for name in {k[1] for k in found}}
    whole = ["chief", "late_chief", "head", "clerk", "away", "town_head", "town_deputy"]
    assert of == {
        **{name: list(YEARS) for name in whole}, "recruit": list(YEARS[1:]), "late_recruit": list(YEARS[3:]),
    }
    assert set(found.values()) == {(90, 0)}
    assert {("yearly", "recruit", SHORT), ("yearly", "late_recruit", SHORT)} <= exempt("cn_2023")
    online = due("cn_2023", "online")
    assert set(online.values()) == {(50, 0)}
    assert sorted(k[2] for k in online if k[1] == "engineer") == ["2026", "2027"]  # 182 days of 2028 are too few


def test_events_and_their_last_days() -> None:
    assert set(due("cn_2023", "induction", "on_appointment")) == {
        ("induction", "recruit", "entry", "2026-09-01"), ("induction", "late_recruit", "entry", "2028-11-01"),
        ("on_appointment", "chief", "promotion", "2027-07-01"),
        ("on_appointment", "late_chief", "promotion", "2026-03-01"),
        ("on_appointment", "town_head", "promotion", "2028-02-01"),
    }
    of = scenario("cn_2023")
    for course, taken, met in (
        ("thirty_days", dt.date(2025, 3, 1), True),  # a year before
        ("thirty_days", dt.date(2025, 2, 28), False),
        ("thirty_days", dt.date(2027, 3, 1), True),  # a year after
        ("thirty_days", dt.date(2027, 3, 2), False),
        ("fifteen_days", dt.date(2026, 6, 1), False),  # a deputy county post asks for thirty
    ):
        record = Record(cadre="late_chief", course=course, date=taken)
        records = [r for r in of["records"] if (r.course, r.date) != (course, taken)]
        found = attending(of.with_tables(records=Table.of(Record, [*records, record]))).unmet
        assert (("on_appointment", "late_chief", "promotion", "2026-03-01") not in left(found)) == met


def test_a_fifth_of_the_leaders() -> None:
    # Seven in 2026 and 2027; six in 2028 (engineer leaves, town_head comes in February); seven again: always two.
    assert due("cn_2023", "leaders") == {("leaders", "office", y): (2, 0) for y in YEARS}
    # One leader of the township, from 2029 on two: one each year.
    assert due("cn_2023", "township_heads") == {("township_heads", "office", y): (1, 0) for y in YEARS}


def test_county_teams_and_grass_roots() -> None:
    assert due("cn_2023", "team_theory", "team_months", "team_week") == {
        **{("team_theory", "secretary", f"{y}-01-01/{y + 2}-12-31"): (1, 0) for y in (2026, 2027, 2028)},
        ("team_months", "secretary", "horizon"): (44, 0),
        **{("team_week", "secretary", y): (5, 0) for y in YEARS},
    }
    assert due("cn_2023", "grass_roots") == {
        ("grass_roots", name, y): (6, 0) for name in ("away", "town_head", "town_deputy") for y in YEARS
    }


def test_who_is_unmet_and_by_how_much() -> None:
    assert reached("cn_2023") == {
        # Back in 2029: two main classes, 300 of 550 hours (455 per mille missing) or 40 of 66 days (394, nearer).
        ("five_years", "absent", "horizon"): (66, 40),
        # On leave in May and June 2027: online 50 of 90 hours is nearer than no day of 12.
        ("yearly", "away", "2027"): (90, 50),
        ("grass_roots", "away", "2027"): (6, 0),
        **{("online", "absent", y): (50, 0) for y in ("2026", "2027", "2028")},
        ("online", "away", "2028"): (50, 0),
        ("induction", "late_recruit", "entry", "2028-11-01"): (1, 0),  # none is offered after October 2027
        ("on_appointment", "late_chief", "promotion", "2026-03-01"): (1, 0),  # thirty days come in March 2028 only
        ("team_week", "secretary", "2030"): (5, 0),  # no finance week in 2030
    }
    shares = per_mille("cn_2023")
    assert shares["five_years", "absent", "horizon"] == 394
    assert shares["yearly", "away", "2027"] == 445
    assert sum(shares.values()) == 394 + 445 + 8 * 1000 == solved("cn_2023").goals[0].value


def test_twelve_days_are_enough_though_the_hours_are_not() -> None:
    # 72 hours of the yearly class alone: 12 days.
    found = left(attending(scenario("cn_2023"), ("clerk", "yearly_class-2026-05-25")).unmet, "yearly")
    assert ("yearly", "clerk", "2026") not in found
    # Ten evenings online are ten days of no collective training: 50 of 90 hours.
    found = left(attending(scenario("cn_2023"), ("clerk", "web-2026-11-09")).unmet, "yearly")
    assert found["yearly", "clerk", "2026"] == (90, 50)


def test_main_classes_without_their_content_do_not_run() -> None:
    # Lectures hold 75 % theory and party spirit, but 15 % of party spirit: even those who lack days cannot attend.
    assert not [a for a in solved("cn_2023").plan.attendances if a.session.startswith("lectures")]
    broken = attending(scenario("cn_2023"), ("mayor", "lectures-2026-09-07")).violations
    assert {(v.rule, v.amount) for v in broken} == {("party_spirit", 1)}
    per_institution = rp.presets.policy("cn_2023", content_per="institution")
    of = scenario("cn_2023").with_policy(per_institution)
    found = attending(of, ("mayor", "lectures-2026-09-07"))
    assert found.ok
    # One class of 150 hours with 15 % where 20 % are due: 7.5 hours short of 30.
    assert [(u.duty, u.subject) for u in found.unmet if u.duty == "party_spirit"] == [
        ("party_spirit", ("school", "2026"))
    ]


def test_promotion_may_be_prepared_before() -> None:
    assert "thirty_days-2028-03-06" in went("cn_2023", "chief")
    assert "fifteen_days-2028-10-09" in went("cn_2023", "town_head")
    assert "induction-2026-10-12" in went("cn_2023", "recruit")


# --- cn_civil_servants


def test_four_kinds_of_training() -> None:
    found = due("cn_civil_servants")
    assert {k: v for k, v in found.items() if k[0] != "yearly"} == {
        ("induction", "recruit", "entry", "2026-07-01"): (1, 0),
        ("induction", "late_recruit", "entry", "2026-11-02"): (1, 0),
        ("on_appointment", "rising", "promotion", "2026-09-01"): (1, 0),
        ("on_appointment", "risen", "promotion", "2025-06-02"): (1, 0),
        ("on_appointment", "climbing", "promotion", "2026-06-01"): (1, 0),
        ("specialised", "judge", "horizon"): (1, 0),  # the course of 2025 lies before the horizon
        ("specialised", "advocate", "horizon"): (1, 0),
        ("five_years", "chief", "horizon"): (550, 0),
        ("five_years", "old_chief", "horizon"): (274, 0),  # 912 of 1,826 days
    }
    assert {k[1] for k in found if k[0] == "yearly"} == {
        "rising", "risen", "climbing", "judge", "advocate", "recruit", "late_recruit"
    }
    assert "director" not in {k[1] for k in found}  # no civil servant


def test_civil_servants_who_is_unmet() -> None:
    assert reached("cn_civil_servants") == {
        # Due by 2 November 2027; the only induction begins before the entry.
        ("induction", "late_recruit", "entry", "2026-11-02"): (1, 0),
        # Two classes of 14 days and 84 hours before July 2028: 28 of 32 days, or 168 of 274 hours.
        ("five_years", "old_chief", "horizon"): (32, 28),
    }
    assert per_mille("cn_civil_servants")["five_years", "old_chief", "horizon"] == 125
    # Five classes are 420 of 550 hours, but 70 of 66 days.
    assert sum(s.startswith("county_class") for s in went("cn_civil_servants", "chief")) == 5
    assert "thirty-2026-03-09" in went("cn_civil_servants", "rising")  # as a head, before the promotion
    # Either is long enough and in time.
    assert {"fifteen-2026-02-02", "thirty-2026-03-09"} & set(went("cn_civil_servants", "risen"))


def test_only_what_is_asked_for_is_a_rule() -> None:
    names = [r.label for r in rp.presets.policy("cn_civil_servants").rules]
    assert "specialised" not in names
    more = rp.presets.policy("cn_civil_servants", specialised=Selector(duties=("law",)), specialised_courses=2)
    assert (more.rules[-1].label, more.rules[-1].amount) == ("specialised", 2)
    names = {r.label for r in rp.presets.policy("cn_2023").rules}
    assert not names & {"township_heads", "team_theory", "team_months", "team_week", "grass_roots"}


@pytest.mark.parametrize(("month_days", "days"), [(20, 60), (22, 66), (30, 90)])
def test_days_of_a_month_are_the_offices_own(month_days: int, days: int) -> None:
    rule = next(r for r in rp.presets.policy("cn_2023", month_days=month_days).rules if r.label == "five_years")
    assert (rule.amount, rule.or_amount) == (550, days)
