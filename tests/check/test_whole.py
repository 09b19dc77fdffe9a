"""The check as a whole: quiet where all is well, complete where much is wrong, and never at a loss."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rotation_planner.check import check, check_or_raise
from rotation_planner.compile import compile_candidates
from rotation_planner.domain.errors import InputError
from rotation_planner.domain.policy import Deadline
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table
from rotation_planner.generate import generate
from rotation_planner.io import load
from rotation_planner.io.cells import kind_of
from rotation_planner.model import build
from tests.bad_input_cases import DATES, FIGURES, REFERENCES, Case
from tests.damage import office, write_office

ALONE = {"No horizon", "Two horizons", "A horizon at the end of time"}
"""Without a horizon nothing dated is checked."""


@pytest.mark.parametrize("tightness", ["tight", "loose", "short"])
def test_a_generated_scenario_has_no_errors(tightness: Any) -> None:
    scenario = generate("district", cadres=120, tightness=tightness)
    assert [d for d in check(scenario) if d.severity == "error"] == []
    check_or_raise(scenario)


@pytest.mark.parametrize("first", range(6))
def test_everything_is_told_in_one_go(first: int, tmp_path: Path) -> None:
    """Damages in different tables do not hide one another."""
    used: set[str] = set()
    path = write_office(tmp_path, "csv")
    expected: Counter[tuple[str, str, int | None, str]] = Counter()
    cases: list[Case] = [c for c in (*DATES, *REFERENCES, *FIGURES) if c.title not in ALONE]
    for case in cases[first::6] + cases[:first]:
        # The policy is one file, but each of its cases changes another rule.
        tables = {place[1] for place in case.expect}
        if tables & used or case.title == "Commitments without their rule":
            continue
        used |= tables
        path = case.damage(path)
        expected.update(case.expect)
    assert len(used) >= 6
    with pytest.raises(InputError) as raised:
        load(path)
    told = Counter((d.code, d.table, d.row, d.column) for d in raised.value.defects)
    assert expected - told == Counter()


def test_errors_come_first_and_only_they_are_raised(tmp_path: Path) -> None:
    path = write_office(tmp_path, "csv")
    for title in ("Entry at fifteen", "A floor above the ceiling"):
        path = next(c for c in (*DATES, *FIGURES) if c.title == title).damage(path)
    teams = path / "teams.csv"
    head, line = teams.read_text(encoding="utf-8").splitlines()
    assert head.endswith("group_study_per_quarter")
    teams.write_text(f"{head}\n{line[:-1]}2\n", encoding="utf-8")
    scenario = load(path, check=False)
    assert [d.severity for d in check(scenario)] == ["error"] * 3 + ["warning"]
    with pytest.raises(InputError) as raised:
        check_or_raise(scenario)
    assert {d.severity for d in raised.value.defects} == {"error"}
    assert len(raised.value.defects) == 3
    assert {d.file for d in raised.value.defects} == {"cadres.csv", "funds.csv"}


def test_rows_are_those_of_the_file(tmp_path: Path) -> None:
    """Empty lines count, as they do for who looks at the file."""
    path = write_office(tmp_path, "csv")
    cadres = path / "cadres.csv"
    lines = cadres.read_text(encoding="utf-8").splitlines()
    cadres.write_text("\n".join([lines[0], ",,,,,,", lines[1], "", lines[2].replace(",p,", ",z,"), lines[3]]) + "\n",
                      encoding="utf-8")
    assert [(d.code, d.row) for d in check(load(path, check=False))] == [("unknown_reference", 5)]


def test_a_near_miss_is_named() -> None:
    scenario = office()
    posts = [p.model_copy(update={"level": "hihg"}) if p.id == "q" else p for p in scenario["posts"]]
    (defect,) = check(scenario.with_tables(posts=Table.of(MODELS["posts"], posts)))
    assert (defect.value, defect.mend) == ("hihg", "Did you mean 'high'?")


IDS = [*"abckwstipquvz", "low", "mid", "high", "top", "city", "law", "drafting"]
DAYS = st.sampled_from([dt.date.min, dt.date.max]) | st.dates(dt.date(2025, 11, 1), dt.date(2031, 2, 28)) | st.dates()
NUMBERS = st.integers(-3, 40) | st.sampled_from([1000, 1001, 10**6, 10**12, 2**62])
CLOCK = Deadline(events=("entry", "appointment", "promotion", "transfer"), months_before=60, months_after=60)
POLICY = office().policy.model_copy(update={"rules": (*office().policy.rules, CLOCK)})


def values_of(annotation: Any) -> st.SearchStrategy[Any]:
    """Values a column could hold, sound or not."""
    choices = [a for a in (*get_args(annotation), annotation) if get_origin(a) is Literal]
    if choices:
        return st.sampled_from([v for c in choices for v in get_args(c)])
    if get_origin(annotation) is tuple and get_origin(get_args(annotation)[0]) is Literal:
        return st.lists(st.sampled_from(get_args(get_args(annotation)[0])), max_size=2).map(tuple)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": st.sampled_from(IDS), "integer": NUMBERS, "number": st.floats(-200, 200), "truth": st.booleans(),
        "date": DAYS, "list": st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
        "integers": st.lists(NUMBERS, max_size=3).map(tuple),
        "map": st.dictionaries(st.sampled_from(IDS), NUMBERS, max_size=2),
    }
    return kinds[kind_of(annotation)] | st.none()


@st.composite
def mutants(draw: st.DrawFn) -> Scenario:
    """The office with some cells changed, rows doubled, and rows gone."""
    tables = {name: list(table) for name, table in office().tables.items()}
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from([n for n, rows in tables.items() if rows]))
        i = draw(st.integers(0, len(tables[name]) - 1))
        act = draw(st.sampled_from(["change"] * 8 + ["double", "drop"]))
        if act == "drop":
            del tables[name][i]
        elif act == "double":
            tables[name].append(tables[name][i])
        else:
            column = draw(st.sampled_from(sorted(MODELS[name].model_fields)))
            value = draw(values_of(MODELS[name].model_fields[column].annotation))
            try:
                tables[name][i] = MODELS[name](**{**dict(tables[name][i]), column: value})
            except ValidationError:
                continue
    return Scenario.of(POLICY, **tables)


@settings(max_examples=100)
@given(mutants())
def test_whatever_rows_hold_the_check_answers_and_what_it_passes_becomes_a_program(scenario: Scenario) -> None:
    if all(d.severity == "warning" for d in check(scenario)):
        build(compile_candidates(scenario))
