"""Check a plan that any method made: ``python -m benchmarks.judge SCENARIO PLAN [--out OUT --method NAME]``.

``SCENARIO`` is a folder of tables, ``PLAN`` a folder with ``attendances.csv``, ``opened.csv`` and, where hours are
taken without a session, ``study.csv``. ``OUT`` is then what ``benchmarks.best_known add`` takes.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

import rotation_planner as rp
from rotation_planner.domain.base import Row
from rotation_planner.domain.plan import Attendance, GoalValue, Opened, Plan, Provenance, Study
from rotation_planner.domain.table import Table

R = TypeVar("R", bound=Row)
OPTIONAL = {Study}
"""A plan without a file of these has none."""


class UnreadableError(ValueError):
    """What is wrong with the files of a plan, a line for each."""


def read_plan(folder: Path, provenance: Provenance) -> Plan:
    """Read the tables of a plan.

    Raises
    ------
    UnreadableError
        With everything that is wrong.
    """
    wrong: list[str] = []
    attendances, opened, study = (
        _table(folder, Attendance, wrong), _table(folder, Opened, wrong), _table(folder, Study, wrong)
    )
    if wrong:
        raise UnreadableError("\n".join(wrong))
    return Plan(attendances, opened, study, provenance)


def _table(folder: Path, model: type[R], wrong: list[str]) -> Table[R]:
    file, expected = folder / f"{model.TABLE}.csv", list(model.model_fields)
    if not file.is_file():
        wrong += [] if model in OPTIONAL else [f"{file.name}: there is none; write one with {','.join(expected)}"]
        return Table.of(model)
    found: list[R] = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, strict=True)
        header = list(table.fieldnames or ())
        if header != expected:
            wrong.append(f"{file.name}: the header is to be {','.join(expected)}, not {','.join(header)}")
            return Table.of(model)
        for number, row in enumerate(table, start=2):
            try:
                found.append(model.model_validate_strings(row))
            except ValidationError as error:
                wrong += [
                    f"{file.name} row {number}, {'.'.join(map(str, e['loc']))} {e['input']!r}: {e['msg']}"
                    for e in error.errors()
                ]
    return Table.of(model, found)


def main(arguments: list[str] | None = None) -> None:
    """Entry point: exit status 0 for a plan that keeps every limit, 5 for one that does not, 2 for unreadable files."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judge", description=__doc__)
    parser.add_argument("scenario", type=Path, metavar="SCENARIO")
    parser.add_argument("plan", type=Path, metavar="PLAN")
    parser.add_argument("--out", type=Path, help="write what `best_known add` takes into this folder")
    parser.add_argument("--method", default="", help="what made the plan, for the record")
    given = parser.parse_args(arguments)
    try:
        scenario = rp.load(given.scenario)
        plan = read_plan(given.plan, Provenance(engine=given.method, scenario_sha256=rp.scenario_sha256(scenario)))
    except (UnreadableError, rp.InputError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    found = rp.verify(scenario, plan)
    print(f"scenario {plan.provenance.scenario_sha256}")
    print(" ".join(f"{goal}={value}" for goal, value in found.goals.items()), f"unmet={len(found.unmet)}")
    if not found.ok:
        print(f"{len(found.violations)} limits are broken:", *found.violations, sep="\n")
        sys.exit(5)
    print("every limit is kept")
    if given.out is not None:
        goals = tuple(GoalValue(goal, value) for goal, value in found.goals.items())
        result = rp.Result("feasible", plan, goals, found.unmet, engine=given.method, verification=found)
        rp.write_output(given.out, scenario, result)


if __name__ == "__main__":
    main()
