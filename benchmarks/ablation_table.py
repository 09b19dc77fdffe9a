"""The page of the ablations: what is lost with each part switched off."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import results
from benchmarks.cells import latest, markdown, number
from benchmarks.switches import SWITCHES, WHOLE
from benchmarks.table import Body, bodies, of
from benchmarks.target_table import largest_gap
from benchmarks.targets import GOALS
from benchmarks.trajectory import GOALS as EVERY
from benchmarks.trajectory import Values, rank

HEAD = (
    "without", "beside", "plans", "unmet", *GOALS, "largest certified gap %", "first verified plan, s", "MB", "seeds",
)


def page(rows: Sequence[results.Row]) -> str:
    """The page."""
    listed = markdown(
        ["without", "what is not done", "compared with"],
        [[name, switch.off, _name(switch.beside)] for name, switch in SWITCHES.items()],
    )
    out = [
        "# What each part of the engines is worth", "",
        "Made by `make bench-ablations` from `ablations.csv`; do not edit. The same instances are planned with one",
        "part switched off at a time (`switches.py`; `tests/test_switches.py` shows that each switch changes what",
        "runs), under the same limits. Medians over seeds, with the range in brackets; *plans* says for how many seeds",
        "the plan is worse or better, all goals in order, than that of the same seed with the part.", "", listed,
    ]
    if not rows:
        return "\n".join([*out, "", "Nothing has been measured yet.", ""])
    rows = latest(rows)
    machines = sorted({f"{r['processor']}, {r['cores']} cores, ortools {r['ortools']}" for r in rows})
    out += ["", f"Measured on {'; '.join(machines)}. Code: {', '.join(sorted({r['code_sha256'] for r in rows}))}."]
    for body in bodies(rows):
        out += ["", f"## {body[0]:,} cadres ({body[1]}, {body[2]}), {body[3]} s", "", _table(rows, body)]
    return "\n".join(out) + "\n"


def _name(method: str) -> str:
    return "everything on" if method == WHOLE else f"without {method}"


def _table(rows: list[results.Row], body: Body) -> str:
    lines = []
    for method in (WHOLE, *SWITCHES):
        found = of(rows, body, method)
        if not found:
            continue
        beside = None if method == WHOLE else SWITCHES[method].beside
        lines.append([
            "–" if beside is None else method, "" if beside is None else _name(beside),
            "" if beside is None else compared(found, of(rows, body, beside)),
            number([r["unmet"] for r in found]), *[number([r[goal] for r in found]) for goal in GOALS],
            number([largest_gap(r) for r in found], 2), number([r["first_plan_s"] for r in found], 1),
            number([r["peak_memory_mb"] for r in found]), str(len(found)),
        ])
    return markdown(HEAD, lines)


def compared(found: list[results.Row], others: list[results.Row]) -> str:
    """For how many seeds a plan is worse, better or as good as that of the same seed of another method."""
    whole = {r["seed"]: _values(r) for r in others if r["verified"] == "True"}
    pairs = [(_values(r), whole[r["seed"]]) for r in found if r["verified"] == "True" and r["seed"] in whole]
    counts = {
        "worse": sum(rank(a) > rank(b) for a, b in pairs), "better": sum(rank(a) < rank(b) for a, b in pairs),
        "the same": sum(a == b for a, b in pairs),
    }
    return ", ".join(f"{word} {n}" for word, n in counts.items() if n) or "–"


def _values(row: results.Row) -> Values:
    return tuple(int(row[goal]) for goal in EVERY)
