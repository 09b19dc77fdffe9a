"""Cycles of validity."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.domain.policy import CourseSelector, Cycle, Selector
from rotation_planner.domain.scenario import add_months
from rotation_planner.verify import cycle, verify
from rotation_planner.verify.facts import Facts
from rotation_planner.verify.findings import Findings
from tests.rules.tiny import (
    Cadre,
    Event,
    View,
    built,
    course,
    day,
    duty_misses,
    must,
    record,
    rows_of,
    session,
    tiny,
)

OLD = course("old", validity_months=1)
COURSES = [course(validity_months=1), course("z", validity_months=1), OLD]
WHICH = CourseSelector(courses=("k", "old"))
ONE = dt.timedelta(days=1)


def rule(months: int = 6, **fields) -> Cycle:
    return Cycle(**{"months": months, "which": WHICH, "first_months": 0, **fields})


def dates(*ends: dt.date):
    """Sessions named after their place, of one day each."""
    return [session(f"s{i}", end) for i, end in enumerate(ends)]


def scenario(of: Cycle, sessions, **tables):
    return tiny(of, **{"n": 1, "courses": COURSES, "sessions": sessions, **tables})


def lapsed(
    of: Cycle, done: list[dt.date], since: dt.date, until: dt.date
) -> int:
    """Fewest days without validity, by trying every way of counting: left out, from its own day, from the expiry."""
    best = (until - since).days
    for ways in itertools.product("-de", repeat=len(done)):
        valid: set[dt.date] = set()
        expiry = None
        for completed, way in zip(sorted(done), ways, strict=True):
            begin = completed
            if way == "-":
                continue
            if way == "e":
                early = expiry and add_months(expiry, -of.early_months) <= completed < expiry
                if of.anchor == "completion" or not early:
                    break
                begin = expiry
            # Counting anew ends what was valid before.
            if way == "d":
                valid = {d for d in valid if d < completed}
            expiry = add_months(begin, of.months)
            valid |= {begin + i * ONE for i in range((expiry - begin).days)}
        else:
            best = min(best, sum(since + i * ONE not in valid for i in range((until - since).days)))
    return best


FIRST, PAST = day(1, 1), day(1, 1, 2027)


def missing(of: Cycle, ends, past=(), since=FIRST, until=PAST):
    due = (until - since).days
    when = {f"s{i}": end for i, end in enumerate(ends)}

    def said(v: View) -> dict[tuple[str, ...], int]:
        done = [when[s] for s in v.sessions_of("a") if s in when]
        return {("a", "horizon"): math.ceil(1000 * lapsed(of, [*past, *done], since, until) / due)}

    return said


def test_days_without_a_valid_completion_are_missed() -> None:
    ends = [day(2, 3), day(5, 5), day(8, 10), day(9, 1)]
    duty_misses(scenario(rule(), [*dates(*ends), session("other", day(6, 1), None, "z")]), missing(rule(), ends))


def test_what_is_on_record_counts_on_its_day() -> None:
    ends = [day(4, 1), day(6, 1)]
    past = [day(9, 15, 2025), day(11, 20), day(3, 1, 2025)]
    rows = [record("a", "old", d) for d in past]
    rows += [record("a", "z", day(1, 2)), record("a", "k", day(7, 1), 0, "failed")]
    duty_misses(scenario(rule(), dates(*ends), records=rows), missing(rule(), ends, past))


EARLY = rule(4, anchor="expiry", early_months=2)


def test_done_late_enough_counts_from_the_old_expiry() -> None:
    ends = [day(2, 2), day(3, 30), day(5, 29), day(8, 3), day(10, 1)]
    duty_misses(scenario(EARLY, dates(*ends)), missing(EARLY, ends))


def test_renewals_chain_over_the_record_and_the_plan() -> None:
    # Done in August: valid to 9 December, renewed in November to 9 April, and so on.
    past = [day(8, 9, 2025), day(11, 9, 2025)]
    ends = [day(2, 9), day(4, 8), day(6, 30), day(10, 1)]
    of = scenario(EARLY, dates(*ends), records=[record("a", "old", d) for d in past])
    duty_misses(of, missing(EARLY, ends, past))


@pytest.mark.parametrize("seed", range(12))
def test_any_dates(seed: int) -> None:
    r = random.Random(seed)
    months = r.choice([2, 3, 4, 6])
    of = rule(months, anchor="expiry", early_months=r.randint(1, months - 1))
    if seed % 4 == 3:
        of = rule(months)
    ends = [day(1, 1) + r.randint(0, 364) * ONE for _ in range(4)]
    past = [day(1, 1) + r.randint(-300, 300) * ONE for _ in range(2)]
    rows = [record("a", "old", d) for d in dict.fromkeys(past)]
    duty_misses(scenario(of, dates(*ends), records=rows), missing(of, ends, list(dict.fromkeys(past))))


@pytest.mark.parametrize(("of", "done", "until"), [
    # Valid from its own day; 31 August and six months are 28 February.
    (rule(), [day(8, 31, 2025)], day(2, 28)),
    # On the first of the last two months before the expiry on 1 March it counts from there, a day before it does not.
    (EARLY, [day(11, 1, 2025), day(1, 1)], day(7, 1)), (EARLY, [day(11, 1, 2025), day(12, 31, 2025)], day(4, 30)),
    # On the last day of the validity from there, the day after from its own day, which is the same one.
    (EARLY, [day(11, 1, 2025), day(2, 28)], day(7, 1)), (EARLY, [day(11, 1, 2025), day(3, 1)], day(7, 1)),
    # On the first of the last two months before 30 April; a day earlier it counts from the expiry on 1 March.
    (EARLY, [day(11, 1, 2025), day(12, 31, 2025), day(2, 28)], day(8, 30)),
    (EARLY, [day(11, 1, 2025), day(12, 31, 2025), day(2, 27)], day(7, 1)),
])
def test_until_when_it_is_valid(of: Cycle, done: list[dt.date], until: dt.date) -> None:
    of = of.model_copy(update={"min_service_months": 0})
    rows = [record("a", "old", d) for d in done]
    for leaves, days in ((until, 0), (until + ONE, 1)):
        gone = [Event(cadre="a", kind="retirement", date=leaves)]
        s = scenario(of, [], records=rows, events=gone)
        found = verify(s, Plan.empty()).unmet
        assert [u.shortfall for u in found] == [days] * (days > 0)
        b = built(s)
        assert len(b.program.columns_of("cycle.short")) == days
        served = (leaves - day(1, 1)).days
        assert [(u.required, u.achieved) for u in found] == [(served, served - 1)] * days


CUTS = ("2026-04-01", "2026-04-30", "2026-07-01", "2026-08-01", "2026-08-30", "2026-12-01")


def test_rows_in_numbers() -> None:
    of = rule(4, anchor="expiry", early_months=2, weight=2)
    ends = [day(3, 1), day(4, 30), day(8, 1)]
    s = scenario(of, dates(*ends), records=[record("a", "old", day(12, 1, 2025))], cadres=[Cadre(id="a", post="key")])
    b = built(s)
    # On record to 1 April; s0 renews that to 1 August. s1 begins anew, to 30 August, which s2 renews to 30 December.
    short = ("cycle.short", "a", "horizon")
    april, august = (("cycle.renew", "a", d) for d in ("2026-04-01", "2026-08-30"))
    s0, s1, s2 = (("attend", "a", f"s{i}") for i in range(3))
    assert rows_of(b, "cycle.expires") == {("a", "2026-08-30"): ({august: 1, s1: -1}, None, 0)}
    assert rows_of(b, "cycle.early") == {
        ("a", "2026-04-01"): ({april: 1, s0: -1}, None, 0), ("a", "2026-08-30"): ({august: 1, s2: -1}, None, 0),
    }
    lapse = {d: ("cycle.lapse", "a", d) for d in CUTS}
    assert rows_of(b, "cycle.valid") == {
        ("a", d): ({lapse[d]: 1, **dict.fromkeys(by, 1)}, 1, None)
        for d, by in zip(
            CUTS, ((s0, april), (s0, s1, april), (s1, april), (s1, s2), (s2, august), (august,)), strict=True
        )
    }
    lost = dict(zip(lapse.values(), (-1000 * n for n in (29, 62, 31, 29, 93, 29)), strict=True))
    assert rows_of(b, "cycle.short") == {("a", "horizon"): ({short: 365, **lost}, 2000, None)}
    gains = {s0: 91, s1: 122, s2: 122, april: 122, august: 122}
    assert rows_of(b, "cycle") == {
        ("a", "horizon"): ({short: 365, **{k: 1000 * n for k, n in gains.items()}}, 275_000, None)
    }
    assert b.program.lower[b.program.columns_of("cycle.short")].tolist() == [6]  # the last two days, by nobody's doing
    assert b.program.upper[b.program.columns_of("cycle.short")].tolist() == [754]


def test_first_due_after_entry_or_event() -> None:
    ends = [day(5, 4), day(9, 1)]
    late = [Cadre(id="a", post="d", entered=day(3, 10))]
    of = rule(first_months=3, min_service_months=6)
    duty_misses(scenario(of, dates(*ends), cadres=late), missing(of, ends, since=day(6, 10)))
    # Entry before the horizon: due in it all the same.
    past = [Cadre(id="a", post="d", entered=day(11, 10, 2025))]
    duty_misses(scenario(of, dates(*ends), cadres=past), missing(of, ends, since=day(2, 10)))
    long_ago = [Cadre(id="a", post="d", entered=day(11, 10, 2020))]
    duty_misses(scenario(of, dates(*ends), cadres=long_ago), missing(of, ends))
    by_event = [Event(cadre="a", kind="entry", date=day(11, 10, 2025))]
    duty_misses(scenario(of, dates(*ends), events=by_event), missing(of, ends, since=day(2, 10)))
    # The first event of the kinds counts, of whoever is selected on its day.
    of = rule(first_months=3, events=("promotion", "appointment"), who=Selector(key_posts=True))
    events = [
        Event(cadre="a", kind="promotion", date=day(1, 5)), Event(cadre="a", kind="transfer", date=day(1, 8)),
        Event(cadre="a", kind="promotion", date=day(2, 10), post="key"),
        Event(cadre="a", kind="appointment", date=day(4, 10)),
    ]
    duty_misses(scenario(of, dates(*ends), events=events), missing(of, ends, since=day(5, 10)))
    assert not verify(scenario(of, [], events=events[:2]), Plan.empty()).unmet
    assert not len(built(scenario(of, dates(*ends), events=events[:2])).program.columns_of("cycle.short"))


def test_who_leaves_is_due_to_the_day_before() -> None:
    ends = [day(5, 4), day(9, 1)]
    gone = [Event(cadre="a", kind="retirement", date=day(9, 1))]
    of = rule(min_service_months=8)
    duty_misses(scenario(of, dates(*ends), events=gone), missing(of, ends[:1], until=day(9, 1)))
    # One committed to come after retirement gains nothing by it.
    s = scenario(of, dates(*ends), events=gone, commitments=[must("s1", "a")])
    duty_misses(s, missing(of, ends[:1], until=day(9, 1)))


@pytest.mark.parametrize(("months", "exempt"), [(8, 0), (9, 1)])
def test_short_service_is_exempt(months: int, exempt: int) -> None:
    gone = [Event(cadre="a", kind="retirement", date=day(1, 1) + 240 * ONE)]
    s = scenario(rule(min_service_months=months), dates(day(3, 3)), events=gone)
    assert len(verify(s, Plan.empty()).exempt) == exempt
    assert len(rows_of(built(s), "cycle")) == 1 - exempt


@pytest.mark.parametrize(("first", "owes"), [(9, True), (10, False)])
def test_first_due_beyond_the_horizon(first: int, owes: bool) -> None:
    s = scenario(
        rule(first_months=first, min_service_months=0), dates(day(5, 5)),
        cadres=[Cadre(id="a", post="d", entered=day(3, 1))],
    )
    found = verify(s, Plan.empty())
    assert [u.required for u in found.unmet] == [31] * owes
    assert len(found.exempt) == 1 - owes
    assert len(built(s).program.columns_of("cycle.short")) == owes


def test_useful_is_what_serves_an_open_duty() -> None:
    sessions = [*dates(day(5, 4)), session("other", day(6, 1), None, "z")]
    rows = [record("b", "old", day(12, 1, 2025)), record("b", "old", day(5, 1)), record("b", "old", day(10, 1))]
    b = built(scenario(rule(), sessions, n=2, records=rows))
    c = b.model.candidates
    useful = {(c.cadres.ids[c.cadre[i]], c.sessions.ids[c.session[i]]) for i in b.model.useful.nonzero()[0]}
    assert useful == {("a", "s0")}


def test_what_ends_after_service_is_not_useful() -> None:
    gone = [Event(cadre="a", kind="retirement", date=day(9, 1))]
    s = scenario(rule(min_service_months=0), dates(day(8, 31), day(9, 1)), events=gone, commitments=[must("s1", "a")])
    b = built(s)
    useful = b.model.candidates.session[b.model.useful]
    assert [b.model.candidates.sessions.ids[i] for i in useful] == ["s0"]
    facts = Facts(s, Plan.empty())
    (due,) = cycle.check(s.policy.rules[0], facts, Findings())
    assert [cycle.serves(s.policy.rules[0], due, facts.teaching.runs[x]) for x in ("s0", "s1")] == [True, False]


def test_nothing_to_plan_for() -> None:
    assert not verify(tiny(rule(), n=0), Plan.empty()).unmet
    assert built(tiny(rule(), n=0)).program.n_rows == 0
    nothing = built(scenario(EARLY, []))
    assert nothing.program.lower[nothing.program.columns_of("cycle.short")].tolist() == [1000]
    assert rows_of(nothing, "cycle") == {}
