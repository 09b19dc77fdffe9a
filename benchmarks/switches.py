"""Parts of the engines that can be switched off, each by replacing a name for as long as a run lasts.

The solver's process is started through this module, so that what is switched off is off there too:
``python -m benchmarks.switches NAME MODULE FOLDER``.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.facts import ROOT
from rotation_planner.engines.neighbourhood import IN_STRETCHES, OVER_ALL, Pick
from rotation_planner.engines.subproblem import Sub
from rotation_planner.program.rounding import Rounded

WHOLE = "ours"
"""The method in which nothing is switched off."""
BOTH = ("exact", "cohort")

Patch = tuple[str, str, Callable[[Any], Any]]
"""Where a name lies (a module, a colon, a class in it), the name, and what is made of its value."""


@dataclass(frozen=True)
class Switch:
    """A part that can be switched off.

    Attributes
    ----------
    off : str
        What is not done, and what is done instead.
    patches : tuple of Patch
        How.
    engines : tuple of str
        Engines of which it is a part.
    beside : str
        What a run is compared with: the method, or another switch.
    """

    off: str
    patches: tuple[Patch, ...]
    engines: tuple[str, ...] = BOTH
    beside: str = WHOLE


class _Unguided:
    """In place of the guide: the empty plan, which is never better than the constructed one."""

    def __init__(self, _program: Any, empty: np.ndarray, *_: Any) -> None:
        self._empty, self.aim = empty, np.zeros(len(empty))  # of plans that are alike the constructed one is taken

    def first(self) -> np.ndarray:
        """The empty plan."""
        return self._empty


def _relaxed_once(plan: Callable[..., Any]) -> Callable[..., Any]:
    """A stretch is always planned as if there were no time for a second relaxation."""
    return lambda guide, x, window, _seconds, pool: plan(guide, x, window, 0.0, pool)


def _unpriced(_: Callable[..., Any]) -> Callable[..., Any]:
    return lambda program, *_: [()] * len(program.goals)


def _unhinted(solve: Callable[..., Any]) -> Callable[..., Any]:
    def without(sub: Sub, *rest: Any, **named: Any) -> Any:
        return solve(replace(sub, start=sub.start[:0]), *rest, **named)

    return without


def _unless_exact(improve: Callable[..., Any]) -> Callable[..., Any]:
    return lambda search, until: None if search.options.engine == "exact" else improve(search, until)


def _unrounded(*_: Any) -> Rounded:
    nothing = np.zeros(0, np.int64)
    return Rounded(nothing, nothing, nothing, nothing, nothing)


def _without(kind: str) -> Callable[[tuple[Pick, ...]], tuple[Pick, ...]]:
    return lambda picks: tuple(pick for pick in picks if pick.__name__ != kind)


def _kind(name: str) -> Switch:
    """A kind of neighbourhood, in stretches of time and over all of it."""
    module = "rotation_planner.engines.improve:"
    patches = ((module, "IN_STRETCHES", _without(name)), (module, "OVER_ALL", _without(name)))
    return Switch(f"neighbourhoods of the kind `{name}`", patches)


_START, _CHILD = "rotation_planner.start:", "rotation_planner.engines.child:"
_NO_GUIDE: Patch = (_START, "Guide", lambda _: _Unguided)
_NO_GUIDANCE: Patch = (_CHILD, "Guidance", lambda _: _nothing)
_NO_START: tuple[Patch, ...] = (_NO_GUIDE, (_START, "construct", lambda _: lambda _program, x, _until: x))
SWITCHES: dict[str, Switch] = {
    "guide": Switch("the guided start; the plain constructed one is what is improved", (_NO_GUIDE,)),
    "groups": Switch(
        "relaxations of groups of people in the guided start; those of all are solved",
        (("rotation_planner.engines.guide:", "GROUP_ATTEND", lambda _: sys.maxsize),),
    ),
    "second-relaxation": Switch(
        "the second relaxation of each stretch in the guided start",
        (("rotation_planner.engines.guide:Guide", "_plan", _relaxed_once),),
    ),
    "guidance": Switch(
        "prices beside the search, and neighbourhoods where they say that value is lost", (_NO_GUIDANCE,)
    ),
    "prices": Switch(
        "every search for prices; its time goes to the search for a better plan",
        (
            _NO_GUIDANCE,
            ("rotation_planner.proof:", "price_goals", _unpriced),
            ("rotation_planner.solve:", "PRICES_SHARE", lambda _: 0.0),
        ),
    ),
    **{
        f"kind-{name.replace('_', '-')}": _kind(name)
        for name in dict.fromkeys(pick.__name__ for pick in (*IN_STRETCHES, *OVER_ALL))
    },
    "filling": Switch(
        "taking, now and then, every attendance that helps",
        (("rotation_planner.engines.improve:_Filler", "turn", lambda _: _nothing),),
    ),
    "renewed-scale": Switch(
        "starting all kinds anew, twice as large, after many rounds without gain",
        (("rotation_planner.engines.improve:", "STALE", lambda _: sys.maxsize),),
    ),
    "rounding": Switch(
        "rows that follow by rounding from what one person owes",
        (("rotation_planner.program.builder:", "rounded", lambda _: _unrounded),),
    ),
    "hints": Switch(
        "the hint with the best plan to CP-SAT on the whole program",
        (("rotation_planner.engines.exact:", "solve_sub", _unhinted),), ("exact",),
    ),
    "warm-start": Switch(
        "improving by neighbourhoods before CP-SAT gets the whole program",
        ((_CHILD, "improve", _unless_exact),), ("exact",),
    ),
    "start": Switch("every constructed start; the cohort master decides the classes", _NO_START),
    "start-and-master": Switch(
        "every constructed start, and the cohort master", (*_NO_START, (_CHILD, "decide_classes", lambda _: _nothing)),
        beside="start",
    ),
}
"""By name, which is the method in the results."""


def _nothing(*_: Any) -> None:
    """Do nothing."""


class _Through:
    """The module ``subprocess`` for whoever starts the solver's process: it starts it through this module."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(subprocess, attribute)

    def Popen(self, command: list[str], *, env: dict[str, str], **rest: Any) -> Any:  # noqa: N802
        """Start it."""
        python, flag, *solver = command
        path = os.pathsep.join([str(ROOT), env["PYTHONPATH"]])
        return subprocess.Popen(
            [python, flag, "benchmarks.switches", self._name, *solver], env=env | {"PYTHONPATH": path}, **rest
        )


@contextmanager
def switched_off(name: str) -> Iterator[None]:
    """Switch a part off, in this process and in the solver's.

    Raises
    ------
    AttributeError
        If the engines have no such part any more.
    """
    through: Patch = ("rotation_planner.engines.supervise:", "subprocess", lambda _: _Through(name))
    with ExitStack() as stack:
        for where, attribute, change in (*SWITCHES[name].patches, through):
            owner = pkgutil.resolve_name(where)
            before = getattr(owner, attribute)
            setattr(owner, attribute, change(before))
            stack.callback(setattr, owner, attribute, before)
        yield


def main(name: str, module: str, folder: str) -> None:
    """Run the solver's process with a part switched off."""
    with switched_off(name):
        importlib.import_module(module).main(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
