"""Every rule and goal in one list, taken from where each is written: docstrings, parameter models, constants."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rotation_planner.domain import policy

GOAL_WORDS: dict[str, tuple[str, tuple[str, ...], type[BaseModel] | None]] = {
    "duties": ("Smallest: weight x shortfall of every duty, in per mille of what is required; key posts weigh more.",
               ("M1", "M5", "M12"), None),
    "floor": ("Smallest: yuan missing below the budget floors.", ("M19",), None),
    "need": ("Largest: training need met by the plan, in points.", ("M6",), policy.NeedWeights),
    "cost": ("Smallest: total spend in yuan, study hours included.", ("M19",), policy.StudyPrice),
    "comfort": ("Smallest: lateness, unevenness, wishes not granted, changes against a published plan.",
                ("M2", "M24"), policy.ComfortWeights),
}
"""What each goal is, the rows of the mission it serves, and its weights in the policy."""


def kinds() -> list[str]:
    """Every kind of rule a policy may list, in the order of the union that reads it."""
    return [model.model_fields["kind"].default for model in get_args(get_args(policy.AnyRule)[0])]


def catalogue() -> list[dict[str, Any]]:
    """Rules, then goals.

    Returns
    -------
    list of dict
        ``name``, ``kind`` (``limit``, ``duty`` or ``goal``), ``summary``, ``words``, ``formulas``, ``mission`` (list),
        ``parameters`` (list of dicts with ``name``, ``type``, ``default``, ``description``).
    """
    return [_rule(kind) for kind in kinds()] + [_goal(name) for name in policy.GOALS]


def _rule(kind: str) -> dict[str, Any]:
    module = import_module(f"rotation_planner.rules.{kind}")
    text = module.__doc__ or ""
    skipped = {"kind", "name"} | ({"who"} if module.PARAMETERS.WHO_DAY is None else set())
    fields = {n: f for n, f in module.PARAMETERS.model_fields.items() if n not in skipped}
    return {
        "name": kind,
        "kind": module.KIND.value,
        "summary": text.strip().partition("\n")[0],
        "words": _section(text, "In words"),
        "formulas": _section(text, "In formulas"),
        "mission": list(module.MISSION),
        "parameters": [_parameter(n, f) for n, f in fields.items()],
    }


def _goal(name: str) -> dict[str, Any]:
    words, mission, weights = GOAL_WORDS[name]
    fields = weights.model_fields if weights is not None else {}
    return {
        "name": name, "kind": "goal", "summary": words, "words": words, "formulas": "", "mission": list(mission),
        "parameters": [_parameter(n, f) for n, f in fields.items()],
    }


def _section(text: str, title: str) -> str:
    """The indented block below a line with a title."""
    found = re.search(rf"^{title}\s*\n((?:[ \t]+.*\n?|[ \t]*\n)*)", text, re.MULTILINE)
    if not found:
        return ""
    lines = found[1].rstrip().splitlines()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines).strip("\n")


def _parameter(name: str, field: FieldInfo) -> dict[str, Any]:
    default = field.get_default(call_default_factory=True)
    if field.is_required():
        shown: Any = None
    elif isinstance(default, BaseModel):
        shown = {} if default == type(default)() else default.model_dump(mode="json", exclude_defaults=True)
    else:
        shown = list(default) if isinstance(default, tuple) else default
    return {
        "name": name, "type": _type(field.annotation), "required": field.is_required(), "default": shown,
        "description": field.description or "",
    }


def _type(annotation: Any) -> str:
    text = annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    return re.sub(r"\b(?:typing|rotation_planner(?:\.\w+)*)\.", "", text)


_PREFACE = """\
Made from the rule files by `make docs`; do not edit. A *limit* holds in every plan. A *duty* can be missed and is then
listed as unmet. *Goals* are met in the order in which they are listed. `rotation-planner rules --json` gives the same
to a program."""


def markdown() -> str:
    """Text of ``docs/rules.md``."""
    parts = [
        "# Rules and goals",
        _PREFACE,
    ]
    for entry in catalogue():
        parts += [f"## {entry['name']} ({entry['kind']})", f"{entry['summary']} Serves {', '.join(entry['mission'])}."]
        if entry["words"] and entry["words"] != entry["summary"]:
            parts.append(entry["words"])
        if entry["formulas"]:
            parts.append(f"```\n{entry['formulas']}\n```")
        if entry["parameters"]:
            rows = "\n".join(
                f"| `{p['name']}` | {_default(p)} | {p['description']} |" for p in entry["parameters"]
            )
            parts.append(f"| parameter | default | meaning |\n|---|---|---|\n{rows}")
    return "\n\n".join(parts) + "\n"


def _default(parameter: dict[str, Any]) -> str:
    if parameter["required"]:
        return "required"
    text = shown(parameter["default"])
    return text if text == "empty" else f"`{text}`"


def shown(value: Any) -> str:
    """A default as a person would write it."""
    if value in ({}, [], None, ""):
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
