from __future__ import annotations

import dataclasses
import json

import pytest

from rotation_planner.domain.errors import InputError
from rotation_planner.domain.plan import Plan, Unmet
from rotation_planner.report.plan_json import dump_result, parse_result
from rotation_planner.result import Result
from tests.report import small


def same(a: Result, b: Result) -> bool:
    tables = all(getattr(a.plan, t) == getattr(b.plan, t) for t in ("attendances", "opened", "study"))
    left, right = (dataclasses.replace(r, plan=None, verification=None) for r in (a, b))
    facts = all(getattr(left, f.name) == getattr(right, f.name) for f in dataclasses.fields(Result))
    return tables and facts and a.plan.provenance == b.plan.provenance


def test_round_trip_loses_nothing() -> None:
    reason = Unmet("coverage", ("C5", "horizon"), 1, 0, 1, 1000, 4, "no_candidate", (("level", 3), ("leave", 1)))
    result = dataclasses.replace(small.result(), unmet=(reason,), runtime_s=0.1 + 0.2)
    again = parse_result(dump_result(result))
    assert same(again, result)
    assert dump_result(again) == dump_result(result)


def test_every_attendance_stands_on_a_line_of_its_own() -> None:
    assert '\n["C4", "S2", 1]' in dump_result(small.result())


def test_empty_plan_and_no_plan() -> None:
    assert len(parse_result(dump_result(dataclasses.replace(small.result(), plan=Plan.empty()))).plan.attendances) == 0
    nothing = Result(status="no_plan", plan=None, stopped="time")
    text = dump_result(nothing)
    assert "attendances" not in json.loads(text)
    assert parse_result(text).plan is None


BROKEN = [
    ("{", "is not JSON"),
    ("[]", "is not the format"),
    ('{"format": "x"}', "is not the format"),
    ("class_no as text", "Input should be a valid integer"),
    ("missing goals", "is missing"),
    ("unknown reason", "Input should be"),
    ("unknown status", "Input should be"),
    ("row too short", "does not hold a result"),
    ("column renamed", "does not hold a result"),
    ("rows not a list", "does not hold a result"),
    ("class 0", "greater than or equal to 1"),
]


@pytest.mark.parametrize(("change", "problem"), BROKEN, ids=[c for c, _ in BROKEN])
def test_broken_files_are_refused(change: str, problem: str) -> None:
    data = json.loads(dump_result(small.result()))
    rows = data["attendances"]["rows"]
    if change == "class_no as text":
        rows[0][2] = "1"
    elif change == "missing goals":
        del data["goals"]
    elif change == "unknown reason":
        data["unmet"][0]["reason"] = "because"
    elif change == "unknown status":
        data["status"] = "splendid"
    elif change == "row too short":
        rows[0].pop()
    elif change == "column renamed":
        data["attendances"]["columns"][0] = "who"
    elif change == "rows not a list":
        data["attendances"]["rows"] = 7
    elif change == "class 0":
        rows[0][2] = 0
    text = change if change[0] in "{[" else json.dumps(data)
    with pytest.raises(InputError) as error:
        parse_result(text, "OUT/plan.json")
    (defect,) = error.value.defects
    assert problem in defect.problem
    assert defect.file == "OUT/plan.json"
