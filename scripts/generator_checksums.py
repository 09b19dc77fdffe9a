"""Write `benchmarks/checksums.csv`: what the generator makes, pinned. Run after a new `GENERATOR_VERSION`."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from rotation_planner.domain.checksum import scenario_sha256
from rotation_planner.generate import GENERATOR_VERSION, PACKAGED, generate, packaged

CASES = (
    ("district", 300, 0, "tight"),
    ("district", 300, 1, "tight"),
    ("district", 300, 1, "loose"),
    ("district", 300, 1, "short"),
    ("county", 1000, 1, "tight"),
    ("county", 4005, 1, "tight"),
    ("prefecture", 15252, 1, "tight"),
    ("province", 20000, 1, "tight"),
)
HEADER = ("version", "preset", "cadres", "seed", "tightness", "sha256")


def main(target: Path) -> None:
    """Generate every case and write its checksum."""
    with target.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for preset, cadres, seed, tightness in CASES:
            digest = scenario_sha256(generate(preset, cadres, seed, tightness))  # type: ignore[arg-type]
            table.writerow((GENERATOR_VERSION, preset, cadres, seed, tightness, digest))
        for name in PACKAGED:
            scenario = packaged(name)
            size = len(scenario["cadres"])
            table.writerow((GENERATOR_VERSION, f"packaged {name}", size, "", "tight", scenario_sha256(scenario)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "benchmarks" / "checksums.csv")
