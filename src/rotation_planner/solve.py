"""From a scenario to a verified plan."""

from __future__ import annotations

import math
import os
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from rotation_planner import model
from rotation_planner.anytime import Run
from rotation_planner.check import check_or_raise
from rotation_planner.checkpoint import Origin, of_point, point_of, read_checkpoint, write_checkpoint
from rotation_planner.compile import compile_candidates
from rotation_planner.compile.forecast import exact_candidates, forecast
from rotation_planner.domain.errors import InternalError
from rotation_planner.domain.plan import Plan, Provenance
from rotation_planner.domain.scenario import Scenario
from rotation_planner.engines import Options, Outcome, run
from rotation_planner.engines.process import tree_memory_mb
from rotation_planner.engines.supervise import sources_of
from rotation_planner.explain import explain
from rotation_planner.interrupt import graceful
from rotation_planner.io.checksum import checksum
from rotation_planner.memory import memory_room, memory_shortage
from rotation_planner.partitioned import BLOCKS_OF, solve_in_parts
from rotation_planner.partitioned import Run as InParts
from rotation_planner.program import Program
from rotation_planner.proof import PRICES_SHARE, prove, proven_goals
from rotation_planner.result import OnProgress, Result
from rotation_planner.start import START_SHARE, EnoughError, starting_point
from rotation_planner.verify import Verification, verify

AFTERWARDS = 1.2
"""Time kept for turning the point into a plan, verifying it and giving reasons, in times of what building took."""


def solve(
    scenario: Scenario,
    time_limit: float = 60.0,
    work_limit: float | None = None,
    workers: int | None = None,
    seed: int = 0,
    start: Plan | None = None,
    on_progress: OnProgress | None = None,
    memory_limit_mb: float | None = None,
    engine: str = "auto",
    gap: float | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    ray_address: str | None = None,
) -> Result:
    """Plan a scenario.

    Parameters
    ----------
    scenario : Scenario
        What is to be planned.
    time_limit : float
        Wall-clock seconds for everything up to the verified result; writing it is not included.
    work_limit : float, optional
        Deterministic effort instead of wall-clock time for the search; the same seed and workers then give the same
        plan, unless the time limit ends the run first.
    workers : int, optional
        Threads of a solve; by default every core.
    seed : int
        Of every random choice.
    start : Plan, optional
        A plan to start from; taken if it is feasible, repaired by the search otherwise.
    on_progress : callable, optional
        Given a ``Progress`` at every step.
    memory_limit_mb : float, optional
        Of the whole process tree; never more than the machine has left. A run that is not expected to fit does not
        begin.
    engine : str
        ``auto``, ``exact``, ``cohort`` or ``partitioned``.
    gap : float, optional
        The run ends as soon as the gap of every goal is at most this.
    checkpoint : path, optional
        File in which the best point is kept before it is told of, so that a run that was killed can go on. It is left
        there at the end, for the caller to delete once the plan is safe.
    resume : bool
        Go on from the checkpoint, if there is one; the result is never worse. The limits are those of this run alone.
    ray_address : str, optional
        With the partitioned engine: the Ray cluster that solves the blocks (``local`` for one on this machine).

    Returns
    -------
    Result
        The best verified plan, with the value, bound and gap of each goal and every unmet duty with its reason. In the
        main thread SIGINT, SIGTERM and SIGHUP end the search with the best plan so far. Without any plan (a signal
        before there was one, or too little memory) the status is ``no_plan``.

    Raises
    ------
    InputError
        If the scenario has errors; all of them are listed. If the checkpoint is broken, or belongs to another scenario
        or version.
    InternalError
        If the plan found fails verification: a fault of the library, never of the input.
    """
    if time_limit <= 0:
        raise ValueError("time_limit must be positive")
    if gap is not None and gap < 0:
        raise ValueError("gap must not be negative")
    if engine not in ("auto", "exact", "cohort", "partitioned"):
        raise ValueError(f"engine must be auto, exact, cohort or partitioned, not {engine!r}")
    if ray_address is not None and engine != "partitioned":
        raise ValueError(f"ray_address is of the engine partitioned, not of {engine}")
    if resume and checkpoint is None:
        raise ValueError("resume needs a checkpoint")
    so_far = Run(on_progress, time_limit, gap)
    workers = workers or os.cpu_count() or 1
    place = memory_room(memory_limit_mb)
    parameters = {
        "time_limit": time_limit, "work_limit": work_limit, "workers": workers,
        "policy": "default" if scenario.default_policy else "given",
    }
    origin = Origin(checksum(scenario), library_version())
    file = Path(checkpoint) if checkpoint is not None else None
    earlier = read_checkpoint(file, origin) if resume and file is not None and file.exists() else None
    if earlier is not None:
        parameters["resumed_after_s"] = round(earlier.elapsed_s, 1)

    def nothing(stopped: str, why: str = "") -> Result:
        return Result(
            "no_plan", None, runtime_s=so_far.elapsed_s, peak_memory_mb=tree_memory_mb(), seed=seed, stopped=stopped,
            why=why,
        )

    def store(x: np.ndarray) -> None:
        if file is not None:
            elapsed = so_far.elapsed_s + (earlier.elapsed_s if earlier is not None else 0.0)
            write_checkpoint(file, of_point(x, built.program, origin, elapsed, {"seed": seed, **parameters}))

    def checked(x: np.ndarray) -> tuple[Plan, Verification]:
        plan = model.to_plan(built, x, Provenance(origin.version, chosen, seed, parameters, origin.scenario_sha256))
        verification = verify(scenario, plan)
        _confirm(plan, verification, built.program, x)
        return plan, verification

    with graceful() as stop:
        stopped, begin, constructed = "", None, False
        try:
            so_far.phase("compile")
            check_or_raise(scenario)
            seconds = time_limit if work_limit is None else work_limit
            size = forecast(scenario, workers, place.mb, seconds)
            short = memory_shortage(size, size.engine if engine == "auto" else engine, place)
            if short is not None:
                return nothing("memory", short)
            # A run that goes on keeps to blocks, or to one program, however much memory there is now.
            blocks = size.engine == "partitioned" if earlier is None else BLOCKS_OF in earlier.options
            if engine == "partitioned" or (engine == "auto" and blocks):
                stop.held = True  # what is committed alone is a plan already
                given = InParts(
                    Options(
                        time_limit=time_limit, work_limit=work_limit, workers=workers, seed=seed,
                        memory_limit_mb=place.mb, gap=gap,
                    ), origin,
                    parameters | {"why": size.why}, place.mb, ray_address, so_far.elapsed_s, start, file, earlier,
                )
                return solve_in_parts(scenario, size, given, on_progress, stop)
            candidates = compile_candidates(scenario)
            so_far.compiled(len(candidates))
            fits = size.memory_by_engine["exact"] <= place.mb
            chosen = engine
            if engine == "auto":
                chosen = "exact" if fits and len(candidates) <= exact_candidates(seconds) else "cohort"
            built = model.build(candidates)
            afterwards = max(0.3, AFTERWARDS * so_far.elapsed_s)
            if (used := tree_memory_mb()) > place.mb:
                return nothing("memory", f"building it took {used:,.0f} MB, and {place.mb:,.0f} MB are {place.whose}")
            so_far.built(built.program, store)
            so_far.phase("construct")
            # Under a work limit nothing may hang on the clock.
            now = time.monotonic()
            until = now + START_SHARE * time_limit - so_far.elapsed_s if work_limit is None else math.inf
            points = [model.to_point(built, start, strict=False)] if start is not None else []
            if earlier is not None and file is not None:
                points.append(point_of(earlier, built.program, file))

            def first(x: np.ndarray) -> None:
                """A fault of ours is to be known now, not at the end; if there is time to look twice."""
                if time.monotonic() + afterwards < until:
                    so_far.phase("verify")
                    checked(model.complete(built, x))
                    so_far.phase("construct")

            begin, constructed = starting_point(
                built, so_far, points, earlier is not None, until, first, stop, workers
            )
            stop.held = True
        except EnoughError:
            stop.held = True
        except KeyboardInterrupt:
            if so_far.best is None:
                return nothing("interrupt")
            stopped = "interrupt"
        best = so_far.best
        assert best is not None
        stopped = stopped or so_far.close_enough() or ""
        if stopped:
            bounds = built.program.trivial_bounds()
            outcome = Outcome(best, bounds, sources_of(built.program, bounds), stopped)
        else:
            left = time_limit - so_far.elapsed_s - afterwards
            options = Options(
                engine=chosen, time_limit=max(0.1, left if chosen == "cohort" else (1 - PRICES_SHARE) * left),
                work_limit=work_limit, workers=workers, seed=seed, memory_limit_mb=place.mb, gap=gap,
                master=not constructed, leave=PRICES_SHARE if work_limit is None else 0.0,
            )
            so_far.searching(work_limit)
            assert begin is not None
            outcome = run(built.program, begin, options, so_far.event, stop, so_far.keep)
        # An engine that ran out of time may leave a helper (a peak, a shortfall) higher than it need be, and one that
        # began with another point than the best may have ended before it was better.
        x = model.complete(built, so_far.keep(outcome.x))
        if not built.program.feasible(x):
            raise InternalError("helpers completed after the search break the program")
        values, limits = built.program.goal_values(x), None
        if outcome.stopped in ("time", "work", "crash"):
            so_far.phase("prices")
            left = time_limit - so_far.elapsed_s - afterwards
            limits = Options(
                time_limit=left, work_limit=None if work_limit is None else PRICES_SHARE * work_limit, workers=workers,
                memory_limit_mb=place.mb,
            )
        certificate = prove(built.program, values, outcome.bounds, origin, limits, stop, outcome.prices, x)
        so_far.phase("verify")
        plan, verification = checked(x)
        goals = proven_goals(built.program, values, outcome.bounds, certificate)
        return Result(
            status="optimal" if all(g.bound == g.value for g in goals) else "feasible",
            plan=plan,
            goals=goals,
            unmet=explain(candidates, built.program, x, verification.unmet),
            runtime_s=so_far.elapsed_s,
            peak_memory_mb=max(outcome.peak_memory_mb, tree_memory_mb()),
            engine=chosen,
            seed=seed,
            stopped=outcome.stopped,
            verification=verification,
            certificate=certificate,
        )


def library_version() -> str:
    """Version of the installed library; ``0`` when run from a source tree that is not installed."""
    try:
        return version("rotation-planner")
    except PackageNotFoundError:
        return "0"


def _confirm(plan: Plan, verification: Verification, program: Program, x: np.ndarray) -> None:
    """No plan leaves that the independent check refutes."""
    faults = [v.message for v in verification.violations]
    for goal, value in zip(program.goals, program.goal_values(x), strict=True):
        if verification.goals[goal.name] != value:
            faults.append(f"goal {goal.name}: model {value}, verifier {verification.goals[goal.name]}")
    if faults:
        raise InternalError("the plan fails its own verification:\n" + "\n".join(faults[:50]), plan)
