"""Look for a seed for every two kinds of rules at which both bind and meet: ``python -m tests.rules.find_pairs``."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

from tests.rules.judged import binding, judge
from tests.rules.pairs import INGREDIENTS, pair_of
from tests.rules.sharing import may_share, share

FILE = Path(__file__).with_name("pairs.csv")
MOST = 600
"""Seeds tried for a pair."""

Known = tuple[int, str]


def seed_of(one: str, other: str, known: Known = (0, "best")) -> Known:
    """The first seed at which both bind, and where: what is known, else in the best plan, else in some plans."""
    for seed, at in (known, *((seed, at) for at in ("best", "plans") for seed in range(MOST))):
        scenario = pair_of(one, other, seed)
        if (share(scenario) or not may_share(one, other)) and binding(scenario, judge(scenario), at):
            return seed, at
    raise ValueError(f"{one} and {other} bind together at none of the seeds below {MOST}")


def read() -> dict[tuple[str, str], Known]:
    """Pair of kinds to what ``pairs.csv`` says."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["one"], row["other"]): (int(row["seed"]), row["at"]) for row in csv.DictReader(file)}


def main() -> None:
    """Write ``pairs.csv`` again."""
    known = read()
    rows = [
        (*pair, *seed_of(*pair, known.get(pair, (0, "best")))) for pair in itertools.combinations(INGREDIENTS, 2)
    ]
    with FILE.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("one", "other", "seed", "at"), *rows])


if __name__ == "__main__":
    main()
