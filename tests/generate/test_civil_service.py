"""The UK civil service: exact counts, ladders and reporting lines, and a planted plan as everywhere."""

from __future__ import annotations

import gzip
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.generate import civil_service, civil_service_with_plan, organisations
from rotation_planner.generate.body import largest_remainder
from rotation_planner.generate.civil_service import BIS, FOLDER, JUNIOR, SENIOR, roster
from rotation_planner.generate.packaged import SEED
from rotation_planner.verify import verify

from .pins import pinned


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


@pytest.mark.no_cover
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


def test_another_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="junior_posts"):
        civil_service(BIS, data_dir=tmp_path)
    packaged = Path(str(files("rotation_planner") / "data" / FOLDER))
    (tmp_path / FOLDER).mkdir()
    for name in (JUNIOR, SENIOR):
        rows = gzip.decompress((packaged / name).read_bytes()).decode().splitlines(keepends=True)
        kept = [rows[0], *(r for r in rows if "Coal Authority" in r)]
        (tmp_path / FOLDER / name).write_bytes(gzip.compress("".join(kept).encode()))
    assert organisations(tmp_path) == ["Coal Authority"]
    with pytest.raises(ValueError, match="no organisation"):
        civil_service(BIS, data_dir=tmp_path)


def test_another_organisation() -> None:
    names = organisations()
    name = "Department of Energy and Climate Change"
    assert name in names
    assert len(names) >= 137
    scenario, plan = civil_service_with_plan(name, seed=1)
    found = verify(scenario, plan)
    assert (found.violations, found.unmet) == ((), ())
    with pytest.raises(ValueError, match="no organisation 'Nobody'"):
        civil_service("Nobody")


def test_all_organisations_share_an_academy_and_the_armed_forces_can_be_left_out() -> None:
    scenario, plan = civil_service_with_plan(None, seed=1, cadres=900, armed_forces=False)
    found = verify(scenario, plan)
    assert (found.violations, found.unmet) == ((), ())
    assert len(scenario["cadres"]) == 900
    assert len(scenario["authorities"]) > 30
    academy = [i.id for i in scenario["institutions"] if i.name == "Shared academy"]
    owners = {c.id: c.owner for c in scenario["courses"]}
    assert {owners[s.course] for s in scenario["sessions"] if s.institution in academy} == {"civil_service"}
    held = {post for c in scenario["posts"] for post in c.categories}
    assert "armed_forces" not in held
    with_forces = civil_service(None, seed=1, cadres=300)
    assert "armed_forces" in {post for c in with_forces["posts"] for post in c.categories}


def test_tightness_of_an_organisation() -> None:
    name = "Coal Authority"
    tight, plan = civil_service_with_plan(name, seed=1)
    loose = civil_service(name, seed=1, tightness="loose")
    short = civil_service(name, seed=1, tightness="short")
    assert verify(loose, plan).violations == ()
    beds = [[i.beds for i in s["institutions"] if i.beds is not None] for s in (tight, loose)]
    assert all(b > a for a, b in zip(*beds, strict=True))
    seats = [sum(c.max_size for c in s["courses"]) for s in (short, tight)]
    assert seats[0] < seats[1]
    with pytest.raises(ValueError, match="no tightness 'slack'"):
        civil_service(name, tightness="slack")  # type: ignore[arg-type]
