"""Every preset: figures with sources, a policy for other scenarios, a small scenario with a plan, commands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import rotation_planner as rp
from rotation_planner.cli.app import app
from rotation_planner.domain.people import Level, Post
from rotation_planner.domain.policy import CourseSelector, Selector
from rotation_planner.domain.table import Table
from rotation_planner.presets.figures import Figure
from rotation_planner.presets.page import markdown
from tests.presets.worked import scenario, solved

NAMES = rp.presets.names()


def run(*args: str):
    return CliRunner().invoke(app, ["presets", *args])


def test_names() -> None:
    assert NAMES == [
        "cn_2023", "cn_civil_servants", "cn_teachers_360h", "cn_physicians_25_credits", "eu_drivers_35h",
        "easa_recurrent", "us_supervisors", "ias_mid_career",
    ]
    assert rp.presets.cn_2023.policy() == rp.presets.policy("cn_2023")
    for call in (rp.presets.policy, rp.presets.scenario, rp.presets.sources, rp.presets.describe):
        with pytest.raises(ValueError, match="no preset 'figures'"):
            call("figures")
    with pytest.raises(AttributeError):
        rp.presets.nothing  # noqa: B018
    with pytest.raises(TypeError):
        rp.presets.policy("cn_2023", colour="red")


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_source_and_says_how_sure_it_is(name: str) -> None:
    figures = rp.presets.sources(name)
    assert len(figures) == len({(f.value, f.what) for f in figures})
    for f in figures:
        assert f.source
        assert f.certainty in rp.presets.CERTAINTY
        # What is said to have been read names the line or the page; what is our own does not pretend to.
        assert ("notes on the domain" in f.source or "http" in f.source) or f.certainty in "UD"
        stated = re.search(r"\| ([SMDU])$", f.source)
        assert not stated or stated[1] == f.certainty or (stated[1], f.certainty) == ("S", "D"), f
    uncertain = {f.certainty for f in figures} - {"S"}
    about = rp.presets.describe(name)["about"]
    assert all(f"({letter})" in about for letter in uncertain if letter != "D"), uncertain
    with pytest.raises(ValueError, match="certainty"):
        Figure(1, "day", "", "", "X")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_small_scenario_is_sound_and_has_a_verified_plan(name: str) -> None:
    of = scenario(name)
    wanted = {("courses", "subjects")} if name == "cn_2023" else set()  # the class that may not run
    assert {(d.table, d.column) for d in rp.check(of)} == wanted
    assert 4 <= len(of["cadres"]) <= 36
    assert solved(name).plan is not None
    assert rp.presets.scenario(name) == of


@pytest.mark.parametrize("name", NAMES)
def test_described_for_people_and_for_programs(name: str) -> None:
    about = rp.presets.describe(name)
    assert json.loads(json.dumps(about)) == about
    assert len(about["figures"]) == len(rp.presets.sources(name))
    assert about["left_out"]
    page = markdown().split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert about["summary"] in page
    for f in about["figures"]:
        assert f"| {f['value']:,} {f['unit']} | {f['what']} | {f['certainty']} |" in page


def test_command_lists_and_writes(tmp_path: Path) -> None:
    listed = run()
    assert listed.exit_code == 0
    assert all(name in listed.stdout for name in NAMES)
    assert [entry["name"] for entry in json.loads(run("--json").stdout)] == NAMES
    (one,) = json.loads(run("us_supervisors", "--json").stdout)
    assert {f["value"] for f in one["figures"]} == {12, 36}
    assert "unverified" in run("eu_drivers_35h").stdout
    target = tmp_path / "drivers"
    assert run("eu_drivers_35h", "-o", str(target)).exit_code == 0
    assert rp.load(target) == scenario("eu_drivers_35h")
    for wrong in (["eu_drivers_35h", "-o", str(target)], ["nobody"], ["-o", str(tmp_path / "new")]):
        assert run(*wrong).exit_code == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["tables.xlsx", "tables.json", "tables"])
def test_written_and_read_without_loss(name: str, kind: str, tmp_path: Path) -> None:
    rp.save(scenario(name), tmp_path / kind)
    assert rp.load(tmp_path / kind) == scenario(name)


def test_cn_presets_fit_a_generated_office() -> None:
    office = rp.generate("district", cadres=60, seed=3)
    for policy in (
        rp.presets.policy("cn_2023", township_heads=Selector(level_low="section"), content_per="institution"),
        rp.presets.policy("cn_civil_servants", specialised=Selector(duties=("law",))),
    ):
        found = rp.check(office.with_policy(policy))
        assert not [d for d in found if d.severity == "error"]
        forecast = rp.forecast(office.with_policy(policy))
        assert forecast.candidates > 0


def test_levels_and_courses_of_an_office_are_parameters() -> None:
    of = scenario("cn_civil_servants")
    renamed = {level.id: f"L{level.rank}" for level in of["levels"]}
    posts = [p.model_copy(update={"level": renamed[p.level]}) for p in of["posts"]]
    courses = [
        c.model_copy(update={k: renamed.get(getattr(c, k)) for k in ("level_low", "level_high")}) for c in of["courses"]
    ]
    other = of.with_tables(
        levels=Table.of(Level, [Level(id=renamed[x.id], rank=x.rank) for x in of["levels"]]),
        posts=Table.of(Post, posts), courses=Table.of(type(courses[0]), courses),
    )
    assert [d.code for d in rp.check(other) if d.severity == "error"]
    policy = rp.presets.policy(
        "cn_civil_servants", county="L4", below_county="L3", section="L2", specialised=Selector(duties=("law",))
    )
    assert not rp.check(other.with_policy(policy))
    empty = rp.verify(other.with_policy(policy), rp.Plan.empty()).unmet
    assert empty == rp.verify(of, rp.Plan.empty()).unmet


def test_parameters_that_contradict_are_refused() -> None:
    with pytest.raises(ValueError, match="level_low"):
        rp.presets.policy("cn_2023", who=Selector(level_low="county"))
    with pytest.raises(ValueError, match="content_per"):
        rp.presets.policy("cn_2023", content_per="class")
    with pytest.raises(ValueError, match="phase_2"):
        rp.presets.policy("ias_mid_career", years={"phase_2": (2, 3)})
    with pytest.raises(ValueError, match="counted"):
        rp.presets.policy("ias_mid_career", counted="started")
    assert rp.presets.policy("ias_mid_career", courses={"phase_5": ("v",)}).rules[-1].which == CourseSelector(
        courses=("v",)
    )
