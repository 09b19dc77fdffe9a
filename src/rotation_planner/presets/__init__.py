"""Training schemes as policies, with the source of every figure.

>>> import rotation_planner as rp
>>> rp.presets.names()[0]
'cn_2023'
>>> policy = rp.presets.policy("cn_2023", county="deputy_county")
>>> rp.presets.sources("cn_2023")[0].value
550

Each preset has a policy, whose parameters are what differs from office to office (levels, courses, who), a small
scenario to look at, and its figures. The policies are meant for other scenarios:
``scenario.with_policy(rp.presets.policy(...))``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import Scenario
from rotation_planner.presets.figures import CERTAINTY, Figure

__all__ = ["CERTAINTY", "NAMES", "Figure", "describe", "names", "policy", "scenario", "sources"]

NAMES = (
    "cn_2023", "cn_civil_servants", "cn_teachers_360h", "cn_physicians_25_credits", "eu_drivers_35h", "easa_recurrent",
    "us_supervisors", "ias_mid_career",
)
"""Each is a file of this folder with ``SUMMARY``, ``SOURCES``, ``LEFT_OUT``, ``policy`` and ``scenario``."""


def names() -> list[str]:
    """Names of the presets."""
    return list(NAMES)


def policy(name: str, **parameters: Any) -> Policy:
    """The policy of a preset.

    Parameters
    ----------
    name : str
        One of ``names()``.
    **parameters
        Those of the preset's own ``policy`` function (``help(rp.presets.cn_2023.policy)``).

    Raises
    ------
    ValueError
        If there is no such preset.
    TypeError
        If it has no such parameter.
    """
    made: Policy = _module(name).policy(**parameters)
    return made


def scenario(name: str) -> Scenario:
    """The small scenario of a preset, under its policy."""
    made: Scenario = _module(name).scenario()
    return made


def sources(name: str) -> tuple[Figure, ...]:
    """Every figure of a preset, with source and certainty."""
    figures: tuple[Figure, ...] = _module(name).SOURCES
    return figures


def describe(name: str) -> dict[str, Any]:
    """What a preset is.

    Returns
    -------
    dict
        ``name``, ``summary``, ``about``, ``rules`` (of the small scenario, each with ``name`` and ``kind``),
        ``figures`` (each with ``value``, ``unit``, ``what``, ``source``, ``certainty``), ``left_out`` (list of str).
    """
    module = _module(name)
    about = (module.__doc__ or "").strip().partition("\n")[2].strip()
    return {
        "name": name,
        "summary": module.SUMMARY,
        "about": " ".join(about.split()),
        "rules": [{"name": rule.label, "kind": rule.kind} for rule in module.scenario().policy.rules],
        "figures": [figure.as_dict() for figure in module.SOURCES],
        "left_out": list(module.LEFT_OUT),
    }


def _module(name: str) -> Any:
    if name not in NAMES:
        raise ValueError(f"no preset {name!r}; there are {', '.join(NAMES)}")
    return import_module(f"{__name__}.{name}")


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _module(name)
