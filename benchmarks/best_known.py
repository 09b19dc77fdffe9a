"""Best known plans and bounds of the instance family.

``python -m benchmarks.best_known add INSTANCE OUT``, or ``plant INSTANCE``.

``OUT`` is what ``rotation-planner plan`` wrote. Its plan is taken only if the verifier confirms it and it is better,
goal after goal, than the one on record; bounds are taken only from a certificate that recomputes.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import hashlib
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import rotation_planner as rp
from benchmarks.facts import ROOT
from benchmarks.instances import FAMILY, SEED, stored
from rotation_planner.certify import read_certificate
from rotation_planner.domain.plan import GoalValue, Provenance
from rotation_planner.domain.policy import GOALS
from rotation_planner.domain.scenario import Scenario
from rotation_planner.io.atomic import write_file

FILE = ROOT / "benchmarks" / "best_known.csv"
MAXIMISED = {"need"}
COLUMNS = (
    "id", "sha256", "tightness", *GOALS, *(f"{g}_bound" for g in GOALS), *(f"{g}_caps" for g in GOALS), "unmet", "date",
    "version", "engine", "plan_sha256",
)
Record = dict[str, str]


class RefusedError(ValueError):
    """What is offered is not taken, and why."""


class NothingBetterError(RefusedError):
    """What is offered is sound, and no better than what is on record."""


@dataclass(frozen=True)
class Offer:
    """A plan that the verifier confirmed, and the bounds that its certificate proves.

    Attributes
    ----------
    values : tuple of int
        Of each goal, in their order.
    bounds : dict
        By goal: the bound, and the values of the goals before it that it speaks of.
    """

    record: Record
    values: tuple[int, ...]
    bounds: dict[str, tuple[int, tuple[int, ...]]]


def read_offer(name: str, folder: Path, sha256: str) -> Offer:
    """Verify the plan of an output folder, and recompute its certificate if it has one.

    Raises
    ------
    RefusedError
        If it is about another scenario, breaks a limit, or a bound does not recompute.
    """
    output = rp.read_output(folder)
    scenario, plan = output.scenario(), output.result.require_plan()
    found = rp.scenario_sha256(scenario)
    if found != sha256:
        raise RefusedError(f"{folder} plans another scenario: checksum {found}, {name} has {sha256}")
    verified = rp.verify(scenario, plan)
    if not verified.ok:
        raise RefusedError(f"the plan breaks {len(verified.violations)} limits, the first: {verified.violations[0]}")
    made = plan.provenance
    record = {
        "id": name, "sha256": sha256, "tightness": FAMILY[name].tightness, "unmet": str(len(verified.unmet)),
        "date": dt.datetime.now(dt.UTC).date().isoformat(), "version": made.version, "engine": made.engine,
        "plan_sha256": hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest(),
    }
    return Offer(record, tuple(verified.goals[g] for g in GOALS), _proven(scenario, folder))


def _proven(scenario: Scenario, folder: Path) -> dict[str, tuple[int, tuple[int, ...]]]:
    certificate = read_certificate(folder)
    if certificate is None:
        return {}
    certified = rp.certify(scenario, certificate)
    if not certified.ok:
        raise RefusedError(f"the certificate does not hold: {certified.refutations[0]}")
    return {s.goal: (s.bound, s.caps) for s in certified.statements}


def merge(known: Record | None, offer: Offer) -> tuple[Record, list[str]]:
    """The record with what an offer betters, and what that is.

    A bound stands only while the plan on record is at least as good, in the goals before, as the plans it speaks of.
    """
    said: list[str] = []
    if known is not None and known["sha256"] != offer.record["sha256"]:
        known = None  # the record of an earlier version of the generator
    values = offer.values if known is None else tuple(int(known[g]) for g in GOALS)
    record = dict(offer.record)
    if known is not None and _least(offer.values) >= _least(values):
        record = {k: known[k] for k in COLUMNS if not k.endswith(("_bound", "_caps"))}
    else:
        values = offer.values
        said.append("plan")
    record |= {g: str(v) for g, v in zip(GOALS, values, strict=True)}
    for i, goal in enumerate(GOALS):
        before = _least(values)[:i]
        found = [] if known is None or not known[f"{goal}_bound"] else [_parsed(known, goal)]
        offered = offer.bounds.get(goal)
        if offered is not None:
            found.append(offered)
        speaking = [b for b in found if all(v <= c for v, c in zip(before, _least(b[1]), strict=True))]
        best = max(speaking, key=lambda b: _less(goal, b[0]), default=None)
        if best is not None and _less(goal, values[i]) < _less(goal, best[0]):
            raise RefusedError(f"{goal}: a verified plan has {values[i]}, which a bound of {best[0]} rules out")
        record[f"{goal}_bound"] = "" if best is None else str(best[0])
        record[f"{goal}_caps"] = "" if best is None else " ".join(map(str, best[1]))
        old = "" if known is None else known[f"{goal}_bound"]
        if best is not None and (not old or _less(goal, best[0]) > _less(goal, int(old))):
            said.append(f"bound of {goal}")
    return record, said


def _less(goal: str, value: int) -> int:
    """The value as one to be minimised."""
    return -value if goal in MAXIMISED else value


def _least(values: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(_less(g, v) for g, v in zip(GOALS, values, strict=False))


def _parsed(known: Record, goal: str) -> tuple[int, tuple[int, ...]]:
    return int(known[f"{goal}_bound"]), tuple(map(int, known[f"{goal}_caps"].split()))


def records(path: Path = FILE) -> dict[str, Record]:
    """What is on record, by instance."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def add(name: str, folder: Path, path: Path = FILE) -> list[str]:
    """Take what an output folder betters; returns what that is.

    Raises
    ------
    RefusedError
        If the instance has no checksum on record, the plan does not verify, or nothing is better.
    """
    instance = stored().get(name)
    if instance is None:
        raise RefusedError(f"{name} has no checksum in instances.csv")
    offer, known = read_offer(name, folder, instance["sha256"]), records(path)
    record, said = merge(known.get(name), offer)
    if not said:
        raise NothingBetterError(f"nothing in {folder} is better than what is on record of {name}")
    known[name] = record
    rows = [known[i] for i in FAMILY if i in known]

    def write(target: Path) -> None:
        with target.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)

    write_file(path, write)
    return said


def plant(name: str, path: Path = FILE) -> list[str]:
    """Offer the plan planted in a tight or loose instance: it meets every duty and floor, and is blind to all else."""
    scenario, plan = FAMILY[name].make()
    sha256 = rp.scenario_sha256(scenario)
    plan = replace(plan, provenance=Provenance(rp.__version__, "planted", SEED, {}, sha256))
    found = rp.verify(scenario, plan)
    goals = tuple(GoalValue(g, v) for g, v in found.goals.items())
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        rp.write_output(out, scenario, rp.Result("feasible", plan, goals, found.unmet, verification=found))
        return add(name, out, path)


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.best_known", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    adding = verbs.add_parser("add", help="take a better plan, or a better bound")
    adding.add_argument("instance", choices=list(FAMILY), metavar="INSTANCE")
    adding.add_argument("out", type=Path, metavar="OUT", help="output folder of `rotation-planner plan`")
    adding.add_argument("--file", type=Path, default=FILE, help="record to write to")
    planting = verbs.add_parser("plant", help="offer the plan planted in a tight or loose instance")
    planting.add_argument("instance", choices=[i for i in FAMILY if not i.endswith("-short")], metavar="INSTANCE")
    given = parser.parse_args(arguments)
    try:
        said = plant(given.instance) if given.verb == "plant" else add(given.instance, given.out, given.file)
    except NothingBetterError as error:
        print(error)
        return
    except (RefusedError, rp.RotationPlannerError) as error:
        sys.exit(f"refused: {error}")
    print(f"{given.instance}: better {', '.join(said)}")


if __name__ == "__main__":
    main()
