"""The UK civil service: exact counts, ladders and reporting lines, and a planted plan as everywhere."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.generate import civil_service, civil_service_with_plan, organisations
from rotation_planner.generate.body import largest_remainder
from rotation_planner.generate.civil_service import BIS, roster
from rotation_planner.generate.packaged import SEED
from rotation_planner.verify import verify

from .pins import pinned

DATA = Path(os.environ["ROTATION_PLANNER_DATA"]) if os.environ.get("ROTATION_PLANNER_DATA") else None


def post(grade: str, pay: str, fte: str, unit: str = "A", profession: str = "Policy") -> dict[str, str]:
    return {
        "organisation": "X",
        "unit": unit,
        "grade": grade,
        "payscale_min_gbp": pay,
        "fte": fte,
        "profession": profession,
    }


def chief(ref: str, above: str, grade: str = "SCS1") -> dict[str, str]:
    return {
        "organisation": "X",
        "unit": "A",
        "grade": grade,
        "post_ref": ref,
        "reports_to_senior_post": above,
        "fte": "1",
        "profession": "",
    }


def test_largest_remainder_is_exact() -> None:
    assert largest_remainder(np.array([1.5, 1.5, 0.4]), 3).tolist() == [1, 1, 1]
    assert largest_remainder(np.array([0.2, 0.2, 0.6]), 1).tolist() == [0, 0, 1]


def test_roster_of_a_few_rows() -> None:
    junior = [
        post("EO", "20000", "2.6"),
        post("G7", "40000", "1.7", profession="Finance"),
        post("OF-3", "0", "1", profession="Armed Forces"),
        post("AO", "ns", "0.6"),
    ]
    senior = [chief("1", "none", "SCS2"), chief("2", "1"), chief("3", "1"), chief("4", "2")]
    body = roster(junior, senior, np.random.default_rng(0))
    # 5.9 posts are 6: the two largest remainders are those of 1.7 and 2.6
    assert len(body) == 6 + 4
    assert [x.id for x in body.levels] == ["AO", "EO", "OF-3", "G7", "SCS1", "SCS2"]
    assert body.band.tolist() == [0, 0, 1, 1, 2, 2]
    assert Counter(body.categories[c] for c in body.category.tolist()) == {
        "policy": 3,
        "corporate": 2,
        "armed_forces": 1,
        "leading": 4,
    }
    first = 6
    assert [t.members for t in body.teams] == [[first, first + 1, first + 2], [first + 1, first + 3]]
    assert body.key.tolist()[first:] == [1, 1, 0, 0]


def test_packaged_department() -> None:
    scenario, plan = civil_service_with_plan(seed=SEED)
    found = verify(scenario, plan)
    assert (found.violations, found.unmet) == ((), ())
    assert scenario_sha256(scenario) == pinned()["packaged civil-service"]
    assert len(scenario["cadres"]) == 3282  # 3,087 posts below (3,087.4 full-time) and 195 senior ones
    assert len(scenario["units"]) == 46
    assert len(scenario["teams"]) > 30
    assert [a.name for a in scenario["authorities"]] == ["Civil Service", BIS]


def test_scaled() -> None:
    scenario, plan = civil_service_with_plan(seed=2, cadres=400)
    found = verify(scenario, plan)
    assert len(scenario["cadres"]) == 400
    assert (found.violations, found.unmet) == ((), ())


def test_other_organisations_need_the_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ROTATION_PLANNER_DATA", raising=False)
    assert organisations() == [BIS]
    with pytest.raises(FileNotFoundError, match="set ROTATION_PLANNER_DATA"):
        civil_service("Scottish Government")
    with pytest.raises(FileNotFoundError, match="only"):
        civil_service(BIS, data_dir=tmp_path)


@pytest.mark.skipif(DATA is None, reason="ROTATION_PLANNER_DATA is not set")
def test_another_organisation() -> None:
    name = "Department of Energy and Climate Change"
    assert name in organisations()
    scenario, plan = civil_service_with_plan(name, seed=1)
    found = verify(scenario, plan)
    assert (found.violations, found.unmet) == ((), ())
    with pytest.raises(ValueError, match="no organisation 'Nobody'"):
        civil_service("Nobody")
