"""Clashes as they are told: which stands, why, and the message to the other department."""

from __future__ import annotations

import rotation_planner as rp
from rotation_planner.clashes import CRITERIA, MESSAGES, REASONS
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.policy import CallUps, Commitments, NoRepeat, OnePlace, Policy, Precedence
from rotation_planner.verify.precedence import CRITERIA as DECIDED_BY
from tests.rules.tiny import Unit, course, day, must, session, tiny

RULES = (OnePlace(), NoRepeat(), CallUps(max_per_year=2, spacing_days=30), Commitments())


def office(*rules: object, kind: str = "published", **tables: object) -> rp.Scenario:
    """a and b are called up by top and by mid on the same days."""
    rows: dict[str, object] = {
        "authorities": [Authority(id="top"), Authority(id="mid", parent="top"), Authority(id="o")],
        "units": [Unit(id="u", authority="mid")],
        "courses": [course("T", owner="top", days=3), course("M", owner="mid", days=3)],
        "sessions": [session("t", day(3, 2), day(3, 4), "T"), session("m", day(3, 4), day(3, 6), "M")],
        "commitments": [must("t", "a", kind), must("m", "a", kind), must("t", "b", "published")],
    }
    return tiny(*rules, *RULES, **{**rows, **tables})


def test_a_clash_in_full() -> None:
    (clash,) = found = rp.clashes(office())
    assert (clash.cadre, clash.stands, clash.stands_by, clash.yields, clash.yields_by) == ("a", "t", "top", "m", "mid")
    assert clash.reasons == ("days", "spacing")
    assert (clash.criterion, clash.code) == ("authority", "offer_another")
    assert clash.message == (
        "a cannot attend your session m (2026-03-04): top has called a up to t (2026-03-02), and they share days and "
        "too few days lie between them. That one stands because its authority comes first. Offer another session, or "
        "settle it with top."
    )
    row = found.frame().iloc[0].to_dict()
    assert row == {**found.to_json()[0], "reasons": "days; spacing"}
    assert found.to_json()[0]["reasons"] == ["days", "spacing"]
    assert "offer_another" in found._repr_html_()


def test_both_bind() -> None:
    (clash,) = rp.clashes(office(kind="must"))
    assert clash.code == "settle"
    assert clash.message.startswith("a is bound to your session m (2026-03-04) and to t (2026-03-02) of top, and they")


def test_the_rule_in_the_policy_decides_else_its_default() -> None:
    (clash,) = rp.clashes(office(Precedence(authorities=("mid",))))
    assert (clash.stands, clash.yields) == ("m", "t")
    twice = office(Precedence(), Precedence(name="again"))
    assert len(rp.clashes(twice)) == 1  # told once


def test_nothing_to_tell() -> None:
    for s in (office(commitments=[]), office().with_policy(Policy(rules=(Commitments(),)))):
        found = rp.clashes(s)
        assert len(found) == 0
        assert list(found.frame().columns) == list(rp.clashes(office()).frame().columns)
        assert found.to_json() == []


def test_every_code_has_words() -> None:
    assert set(CRITERIA) == set(DECIDED_BY)
    assert all(REASONS.values())
    assert all("{yields}" in text for text in MESSAGES.values())


def test_the_plan_follows() -> None:
    result = rp.solve(office(Precedence()), time_limit=20, workers=1)
    plan = result.require_plan()
    attends = set(zip(plan.attendances.tolist("cadre"), plan.attendances.tolist("session"), strict=True))
    assert ("a", "m") not in attends
    assert {("a", "t"), ("b", "t")} <= attends
