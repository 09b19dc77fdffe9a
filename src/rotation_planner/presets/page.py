"""Text of ``docs/presets.md``."""

from __future__ import annotations

from rotation_planner.presets import CERTAINTY, describe, names
from rotation_planner.presets.limits import LIMITS

_PREFACE = """\
Made from the files of `rotation_planner.presets` by `make docs`; do not edit. A preset is a policy whose figures have
sources. For a scenario of your own: `rp.presets.policy("cn_2023", county="deputy_county")`, parameters by
`help(rp.presets.cn_2023.policy)`. A small one to look at: `rp.presets.scenario("cn_2023")`. On the command line:
`rotation-planner presets` and `rotation-planner presets cn_2023 -o DIR`."""


def markdown() -> str:
    """The page."""
    letters = "; ".join(f"{letter}: {words}" for letter, words in CERTAINTY.items())
    limits = ", ".join(f"`{rule.kind}`" for rule in LIMITS)
    shared = (
        f"How sure a figure is: {letters}. \"Notes on the domain\" are the project's own collection, "
        f"quoted line by line.\n\n"
        f"Every preset also brings the limits that need no figure of an office: {limits}."
    )
    parts = ["# Presets", _PREFACE, shared]
    kinds = {rule.kind for rule in LIMITS}
    for name in names():
        about = describe(name)
        rules = ", ".join(f"`{r['name']}` ({r['kind']})" for r in about["rules"] if r["kind"] not in kinds)
        rows = "\n".join(
            f"| {f['value']:,} {f['unit']} | {f['what']} | {f['certainty']} | {_cell(f['source'])} |"
            for f in about["figures"]
        )
        left_out = "\n".join(f"- {words}" for words in about["left_out"])
        parts += [
            f"## {name}", about["summary"], about["about"], f"Rules of the small scenario: {rules}.",
            f"| figure | what | sure | source |\n|---|---|---|---|\n{rows}", f"Not in it:\n\n{left_out}",
        ]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
