"""A check leaves nothing behind that only the search for cycles would free, and the search as it was."""

from __future__ import annotations

import gc

import pytest

from rotation_planner.domain.plan import Plan
from rotation_planner.generate.rule_book import rule_book_with_plan
from rotation_planner.verify import verify
from rotation_planner.verify.acyclic import no_cycles_sought
from tests.verify.test_any_plan import SCENARIO


def test_every_rule_leaves_no_cycle():
    scenario, plan = rule_book_with_plan()
    verify(scenario, plan)  # what is kept for good is made now
    gc.collect()
    with no_cycles_sought():
        verify(scenario, plan)
        assert gc.collect() == 0


@pytest.mark.parametrize("on", [True, False])
def test_the_search_is_as_before(on):
    was_on = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        verify(SCENARIO, Plan.empty())
        assert gc.isenabled() == on
        with pytest.raises(AttributeError):
            verify(SCENARIO, None)  # type: ignore[arg-type]
        assert gc.isenabled() == on
    finally:
        (gc.enable if was_on else gc.disable)()
