"""The page on selectors keeps its word: its example runs, and it names every condition."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

import rotation_planner as rp
from rotation_planner.domain import policy
from rotation_planner.domain.organisation import Authority, Unit
from rotation_planner.domain.people import Cadre, Event, Level, Post
from rotation_planner.domain.planning import Horizon
from rotation_planner.domain.policy import NamedSelector, Selector
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution
from rotation_planner.io.source import chinese


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return root.joinpath("docs", "selectors.md").read_text(encoding="utf-8")


def block(page: str, language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
    return str(code)


def county() -> Scenario:
    """A county with a township below it; the cadres differ in level, key post, age and date of appointment."""
    day = dt.date.fromisoformat
    return Scenario.of(
        horizon=[Horizon(start=day("2026-01-01"))],
        authorities=[Authority(id="county"), Authority(id="township", parent="county")],
        units=[Unit(id="bureau", authority="county"), Unit(id="hall", authority="township")],
        levels=[Level(id="clerk", rank=1), Level(id="section", rank=2)],
        posts=[
            Post(id="head", unit="bureau", level="section", key=True), Post(id="mayor", unit="hall", level="section"),
            Post(id="desk", unit="hall", level="clerk"),
        ],
        cadres=[
            Cadre(id="an", name="An", post="head", birth_date=day("1977-03-01"), entered=day("2000-07-01")),
            Cadre(id="bo", name="Bo", post="mayor", birth_date=day("1980-03-01"), entered=day("2003-07-01")),
            Cadre(id="cy", name="Cy", post="desk", birth_date=day("1990-09-02"), entered=day("2024-09-01")),
            Cadre(id="di", name="Di", post="desk", birth_date=day("1990-09-01"), entered=day("2024-09-01")),
        ],
        events=[
            Event(cadre="an", kind="promotion", date=day("2024-01-02"), post="head"),
            Event(cadre="bo", kind="promotion", date=day("2024-01-02"), post="mayor"),
        ],
        courses=[Course(id="k")], institutions=[Institution(id="i", authority="county")],
    )


def test_the_example_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rp.save(county(), tmp_path / "tables")
    (tmp_path / "tables" / "selectors.csv").write_text(block(page, "csv"), encoding="utf-8")
    (tmp_path / "tables" / "policy.toml").write_text(block(page, "toml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scenario = rp.load("tables")
    assert [d for d in rp.check(scenario) if d.code in ("empty_selector", "date_unknown")] == []
    found = [list(rp.select(scenario, rule.who)["id"]) for rule in scenario.policy.rules]
    assert found == [["an", "bo"], ["an"], ["cy"], ["an"]]
    exec(compile(block(page, "python"), "selectors.md", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.splitlines()[-4:] == ["coverage 2", "hours 1", "young 1", "call_ups 1"]
    for name in ("s.xlsx", "s.json"):
        rp.save(scenario, name)
        assert rp.load(name) == scenario


def test_every_condition_is_explained(page: str) -> None:
    for name in Selector.model_fields:
        (line,) = [line for line in page.splitlines() if line.startswith("| `") and f"`{name}`" in line.split("|")[1]]
        names = re.findall(r"`(\w+)`", line.split("|")[1])
        model = Selector if name == "named" else NamedSelector
        assert "、".join(chinese(model, n) for n in names) == line.split("|")[2].strip()  # type: ignore[arg-type]


def test_rules_that_refuse_are_those_the_page_names(page: str) -> None:
    models = get_args(get_args(policy.AnyRule)[0])
    kinds = {model.model_fields["kind"].default for model in models if model.WHO_DAY is None}
    (text,) = [p for p in page.split("\n\n") if "refuse `who`" in p]
    assert {name for name in re.findall(r"`(\w+)`", text) if name not in ("who", "earmark")} == kinds


@pytest.mark.parametrize("part", ["rules", "verify"])
def test_every_other_kind_asks_who(part: str, root: Path) -> None:
    """In its own file or in one of the files beside it that it imports."""
    folder = root / "src" / "rotation_planner" / part
    for model in get_args(get_args(policy.AnyRule)[0]):
        kind = model.model_fields["kind"].default
        text = (folder / f"{kind}.py").read_text(encoding="utf-8")
        beside = [folder / f"{name}.py" for name in re.findall(rf"from rotation_planner\.{part}\.(\w+) import", text)]
        asks = any(re.search(r"\.who\b", file) for file in [text, *(f.read_text(encoding="utf-8") for f in beside)])
        assert asks or model.WHO_DAY is None, kind


def test_every_kind_takes_a_name() -> None:
    wrong = []
    for model in get_args(get_args(policy.AnyRule)[0]):
        try:
            wrong += [model] * (model.model_validate_json('{"who": "heads"}').who != Selector(named=("heads",)))
        except ValidationError as error:  # other parameters are required
            wrong += [model for detail in error.errors() if detail["loc"][0] == "who"]
    assert wrong == []


def test_days_other_than_the_first_of_service_are_told(page: str) -> None:
    part = page.split("## On which day")[1].split("## ")[0]
    told = {None: "", "service": "first day of service", "event": "day of that event", "session": "first day of the"}
    for model in get_args(get_args(policy.AnyRule)[0]):
        assert told[model.WHO_DAY] in " ".join(part.replace("**", "").split()), model
    assert policy.Deadline.WHO_DAY == "event"
