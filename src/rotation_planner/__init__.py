"""Plan the five-year rotation training of a whole body of officials.

>>> import rotation_planner as rp
>>> scenario = rp.load("tables/")                  # doctest: +SKIP
>>> result = rp.solve(scenario, time_limit=60)     # doctest: +SKIP
>>> rp.verify(scenario, result.require_plan()).ok  # doctest: +SKIP
True

Names are imported when first used, so that ``import rotation_planner`` is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rotation_planner import presets as presets
    from rotation_planner.audit import audit as audit
    from rotation_planner.certify import Certificate as Certificate
    from rotation_planner.certify import Certified as Certified
    from rotation_planner.certify import certify as certify
    from rotation_planner.certify import read_certificate as read_certificate
    from rotation_planner.check import check as check
    from rotation_planner.clashes import clashes as clashes
    from rotation_planner.compile.forecast import forecast as forecast
    from rotation_planner.domain.checksum import scenario_sha256 as scenario_sha256
    from rotation_planner.domain.errors import Defect as Defect
    from rotation_planner.domain.errors import InputError as InputError
    from rotation_planner.domain.errors import InternalError as InternalError
    from rotation_planner.domain.errors import NoPlanError as NoPlanError
    from rotation_planner.domain.errors import RotationPlannerError as RotationPlannerError
    from rotation_planner.domain.plan import Plan as Plan
    from rotation_planner.domain.policy import Policy as Policy
    from rotation_planner.domain.policy import Selector as Selector
    from rotation_planner.domain.scenario import Scenario as Scenario
    from rotation_planner.generate import civil_service as civil_service
    from rotation_planner.generate import generate as generate
    from rotation_planner.generate import packaged as packaged
    from rotation_planner.io import examine as examine
    from rotation_planner.io import load as load
    from rotation_planner.io import save as save
    from rotation_planner.io import template as template
    from rotation_planner.quotas import quota_use as quota_use
    from rotation_planner.replan import Frozen as Frozen
    from rotation_planner.replan import freeze as freeze
    from rotation_planner.report.fault import keep_fault as keep_fault
    from rotation_planner.report.output import read_output as read_output
    from rotation_planner.report.output import refuse_foreign as refuse_foreign
    from rotation_planner.report.output import write_output as write_output
    from rotation_planner.report.reproduce import CARRIED as CARRIED
    from rotation_planner.report.reproduce import recheck as recheck
    from rotation_planner.report.summary import summary as summary
    from rotation_planner.result import Forecast as Forecast
    from rotation_planner.result import Progress as Progress
    from rotation_planner.result import Result as Result
    from rotation_planner.rules.catalogue import catalogue as catalogue
    from rotation_planner.rules.catalogue import shown as shown
    from rotation_planner.selection import select as select
    from rotation_planner.solve import solve as solve
    from rotation_planner.verify import Verification as Verification
    from rotation_planner.verify import verify as verify

try:
    __version__ = version("rotation-planner")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+uninstalled"

_HOME = {
    "audit": "audit",
    "Certificate": "certify",
    "Certified": "certify",
    "certify": "certify",
    "read_certificate": "certify",
    "check": "check",
    "clashes": "clashes",
    "scenario_sha256": "domain.checksum",
    "Defect": "domain.errors",
    "InputError": "domain.errors",
    "InternalError": "domain.errors",
    "NoPlanError": "domain.errors",
    "RotationPlannerError": "domain.errors",
    "Plan": "domain.plan",
    "Policy": "domain.policy",
    "Selector": "domain.policy",
    "Scenario": "domain.scenario",
    "forecast": "compile.forecast",
    "civil_service": "generate",
    "generate": "generate",
    "packaged": "generate",
    "examine": "io",
    "load": "io",
    "save": "io",
    "template": "io",
    "quota_use": "quotas",
    "Frozen": "replan",
    "freeze": "replan",
    "keep_fault": "report.fault",
    "read_output": "report.output",
    "refuse_foreign": "report.output",
    "write_output": "report.output",
    "CARRIED": "report.reproduce",
    "recheck": "report.reproduce",
    "summary": "report.summary",
    "Forecast": "result",
    "Progress": "result",
    "Result": "result",
    "catalogue": "rules.catalogue",
    "shown": "rules.catalogue",
    "select": "selection",
    "solve": "solve",
    "Verification": "verify",
    "verify": "verify",
}

_PARTS = ("presets",)
"""Parts that are handed out whole."""

__all__ = ["__version__", *_HOME, *_PARTS]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _Package(ModuleType):
    """Keeps ``rp.check`` the function when the submodule of the same name is imported.

    Importing a submodule sets an attribute of its name on the package, which would hide the function.
    """


def _function(name: str) -> property:
    def get(package: ModuleType) -> Any:
        return package.__dict__.get(f"_{name}") or __getattr__(name)

    def put(package: ModuleType, value: Any) -> None:
        if not isinstance(value, ModuleType):
            package.__dict__[f"_{name}"] = value

    return property(get, put)


for _name, _home in _HOME.items():
    if _name == _home:
        setattr(_Package, _name, _function(_name))
sys.modules[__name__].__class__ = _Package
