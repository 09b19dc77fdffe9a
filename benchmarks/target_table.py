"""The table of targets: what was to be reached on the published instances, and what was."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks import results
from benchmarks.cases import Instance
from benchmarks.cells import gap, markdown, number
from benchmarks.instances import stored
from benchmarks.targets import GOALS, TARGETS, Target

HEAD = (
    "instance", "cadres", "tightness", "target gap %", "largest gap %", *GOALS, "seconds of limit",
    "ms per cadre", "first verified plan, s of target", "memory MB of", "seeds", "target",
)


def of_target(rows: Iterable[results.Row], target: Target, instance: Instance) -> list[results.Row]:
    """Our measurements of a published instance, by its checksum, under the limit of its target."""
    sha256 = stored().get(instance.name, {}).get("sha256", "-")[:12]
    return [
        r for r in rows
        if r["method"] == "ours" and r["instance_sha256"] == sha256 and r["time_limit_s"] == str(target.time_limit_s)
    ]


def largest_gap(row: results.Row, proof: str = "certified") -> str:
    """The largest gap in percent, to the bound that counts; empty where one of the goals has none."""
    gaps = [gap(row, goal, proof) for goal in GOALS]
    return max(gaps, key=float) if all(gaps) else ""


def met(row: results.Row, target: Target) -> bool:
    """Whether a run has a verified plan, provably as near as was asked for, within the memory."""
    largest = largest_gap(row, target.proof)
    near = bool(largest) and float(largest) <= target.gap_percent
    return near and row["verified"] == "True" and float(row["peak_memory_mb"]) <= target.memory_mb


def verdict(found: list[results.Row], target: Target) -> str:
    """Met, if every seed meets it; ``so far`` while not all seeds are measured."""
    if not found:
        return "not yet measured"
    good = sum(met(row, target) for row in found)
    some = f" ({good} of {len(found)})" if 0 < good < len(found) else ""
    so_far = " so far" if len(found) < len(target.seeds) else ""
    return ("met" if good == len(found) else "missed") + some + so_far


def first_plan(found: list[results.Row], target: Target) -> str:
    """Seconds to the first verified plan, and whether that is late."""
    shown = f"{number([r['first_plan_s'] for r in found], 1)} of {target.first_plan_s:,.0f}"
    late = any(r["first_plan_s"] and float(r["first_plan_s"]) > target.first_plan_s for r in found)
    return f"{shown}, late" if late else shown


def targets_table(rows: list[results.Row]) -> str:
    """Every published instance with its target, measured or not."""
    lines = []
    for target in TARGETS:
        for instance in target.forms:
            found = of_target(rows, target, instance)
            per_cadre = [str(1000 * float(r["seconds"]) / target.cadres) for r in found if r["seconds"]]
            lines.append([
                target.body, f"{target.cadres:,}", instance.tightness, f"{target.gap_percent:g}",
                number([largest_gap(r, target.proof) for r in found], 2),
                *[number([gap(r, goal, target.proof) for r in found], 2) for goal in GOALS],
                f"{number([r['seconds'] for r in found])} of {target.time_limit_s:,}", number(per_cadre, 1),
                first_plan(found, target), f"{number([r['peak_memory_mb'] for r in found])} of {target.memory_mb:,}",
                f"{len(found)} of {len(target.seeds)}", verdict(found, target),
            ])
    return markdown(HEAD, lines)
