"""What is kept of a plan that failed its own verification, so that the fault can be found."""

from __future__ import annotations

from pathlib import Path

from rotation_planner.domain.errors import InternalError
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.io import save
from rotation_planner.report.plan_json import dump_result
from rotation_planner.result import Result

FILES = ("fault.txt", "plan.json", "scenario.json.gz")
"""What was refuted, the plan, and what was planned."""


def keep_fault(output: str | Path, scenario: Scenario, error: InternalError) -> Path | None:
    """Write the plan that shows a fault beside the place of the output.

    Parameters
    ----------
    output : path
        Folder in which the plan would have been written; the fault goes beside it, to ``OUTPUT.fault``.
    scenario : Scenario
        The scenario planned.
    error : InternalError
        What was wrong.

    Returns
    -------
    Path or None
        The folder; None if the error shows no plan.
    """
    if not isinstance(error.plan, Plan):
        return None
    target = Path(output).absolute()
    folder = target.with_name(f"{target.name}.fault")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fault.txt").write_text(f"{error}\n", encoding="utf-8")
    (folder / "plan.json").write_text(dump_result(Result("no_plan", error.plan)), encoding="utf-8")
    save(scenario, folder / "scenario.json.gz")
    return folder
