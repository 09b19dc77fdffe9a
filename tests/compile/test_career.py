"""Post on a day, service, what a cadre is at the start, and who is selected."""

from __future__ import annotations

import numpy as np
import pytest

from rotation_planner.compile import compile_candidates
from rotation_planner.compile.career import careers
from rotation_planner.domain.people import Cadre
from rotation_planner.domain.policy import EVERYONE, Selector
from tests.compile.tiny import day, event, tiny

START, AFTER = day("2026-01-01").toordinal(), day("2031-01-01").toordinal()


def post_on(date: str, *events: object) -> int:
    """Index of the post of cadre ``c``."""
    cadres = [Cadre(id="b", post="q"), Cadre(id="c", post="p"), Cadre(id="d", post="q")]
    known = careers(tiny(events=events, cadres=cadres))
    return int(known.post_on(np.array([1]), np.array([day(date).toordinal()]))[0])


def test_post_changes_on_the_day() -> None:
    move = event("promotion", "2026-03-02", "q")
    assert [post_on(d, move) for d in ("2026-03-01", "2026-03-02", "2030-12-31")] == [0, 1, 1]


def test_events_without_a_post_and_retirement_change_nothing() -> None:
    assert post_on("2027-01-01", event("appointment", "2026-02-01"), event("retirement", "2026-03-01", "q")) == 0


def test_events_before_the_horizon_count_and_order_in_the_table_does_not() -> None:
    later, earlier = event("transfer", "2026-06-01", "p"), event("entry", "2019-06-01", "q")
    assert [post_on(d, later, earlier) for d in ("2019-05-31", "2026-05-31", "2026-06-01")] == [0, 1, 0]


@pytest.mark.parametrize(
    ("entered", "events", "expected"),
    [
        (None, [], (START, AFTER, False)),
        ("2025-06-01", [], (START, AFTER, False)),
        ("2026-01-01", [], (START, AFTER, False)),
        ("2026-01-02", [], (START + 1, AFTER, True)),
        (None, [event("entry", "2026-01-03")], (START + 2, AFTER, True)),
        ("2026-01-02", [event("entry", "2026-01-03")], (START + 2, AFTER, True)),
        (None, [event("retirement", "2030-12-31")], (START, AFTER - 1, False)),
        (None, [event("retirement", "2031-01-01")], (START, AFTER, False)),
        (None, [event("retirement", "2035-01-01")], (START, AFTER, False)),
        (None, [event("retirement", "2028-02-29"), event("retirement", "2027-02-28")],
         (START, day("2027-02-28").toordinal(), False)),
    ],
)
def test_service(entered: str | None, events: list[object], expected: tuple[int, int, bool]) -> None:
    cadre = Cadre(id="c", post="p", entered=day(entered) if entered else None)
    cadres = compile_candidates(tiny(cadres=[cadre], events=events)).cadres
    assert (cadres.service_start.tolist(), cadres.service_end.tolist(), cadres.joined_late.tolist()) == tuple(
        [x] for x in expected
    )


def test_key_and_group_follow_the_post_at_the_start_of_service() -> None:
    cadres = compile_candidates(tiny(
        cadres=[Cadre(id="a", post="p"), Cadre(id="b", post="p"), Cadre(id="c", post="p", entered=day("2026-05-01")),
                Cadre(id="d", post="q"), Cadre(id="e", post="p", categories=("blue",))],
        events=[event("promotion", "2026-02-01", "q", "b"), event("promotion", "2026-02-01", "q", "c")],
    )).cadres
    assert cadres.key.tolist() == [False, False, True, True, False]
    assert cadres.hint_group.tolist() == [0, 0, 1, 1, 2]
    assert cadres.unit.tolist() == [0, 0, 0, 1, 0]  # strength: where the post column says


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (EVERYONE, "abc"), (Selector(units=("v",)), "b"), (Selector(units=("u", "v")), "abc"),
        (Selector(level_low="high"), "b"), (Selector(level_high="mid"), "ac"),
        (Selector(level_low="mid", level_high="mid"), "ac"), (Selector(categories=("blue",)), "bc"),
        (Selector(categories=("red", "blue")), "abc"), (Selector(duties=("tax",)), "b"),
        (Selector(key_posts=True), "b"), (Selector(key_posts=False), "ac"),
        (Selector(authorities=("top",)), "abc"), (Selector(authorities=("city",)), "ac"),
        (Selector(authorities=("other", "city")), "abc"), (Selector(units=("v",), level_high="mid"), ""),
    ],
)
def test_selected(who: Selector, expected: str) -> None:
    found = compile_candidates(tiny(
        cadres=[Cadre(id="a", post="p"), Cadre(id="b", post="q"), Cadre(id="c", post="p", categories=("blue",))]
    ))
    assert "".join(np.array(list("abc"))[found.selected(who)]) == expected


def test_selected_on_a_day() -> None:
    found = compile_candidates(tiny(events=[event("transfer", "2026-03-03", "q")]))
    days = [np.array([day(d).toordinal()]) for d in ("2026-03-02", "2026-03-03")]
    assert [found.selected(Selector(units=("v",)), d).tolist() for d in days] == [[False], [True]]
    assert found.selected(Selector(units=("v",))).tolist() == [False]
