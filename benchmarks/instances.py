"""The instance family: ``python -m benchmarks.instances list | check ID ... | add ID ... | save ID DIR | page``.

An instance is a generator, its arguments and a seed; its content is fixed by the checksum in ``instances.csv``. See
``INSTANCES.md``.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import psutil

import rotation_planner as rp
from benchmarks.compression import compression
from benchmarks.facts import ROOT
from rotation_planner.domain.plan import Plan
from rotation_planner.domain.scenario import Scenario
from rotation_planner.generate import GENERATOR_VERSION, civil_service_with_plan, generate_with_plan
from rotation_planner.generate.presets import Tightness
from rotation_planner.io.atomic import write_file

FILE = ROOT / "benchmarks" / "instances.csv"
PAGE = ROOT / "benchmarks" / "INSTANCES.md"
BEGIN, END = "<!-- made by benchmarks.instances -->", "<!-- end -->"
COLUMNS = (
    "id", "tightness", "version", "sha256", "cadres", "authorities", "units", "sessions", "candidates", "compression",
    "cpu_s", "peak_mb",
)
SEED = 1


@dataclass(frozen=True)
class Member:
    """One instance of the family.

    Attributes
    ----------
    id : str
        Name in every table of the benchmark.
    source : str
        A preset, or ``civil-service``.
    tightness : str
        ``loose``, ``tight`` or ``short``.
    arguments : dict
        Further arguments of the generator.
    """

    id: str
    source: str
    tightness: Tightness
    arguments: dict[str, object] = field(default_factory=dict)

    def make(self) -> tuple[Scenario, Plan]:
        """Generate it, with the plan planted in its tight form."""
        if self.source == "civil-service":
            return civil_service_with_plan(
                seed=SEED, tightness=self.tightness, **self.arguments  # type: ignore[arg-type]
            )
        return generate_with_plan(
            self.source, seed=SEED, tightness=self.tightness, **self.arguments  # type: ignore[arg-type]
        )


BODIES: tuple[tuple[str, str, dict[str, object], bool], ...] = (
    ("district-300", "district", {"cadres": 300}, True),
    ("county-1000", "county", {"cadres": 1000}, True),
    ("county-4005", "county", {"cadres": 4005}, True),
    ("scottish-government", "civil-service", {"organisation": "Scottish Government"}, True),
    ("environment-agency", "civil-service", {"organisation": "Environment Agency"}, True),
    ("prefecture-15252", "prefecture", {"cadres": 15_252}, True),
    ("province-100000", "province", {"cadres": 100_000}, False),
    ("civil-service", "civil-service", {"organisation": None, "armed_forces": False}, False),
    ("nation-1000000", "nation", {"cadres": 1_000_000}, False),
)
"""Name, generator, its arguments, and whether there is a loose and a short form."""

FAMILY: dict[str, Member] = {
    f"{name}-{tightness}": Member(f"{name}-{tightness}", source, tightness, arguments)
    for name, source, arguments, three in BODIES
    for tightness in (get_args(Tightness) if three else ("tight",))
}
"""Every instance by id, the smallest bodies first."""


def stored(path: Path = FILE) -> dict[str, dict[str, str]]:
    """What is on record of each instance, by id."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def facts_of(member: Member) -> dict[str, str]:
    """Generate an instance and describe it; seconds of processor time and the process' peak memory so far."""
    begin = time.process_time()
    scenario, _ = member.make()
    seconds = time.process_time() - begin
    memory = psutil.Process().memory_info()
    peak = getattr(memory, "peak_wset", 0) or _peak_bytes()
    size = rp.forecast(scenario)
    return {
        "id": member.id, "tightness": member.tightness, "version": GENERATOR_VERSION,
        "sha256": rp.scenario_sha256(scenario), "cadres": str(size.cadres),
        "authorities": str(len(scenario["authorities"])), "units": str(len(scenario["units"])),
        "sessions": str(size.sessions), "candidates": str(size.candidates),
        "compression": f"{compression(scenario):.4f}", "cpu_s": f"{seconds:.1f}", "peak_mb": f"{peak / 2**20:.0f}",
    }


def _peak_bytes() -> int:
    import resource  # not on every system

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def add(names: list[str], path: Path = FILE) -> None:
    """Generate instances and put them on record; what is on record under another checksum is refused."""
    for name in names:
        row, known = facts_of(FAMILY[name]), stored(path)
        if name in known and known[name]["version"] == row["version"] and known[name]["sha256"] != row["sha256"]:
            raise ValueError(f"{name}: {row['sha256']} is not the {known[name]['sha256']} of version {row['version']}")
        known[name] = row
        ordered = [known[i] for i in FAMILY if i in known]

        def write(target: Path, rows: list[dict[str, str]] = ordered) -> None:
            with target.open("w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
                table.writeheader()
                table.writerows(rows)

        write_file(path, write)
        print(" ".join(f"{k}={row[k]}" for k in COLUMNS), flush=True)


def check(names: list[str], path: Path = FILE) -> int:
    """Generate instances and compare them with the record; returns how many differ."""
    known, wrong = stored(path), 0
    for name in names:
        scenario, _ = FAMILY[name].make()
        found = rp.scenario_sha256(scenario)
        same = name in known and known[name]["sha256"] == found
        wrong += not same
        print(f"{name:32} {found[:12]} {'as recorded' if same else 'DIFFERS'}", flush=True)
    return wrong


def page(path: Path = PAGE) -> None:
    """Write what is on record into the table of the public page."""
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    path.write_text(f"{head}{BEGIN}\n\n{markdown(stored())}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def markdown(known: dict[str, dict[str, str]]) -> str:
    """The record as a table, the three forms of a body in one row: they differ in nothing but their checksums."""
    sizes = ("cadres", "authorities", "units", "sessions", "candidates")
    head = ("instance", "forms: first digits of the checksum", *sizes, "compression", "CPU s", "MB")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, *_ in BODIES:
        forms = [row for i, row in known.items() if i == f"{name}-{row['tightness']}"]
        if forms:
            row = forms[0]
            sums = ", ".join(f"{f['tightness']} `{f['sha256'][:12]}`" for f in forms)
            counts = (f"{int(row[k]):,}" for k in sizes)
            cells = (name, sums, *counts, row["compression"], row["cpu_s"], f"{int(row['peak_mb']):,}")
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def save(name: str, target: Path, path: Path = FILE) -> None:
    """Write an instance as a folder of tables, a workbook or JSON, as the name says.

    Raises
    ------
    ValueError
        If it is not on record, or is not what is on record.
    """
    known = stored(path).get(name)
    if known is None:
        raise ValueError(f"{name} is not on record: python -m benchmarks.instances add {name}")
    scenario = FAMILY[name].make()[0]
    if rp.scenario_sha256(scenario) != known["sha256"]:
        raise ValueError(f"{name} is not the {known['sha256']} on record")
    rp.save(scenario, target)


def main(arguments: list[str] | None = None) -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instances", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="ids and what is on record")
    verbs.add_parser("page", help="write the table of INSTANCES.md")
    for verb in ("check", "add"):
        verbs.add_parser(verb).add_argument("ids", nargs="+", choices=list(FAMILY), metavar="ID")
    saving = verbs.add_parser("save", help="write the tables")
    saving.add_argument("id", choices=list(FAMILY), metavar="ID")
    saving.add_argument("target", type=Path)
    given = parser.parse_args(arguments)
    if given.verb == "list":
        known = stored()
        for name in FAMILY:
            row = known.get(name)
            print(f"{name:32} {row['sha256'][:12] if row else '-':12} {row['cadres'] if row else '-':>9}")
    elif given.verb == "check":
        if wrong := check(given.ids):
            sys.exit(f"{wrong} instances are not those on record")
    elif given.verb == "add":
        add(given.ids)
    elif given.verb == "page":
        page()
    else:
        save(given.id, given.target)


if __name__ == "__main__":
    main()
