"""The three faults: trained by the wrong authority, nobody responsible, claimed twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import rotation_planner as rp
from rotation_planner.audit import FAULTS
from rotation_planner.domain.organisation import Authority
from rotation_planner.domain.people import Cadre, Category, Event, Level, Post
from tests.rules.tiny import Institution, Unit, course, day, must, record, session, tiny


def office(**tables: Any) -> rp.Scenario:
    """top manages the high level everywhere, mid the rest of its units; side stands beside mid."""
    rows: dict[str, Any] = {
        "authorities": [Authority(id="top", levels=("high",)), Authority(id="mid", parent="top"),
                        Authority(id="side", parent="top")],
        "units": [Unit(id="u", authority="mid"), Unit(id="v", authority="side")],
        "levels": [Level(id="low", rank=1), Level(id="high", rank=2)],
        "posts": [Post(id="p", unit="u", level="low"), Post(id="q", unit="u", level="high"),
                  Post(id="r", unit="v", level="low")],
        "cadres": [Cadre(id="a", post="p"), Cadre(id="b", post="q"), Cadre(id="c", post="r")],
        "courses": [course("T", owner="top"), course("M", owner="mid"), course("free")],
        "sessions": [session("m", day(3, 2), None, "M"), session("f", day(3, 2), None, "free")],
        "institutions": [Institution(id="i", authority="top")],
    }
    return tiny(years=2, **{**rows, **tables})


def told(s: rp.Scenario) -> list[tuple[Any, ...]]:
    return [(f.code, f.unit, f.level, f.authorities, f.cadres, f.where) for f in rp.audit(s)]


def test_a_sound_office_has_no_faults() -> None:
    assert told(office()) == []
    assert list(rp.audit(office()).frame().columns) == [
        "code", "unit", "level", "authorities", "cadres", "where", "message",
    ]


def test_trained_by_the_wrong_authority() -> None:
    s = office(
        records=[
            record("a", "M", day(2, 1, 2025)), record("b", "M", day(2, 1, 2025)), record("b", "T", day(3, 1, 2025)),
            record("c", "free", day(3, 1, 2025)), record("c", "M", day(3, 1, 2025), 0, "failed"),
        ],
        commitments=[must("m", "c"), must("m", "a"), must("m", "b", "published"), must("f", "c"), must("m"),
                     must("m", "b", "wish")],
    )
    assert told(s) == [
        ("wrong_authority", "u", "high", ("mid",), ("b",), ("M", "2025-02-01")),  # mid stands below top
        ("wrong_authority", "v", "low", ("mid",), ("c",), ("M", "2025-03-01")),
        ("wrong_authority", "v", "low", ("mid",), ("c",), ("m", "must")),
        ("wrong_authority", "u", "high", ("mid",), ("b",), ("m", "published")),
    ]


@pytest.mark.parametrize(("moved", "wrong"), [(day(2, 1, 2025), False), (day(2, 2, 2025), True)])
def test_the_manager_of_the_day_counts(moved: dt.date, wrong: bool) -> None:
    s = office(
        cadres=[Cadre(id="c", post="r")], records=[record("c", "M", day(2, 1, 2025))],
        events=[Event(cadre="c", kind="transfer", date=moved, post="p")],
    )
    assert [f.code for f in rp.audit(s)] == ["wrong_authority"] * wrong


def test_nobody_responsible() -> None:
    authorities = [Authority(id="top", levels=("high",)), Authority(id="mid", parent="top", levels=("high",)),
                   Authority(id="side", parent="top")]
    found = told(office(authorities=authorities))
    # mid says that it manages the high level only; so does top: that is one claim too many.
    assert found == [
        ("nobody_responsible", "u", "low", (), ("a",), ()),
        ("claimed_twice", "u", "high", ("mid", "top"), ("b",), ()),
    ]
    authorities[1] = Authority(id="mid", parent="top", levels=("high",), units=())
    authorities[2] = Authority(id="side", parent="top", units=("u",))
    assert told(office(authorities=authorities)) == []  # side lists the unit, for all levels


def test_posts_held_later_count_those_of_the_past_do_not() -> None:
    authorities = [Authority(id="top", levels=("high",)), Authority(id="mid", parent="top", levels=("high",)),
                   Authority(id="side", parent="top")]

    def lacking(**tables: Any) -> list[str]:
        found = rp.audit(office(authorities=authorities, cadres=[Cadre(id="c", post="r")], **tables))
        return [c for f in found if f.code == "nobody_responsible" for c in f.cadres]

    def move(on: dt.date, post: str = "p") -> Event:
        return Event(cadre="c", kind="transfer", date=on, post=post)

    assert lacking() == []
    assert lacking(events=[move(day(6, 1))]) == ["c"]
    assert lacking(events=[move(day(6, 1, 2028))]) == []
    assert lacking(events=[move(day(6, 1, 2025)), move(day(7, 1, 2025), "r")]) == []
    assert lacking(events=[move(day(6, 1)), Event(cadre="c", kind="retirement", date=day(6, 1))]) == []
    assert lacking(events=[move(day(6, 1)), Event(cadre="c", kind="retirement", date=day(6, 2))]) == ["c"]


def test_claimed_twice() -> None:
    def found(*claims: Authority) -> list[tuple[Any, ...]]:
        return told(office(authorities=[Authority(id="top", levels=("high",)), *claims]))

    assert found(Authority(id="mid", parent="top", units=("v",)), Authority(id="side", parent="top", units=("v",))) == [
        ("claimed_twice", "v", "low", ("mid", "side"), ("c",), ())
    ]
    assert found(
        Authority(id="mid", parent="top", units=("v",), levels=("low",)), Authority(id="side", parent="top")
    ) == []  # listing the unit comes before belonging to it
    apart = Authority(id="mid", parent="top", units=("v",), levels=("low",)), Authority(
        id="side", parent="top", units=("v",), levels=("high",))
    assert [f[0] for f in found(*apart)] == []


@pytest.mark.parametrize(("changes", "missed"), [
    ({"owner": "top"}, ""), ({"owner": "side"}, "a"), ({"owner": "mid"}, "c"), ({}, ""),
    ({"level_low": "high"}, "ac"), ({"level_high": "high"}, ""), ({"duties": ("law",)}, "c"),
    ({"categories": ("g",)}, "c"),
])
def test_no_course_reaches_the_cadre(changes: dict[str, Any], missed: str) -> None:
    s = office(
        courses=[course("x", **changes)], sessions=[], categories=[Category(id="g")],
        posts=[Post(id="p", unit="u", level="low", duties=("law",)), Post(id="r", unit="v", level="low")],
        cadres=[Cadre(id="a", post="p", categories=("g",)), Cadre(id="c", post="r")],
    )
    assert "".join(c for f in rp.audit(s) for c in f.cadres if f.code == "no_course") == missed
    gone = s.with_tables(events=office(events=[
        Event(cadre=c, kind="retirement", date=day(1, 1)) for c in "ac"])["events"])
    assert told(gone) == []


def test_in_words() -> None:
    s = office(commitments=[must("m", "c")])
    (fault,) = found = rp.audit(s)
    assert fault.message == f"v, level low, m must: {FAULTS['wrong_authority']} (mid); cadres: 1"
    assert found.to_json() == [{
        "code": "wrong_authority", "unit": "v", "level": "low", "authorities": ["mid"], "cadres": ["c"],
        "where": ["m", "must"], "message": fault.message,
    }]
    assert found.frame()["where"].tolist() == ["m; must"]
    assert "wrong_authority" in found._repr_html_()
