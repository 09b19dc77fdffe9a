"""The instance family: what is on record, equal cadres, best known plans that only better ones replace."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import rotation_planner as rp
from benchmarks import best_known, instances, judge
from benchmarks.best_known import MAXIMISED, Offer, RefusedError, merge
from benchmarks.compression import compression
from benchmarks.instances import BODIES, FAMILY, FILE, Member, stored
from rotation_planner.certify.certificate import state
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.plan import Attendance, GoalValue, Opened, Plan, Provenance, Study
from rotation_planner.domain.policy import GOALS
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import GENERATOR_VERSION, generate_with_plan
from rotation_planner.model import build
from rotation_planner.result import Result
from tests.generate import pins

Capture = pytest.CaptureFixture[str]
NAME = "district-300-tight"


def test_every_body_up_to_a_prefecture_comes_in_three_forms() -> None:
    forms = {name: {m.tightness for i, m in FAMILY.items() if i == f"{name}-{m.tightness}"} for name, *_ in BODIES}
    large = {"province-100000", "civil-service", "nation-1000000"}
    assert {name for name, found in forms.items() if found == {"tight", "loose", "short"}} == set(forms) - large
    assert all(forms[name] == {"tight"} for name in large)


def test_what_is_on_record_is_of_this_version_and_agrees_with_the_other_pins() -> None:
    known = stored()
    assert known
    assert list(known) == [i for i in FAMILY if i in known]
    assert {row["version"] for row in known.values()} == {GENERATOR_VERSION}
    pinned = {f"{r['preset']}-{r['cadres']}-{r['tightness']}": r["sha256"] for r in pins.rows() if r["seed"] == "1"}
    both = set(pinned) & set(known)
    assert len(both) >= 6
    assert {i: known[i]["sha256"] for i in both} == {i: pinned[i] for i in both}
    for row in known.values():
        assert int(row["candidates"]) >= 40 * int(row["cadres"])
        assert 1 <= float(row["compression"]) < 1.05


@pytest.mark.parametrize("name", [f"district-300-{t}" for t in ("loose", "tight", "short")])
def test_small_instances_are_those_on_record(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    instances.main(["check", name])
    assert "as recorded" in capsys.readouterr().out


def test_an_instance_that_changed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = FILE.read_text(encoding="utf-8")
    path = tmp_path / "instances.csv"
    path.write_text(text.replace("4adba8b7", "00000000"), encoding="utf-8")
    assert instances.check([NAME], path) == 1
    with pytest.raises(ValueError, match="is not the 00000000"):
        instances.add([NAME], path)
    monkeypatch.setattr(instances, "check", lambda _names: 1)
    with pytest.raises(SystemExit, match="1 instances are not"):
        instances.main(["check", NAME])


def test_a_row_of_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(instances.FAMILY, NAME, Member(NAME, "district", "tight", {"cadres": 20}))
    path = tmp_path / "instances.csv"
    instances.add([NAME], path)
    scenario, _ = generate_with_plan("district", 20, 1)
    row = stored(path)[NAME]
    assert row["sha256"] == rp.scenario_sha256(scenario)
    assert (row["cadres"], row["sessions"]) == ("20", str(len(scenario["sessions"])))
    assert int(row["candidates"]) == rp.forecast(scenario).candidates
    assert 50 < float(row["peak_mb"]) < 100_000
    instances.save(NAME, tmp_path / "tables", path)
    assert rp.scenario_sha256(rp.load(tmp_path / "tables")) == row["sha256"]


def test_the_public_page_shows_what_is_on_record(tmp_path: Path) -> None:
    copy = tmp_path / "page.md"
    copy.write_text(instances.PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    instances.page(copy)
    assert copy.read_text(encoding="utf-8") == instances.PAGE.read_text(encoding="utf-8")
    assert all(row["sha256"][:12] in copy.read_text(encoding="utf-8") for row in stored().values())


def test_the_checker_of_the_public_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    [command] = [c for c in instances.PAGE.read_text(encoding="utf-8").splitlines() if "judge DIR PLAN  " in c]
    scenario, plan = generate_with_plan("district", 20, 1)
    rp.save(scenario, tmp_path / "DIR")
    (tmp_path / "PLAN").mkdir()
    for table, frame in plan.frames().items():
        frame.to_csv(tmp_path / "PLAN" / f"{table}.csv", index=False)
    monkeypatch.chdir(tmp_path)
    judge.main(command.partition("#")[0].split()[3:])
    assert "duties=0 floor=0 need=" in capsys.readouterr().out
    page = instances.PAGE.read_text(encoding="utf-8")
    for model in (Attendance, Opened, Study):
        assert f"| `{model.TABLE}.csv` | `{','.join(model.model_fields)}` |" in page


def test_equal_cadres_are_counted_once() -> None:
    scenario, _ = generate_with_plan("district", 20, 1)
    assert compression(scenario) == 1.0
    people = list(scenario["cadres"])
    twin = people[0].model_copy(update={"id": "twin", "birth_date": None})
    rows = {
        t: [r.model_copy(update={"cadre": "twin"}) for r in scenario[t] if r.cadre == people[0].id]
        for t in ("events", "leave", "holdings", "needs", "records", "commitments")
    }
    teams = [t.model_copy(update={"members": (*t.members, "twin")}) if people[0].id in t.members else t
             for t in scenario["teams"]]
    tables = {t: Table.of(scenario[t].model, [*reversed(more), *scenario[t]]) for t, more in rows.items()}
    doubled = scenario.with_tables(
        **tables, cadres=Table.of(type(twin), [*people, twin]), teams=Table.of(scenario["teams"].model, teams)
    )
    assert compression(doubled) == 21 / 20
    for table in ("needs", "records", "holdings"):  # one row less of a twin, and they differ
        fewer = [r for r in doubled[table] if r.cadre == "twin"]
        assert fewer
        left = [r for r in doubled[table] if r is not fewer[0] and r != fewer[0]]
        assert compression(doubled.with_tables(**{table: Table.of(doubled[table].model, left)})) == 1.0, table


# ---- best known ------------------------------------------------------------------------------------------------


def offer(*values: int, **bounds: tuple[int, tuple[int, ...]]) -> Offer:
    record = dict.fromkeys(best_known.COLUMNS, "") | {"id": NAME, "sha256": "x", "plan_sha256": str(values)}
    return Offer(record, values, bounds)


def test_only_a_better_plan_replaces_the_one_on_record() -> None:
    first, said = merge(None, offer(10, 0, 500, 70, 3))
    assert said == ["plan"]
    assert [first[g] for g in GOALS] == ["10", "0", "500", "70", "3"]
    for worse in [(10, 0, 500, 70, 3), (10, 0, 499, 1, 1), (11, 0, 900, 1, 1), (10, 0, 500, 70, 4)]:
        kept, said = merge(first, offer(*worse))
        assert (kept, said) == (first, [])
    for better in [(9, 9, 1, 99, 99), (10, 0, 501, 99, 9), (10, 0, 500, 69, 99), (10, 0, 500, 70, 2)]:
        taken, said = merge(first, offer(*better))
        assert said == ["plan"]
        assert [int(taken[g]) for g in GOALS] == list(better)
        assert taken["plan_sha256"] == str(better)
    other = dataclasses.replace(offer(99, 9, 1, 1, 1), record=offer().record | {"sha256": "y"})
    assert merge(first, other)[1] == ["plan"]  # what is on record is of other content


def test_bounds_come_from_certificates_and_stand_only_for_plans_they_speak_of() -> None:
    first, said = merge(None, offer(10, 0, 500, 70, 3, duties=(4, ()), need=(600, (10, 0))))
    assert said == ["plan", "bound of duties", "bound of need"]
    assert (first["duties_bound"], first["need_bound"], first["need_caps"]) == ("4", "600", "10 0")
    assert first["cost_bound"] == ""
    tighter, said = merge(first, offer(12, 0, 1, 1, 1, duties=(6, ()), need=(550, (12, 0))))
    assert said == ["bound of duties", "bound of need"]  # of more plans than those as good as ours: it holds for ours
    assert (tighter["duties"], tighter["duties_bound"], tighter["need_bound"]) == ("10", "6", "550")
    narrow, said = merge(tighter, offer(9, 3, 1, 1, 1, need=(520, (9, 0))))
    assert said == ["plan"]
    assert (narrow["duties_bound"], narrow["need_bound"]) == ("6", "")  # neither speaks of plans with a floor of 3
    with pytest.raises(RefusedError, match="rules out"):
        merge(first, offer(10, 0, 500, 70, 3, duties=(11, ())))
    with pytest.raises(RefusedError, match="rules out"):
        merge(first, offer(10, 0, 500, 70, 3, need=(499, (10, 0))))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Scenario, Plan]:
    """A tiny instance in the place of a district, with its planted plan."""
    scenario, plan = generate_with_plan("district", 20, 1)
    sha256 = rp.scenario_sha256(scenario)
    monkeypatch.setattr(best_known, "stored", lambda: {NAME: {"sha256": sha256}})
    monkeypatch.setattr(best_known, "FILE", tmp_path / "best.csv")
    return scenario, dataclasses.replace(plan, provenance=Provenance("9", "planted", 0, {}, sha256))


def write(folder: Path, scenario: Scenario, plan: Plan, certificate: object = None) -> Path:
    found = rp.verify(scenario, plan)
    goals = tuple(GoalValue(g, v) for g, v in found.goals.items())
    rp.write_output(folder, scenario, Result("feasible", plan, goals, found.unmet, verification=found,
                                             certificate=certificate))
    return folder


def test_a_verified_plan_and_its_certificate_are_recorded(world: tuple[Scenario, Plan], tmp_path: Path) -> None:
    scenario, plan = world
    program = build(compile_candidates(scenario)).program
    assert {g.name for g in program.goals if g.maximise} == MAXIMISED
    found = rp.verify(scenario, plan)
    values = [found.goals[g] for g in GOALS]
    certificate = state(program, rp.scenario_sha256(scenario), rp.__version__, values, [[] for _ in GOALS])
    out, path = write(tmp_path / "out", scenario, plan, certificate), tmp_path / "best.csv"
    assert best_known.add(NAME, out, path)[0] == "plan"
    row = best_known.records(path)[NAME]
    assert [int(row[g]) for g in GOALS] == values
    assert int(row["duties_bound"]) == certificate.statements[0].bound == 0
    assert row["need_bound"] == str(certificate.statements[2].bound)
    assert (row["version"], row["engine"], row["unmet"], len(row["plan_sha256"])) == ("9", "planted", "0", 64)
    with pytest.raises(RefusedError, match="nothing in"):
        best_known.add(NAME, out, path)
    false = [dataclasses.replace(s, bound=s.bound + (-1 if s.goal in MAXIMISED else 1)) for s in certificate.statements]
    stated = dataclasses.replace(certificate, statements=tuple(false))
    with pytest.raises(RefusedError, match="certificate does not hold"):
        best_known.add(NAME, write(tmp_path / "false", scenario, plan, stated), path)


def test_what_does_not_verify_or_is_about_something_else_is_refused(
    world: tuple[Scenario, Plan], tmp_path: Path
) -> None:
    scenario, plan = world
    twice = list(plan.attendances)
    busy = Attendance(cadre=twice[0].cadre, session=next(
        s.id for s in scenario["sessions"] if s.id not in set(plan.opened.tolist("session"))))
    broken = dataclasses.replace(plan, attendances=Table.of(Attendance, [*twice, busy]))
    path = tmp_path / "best.csv"
    with pytest.raises(RefusedError, match="the plan breaks"):
        best_known.add(NAME, write(tmp_path / "broken", scenario, broken), path)
    other, its = generate_with_plan("district", 20, 2)
    with pytest.raises(RefusedError, match="another scenario"):
        best_known.add(NAME, write(tmp_path / "other", other, its), path)
    with pytest.raises(RefusedError, match="no checksum"):
        best_known.add("county-1000-tight", tmp_path / "broken", path)
    assert not path.exists()
    with pytest.raises(SystemExit, match=r"refused: .* breaks"):
        best_known.main(["add", NAME, str(tmp_path / "broken")])
    with pytest.raises(SystemExit, match=r"refused: .*no plan\.json"):
        best_known.main(["add", NAME, str(tmp_path)])


def test_the_planted_plan_can_be_offered(
    world: tuple[Scenario, Plan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setitem(instances.FAMILY, NAME, Member(NAME, "district", "tight", {"cadres": 20}))
    assert best_known.plant(NAME, tmp_path / "best.csv") == ["plan"]
    row = best_known.records(tmp_path / "best.csv")[NAME]
    assert (row["duties"], row["floor"], row["unmet"], row["engine"]) == ("0", "0", "0", "planted")
    assert int(row["cost"]) == rp.verify(*world).goals["cost"]
    monkeypatch.setattr(best_known, "plant", lambda name: [name])
    best_known.main(["plant", NAME])
    assert capsys.readouterr().out == f"{NAME}: better {NAME}\n"
    with pytest.raises(SystemExit):
        best_known.main(["plant", "district-300-short"])
