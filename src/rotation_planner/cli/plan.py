"""``rotation-planner plan``: make a plan, check it, write it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import rotation_planner as rp
from rotation_planner.cli import options
from rotation_planner.cli.console import defect_lines, out, put_json, say
from rotation_planner.cli.exits import ExitCode, guarded
from rotation_planner.cli.progress import Watch
from rotation_planner.cli.source import ScenarioArgument, examine_scenario

NAME = "plan"
_SHORTEST_S = 1.0
STOPPED = {
    "time": "out of time", "gap": "near enough", "work": "out of work", "memory": "out of memory",
    "interrupt": "interrupted", "crash": "the solver's process ended by itself, a fault of rotation-planner",
}
"""Why a run ended, in words."""


@guarded
def command(
    scenario: ScenarioArgument,
    output: options.Output,
    time_limit: options.TimeLimit = 60.0,
    work_limit: options.WorkLimit = None,
    workers: options.Workers = None,
    seed: options.Seed = 0,
    memory_limit: options.MemoryLimit = None,
    gap: options.Gap = None,
    engine: options.Engine = options.EngineName.AUTO,
    ray_address: options.RayAddress = None,
    resume: options.Resume = False,
    start: options.EarlierPlan = None,
    freeze_until: options.FreezeUntil = None,
    as_json: options.JsonObject = False,
) -> ExitCode:
    """Plan a scenario.

    Exit status 0: written, nothing unmet; 3: written, some duties unmet.

    2: bad input, nothing written; 4: no plan within the limits; 70: our fault.
    """
    try:
        data, result = make(
            scenario, output, time_limit=time_limit, work_limit=work_limit, workers=workers, seed=seed,
            memory_limit=memory_limit, gap=gap, engine=engine.value, ray_address=ray_address, resume=resume, old=start,
            freeze=freeze_until,
        )
    except rp.InputError as error:
        if as_json:
            put_json(_object("bad_input", None, seed))
        raise error
    except rp.InternalError as error:
        if as_json:
            put_json(_object("fault", None, seed))
        raise error
    if as_json:
        put_json(_object(result.status, result, seed))
    elif result.plan is not None:
        out().print(rp.summary(data, result))
    if result.plan is None:
        return without_plan(result)
    say(f"wrote {output}")
    return ExitCode.UNMET if result.unmet else ExitCode.OK


def without_plan(result: rp.Result) -> ExitCode:
    """Say why there is no plan; the exit status for it."""
    reason = result.why or f"{STOPPED.get(result.stopped, result.stopped)}, after {result.runtime_s:.1f} s"
    say(f"no plan ({reason}); nothing was written")
    return ExitCode.OUR_FAULT if result.stopped == "crash" else ExitCode.NO_PLAN


def make(
    source: str, output: Path, *, time_limit: float, work_limit: float | None = None, workers: int | None = None,
    seed: int = 0, memory_limit: int | None = None, gap: float | None = None, engine: str = "auto",
    ray_address: str | None = None, resume: bool = False, old: Path | None = None, freeze: datetime | None = None,
) -> tuple[rp.Scenario, rp.Result]:
    """Load, check, solve and write; nothing is written without a plan.

    While it runs, its best plan so far is in ``OUT.checkpoint``, from which ``resume`` goes on.

    Raises
    ------
    rp.InputError
        If the input has errors, before anything is written.
    rp.InternalError
        If the plan fails its own verification; it is kept beside the output.
    """
    _refuse_ray(engine, ray_address)
    scenario, warnings = examine_scenario(source)
    rp.refuse_foreign(output)
    started = time.monotonic()
    if freeze is not None and old is None:
        problem, mend = "It says what to keep, but no earlier plan is given.", "Add --from OLD_OUT."
        raise rp.InputError([rp.Defect("option", "", None, "--freeze-until", f"{freeze:%Y-%m-%d}", problem, mend)])
    earlier = rp.read_output(old).result.require_plan() if old is not None else None
    if earlier is not None:
        scenario = _carry(scenario, earlier, freeze)
    defect_lines(warnings)
    checkpoint = output.with_name(f"{output.name}.checkpoint")
    _say_of(checkpoint, resume)
    output.parent.mkdir(parents=True, exist_ok=True)
    left = max(_SHORTEST_S, time_limit - (time.monotonic() - started) - writing_s(scenario))
    try:
        with Watch(left) as watch:
            result = rp.solve(
                scenario, time_limit=left, work_limit=work_limit, workers=workers, seed=seed, start=earlier,
                memory_limit_mb=memory_limit, gap=gap, engine=engine, ray_address=ray_address, checkpoint=checkpoint,
                resume=resume, on_progress=watch,
            )
    except rp.InternalError as error:
        kept = rp.keep_fault(output, scenario, error)
        if kept is not None:
            say(f"kept for the report: {kept}")
        raise
    if result.stopped == "crash" and result.plan is not None:
        say(f"warning: {STOPPED['crash']}; the plan is the best one found until then, and verified")
    if result.plan is not None:
        if old is not None:
            result = _carried(result, freeze)
        rp.write_output(output, scenario, result)
        checkpoint.unlink(missing_ok=True)
    return scenario, result


def _refuse_ray(engine: str, address: str | None) -> None:
    """A cluster is of the partitioned engine, and needs an extra."""
    if address is None:
        return
    if engine != "partitioned":
        problem, mend = f"It is of the engine partitioned, not of {engine}.", "Add --engine partitioned."
    elif find_spec("ray") is None:
        problem, mend = "Ray is not installed.", "pip install 'rotation-planner[ray]'"
    else:
        return
    raise rp.InputError([rp.Defect("option", "", None, "--ray-address", address, problem, mend)])


def _say_of(checkpoint: Path, resume: bool) -> None:
    """What is done about a run that did not come to its end."""
    if not checkpoint.exists():
        if resume:
            say(f"there is no {checkpoint} to go on from; beginning anew")
    elif resume:
        say(f"going on from {checkpoint}")
    else:
        say(f"{checkpoint} of an unfinished run will be replaced; to go on from it, stop this run and add --resume")


def _carry(scenario: rp.Scenario, earlier: rp.Plan, freeze: datetime | None) -> rp.Scenario:
    """The scenario with an earlier plan's places as commitments; says what has no place any more."""
    frozen = rp.freeze(scenario, earlier, freeze.date() if freeze is not None else None)
    if frozen.lost:
        say(f"{len(frozen.lost):,} places of the earlier plan are gone: their cadre or session is not in the scenario")
    return frozen.scenario


def _carried(result: rp.Result, freeze: datetime | None) -> rp.Result:
    """The result with a note in its provenance that it carries an earlier plan."""
    plan = result.require_plan()
    parameters = plan.provenance.parameters | {rp.CARRIED: f"{freeze:%Y-%m-%d}" if freeze is not None else ""}
    return replace(result, plan=replace(plan, provenance=replace(plan.provenance, parameters=parameters)))


def writing_s(scenario: rp.Scenario) -> float:
    """Seconds kept back for writing the output, from the number of cadres."""
    return 0.3 + 0.0018 * len(scenario["cadres"])


def _object(status: str, result: rp.Result | None, seed: int) -> dict[str, Any]:
    goals = result.goals if result is not None else ()
    return {
        "status": status,
        "goals": [
            {"name": g.name, "value": g.value, "bound": g.bound, "gap": g.gap, "bound_source": g.bound_source,
             "certified_bound": g.certified_bound}
            for g in goals
        ],
        "unmet": len(result.unmet) if result is not None else None,
        "verified": bool(result is not None and result.verification is not None and result.verification.ok),
        "runtime_s": result.runtime_s if result is not None else None,
        "peak_memory_mb": result.peak_memory_mb if result is not None else None,
        "stopped": result.stopped if result is not None else None,
        "engine": result.engine if result is not None else None,
        "seed": result.seed if result is not None else seed,
        "version": rp.__version__,
    }
