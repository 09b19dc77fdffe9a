"""Rules whose parameters, tables or courses do not go together: errors, then warnings."""

from __future__ import annotations

from typing import Any

from tests.bad_input_case import Case, one
from tests.damage import Damage, cell, policy, row, rule, together


def add(kind: str, **values: Any) -> Damage:
    """Add a rule to the policy."""
    return policy(lambda c: c["rules"].append({"kind": kind, **values}))


def decision(**values: str) -> Damage:
    """Add a rule on approvals, and a decision."""
    return together(add("approval", who={"key_posts": False}), row("approvals", **values))


def quota(**values: str) -> Damage:
    """Add a rule on seats, and a quota of course k in 2026."""
    return together(add("seat_quota"), row("seat_quotas", course="k", year="2026", **values))


ERRORS = [
    Case("A window without its length", add("total", amount=3, window="rolling"),
         one("parameter_missing", "policy", None, "months")),
    Case("A length that the window does not read", add("total", amount=3, months=24),
         one("parameter_not_applicable", "policy", None, "months")),
    Case("Days away together on a single day", rule("unit_release", measure="person_days"),
         one("measure_not_applicable", "policy", None, "measure")),
    Case("An expiry, and no months before it",
         together(add("cycle", months=24, anchor="expiry"), cell("courses", 2, "validity_months", "12")),
         one("early_months", "policy", None, "early_months")),
    Case("Two last days", add("sure_attendance", by="2028-01-01", months=12),
         one("two_dates", "policy", None, "months")),
    Case("A last day after the horizon", add("sure_attendance", by="2031-01-01"),
         one("outside_horizon", "policy", None, "by")),
    Case("An authority listed twice", add("precedence", authorities=["top", "top"]),
         one("listed_twice", "policy", None, "authorities")),
    Case("Quotas without their rule", row("seat_quotas", course="k", year="2026", authority="city", granted="3"),
         one("no_rule", "seat_quotas")),
    Case("More seats returned than granted", quota(authority="city", granted="3", returned="4"),
         one("returned_above_granted", "seat_quotas", 2, "returned")),
    Case("A decision about a course and a session",
         decision(authority="top", course="k", session="s", cadre="a", date="2026-01-01"),
         one("one_of_two", "approvals", 2, "course")),
    Case("A decision of an authority that does not decide",
         decision(authority="city", course="k", cadre="a", date="2026-01-01"),
         one("wrong_authority", "approvals", 2, "authority")),
    Case("Mornings that take the whole day", cell("courses", 3, "pattern", "mornings"),
         one("half_day", "courses", 3, "day_fraction_per_mille")),
]

WARNINGS = [
    Case("Evenings that take the whole day", cell("courses", 3, "pattern", "evenings"),
         one("evening_at_work", "courses", 3, "day_fraction_per_mille"), severity="warning"),
    Case("A cycle whose course is never taken again", add("cycle", months=24, which={"courses": ["k"]}),
         one("cannot_recur", "policy", None, "months"), severity="warning"),
    Case("A deadline that asks for more days than any course has",
         add("deadline", course_kinds=["in_service"], min_days=6),
         one("no_course_long_enough", "policy", None, "min_days"), severity="warning"),
    Case("Years of service without a day of entry",
         add("total", amount=3, window="service", years_low=1, years_high=3),
         one("no_entry", "cadres", 3, "entered"), severity="warning"),
    Case("A total that is due after the horizon",
         add("total", amount=3, window="dates", first="2026-01-01", last="2031-06-01"),
         one("not_yet_due", "policy", None, "last"), severity="warning"),
    Case("An opening balance above the cap",
         together(add("carry_over", hours=10, cap_hours=5), cell("cadres", 2, "opening_hours", "6")),
         one("opening_above_cap", "cadres", 2, "opening_hours"), severity="warning"),
    Case("A stand-in who works elsewhere", row("stand_ins", cadre="b", stand_in="c"),
         one("never_there", "stand_ins", 2, "stand_in"), severity="warning"),
    Case("More seats granted than asked for", quota(authority="city", asked="2", granted="3"),
         one("granted_above_asked", "seat_quotas", 2, "granted"), severity="warning"),
    Case("More seats handed down than there are",
         together(quota(authority="top", granted="5"),
                  row("seat_quotas", course="k", year="2026", authority="city", granted="6")),
         one("more_handed_down", "seat_quotas", 2, "granted"), severity="warning"),
    Case("An approval that nobody can give",
         together(add("approval", who={"key_posts": False}, departments=["city"]), cell("courses", 2, "owner", "top")),
         one("nobody_decides", "policy", None, "departments"), severity="warning"),
    Case("A decision that is not needed",
         together(add("approval", who={"key_posts": False}, departments=["city"]),
                  row("approvals", authority="top", course="k", cadre="a", date="2026-01-01")),
         one("not_needed", "approvals", 2, "authority"), severity="warning"),
    Case("A decision after the last call-up", decision(authority="top", course="k", cadre="a", date="2030-12-31"),
         one("too_late", "approvals", 2, "date"), severity="warning"),
    Case("A decision about people who are not below the caller",
         together(row("authorities", id="other", parent="top"),
                  decision(authority="top", course="k", target="other", date="2026-01-01")),
         one("not_below", "approvals", 2, "target"), severity="warning"),
]

RULES = ERRORS + WARNINGS
