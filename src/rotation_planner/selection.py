"""Which cadres are meant, asked from Python in the language of the rules."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from rotation_planner.check.findings import Findings
from rotation_planner.check.selectors import Place
from rotation_planner.compile.career import careers
from rotation_planner.compile.selector import selected
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.policy import Selector, Who
from rotation_planner.domain.scenario import Scenario

_WHO: TypeAdapter[Selector] = TypeAdapter(Who)


def select(scenario: Scenario, who: Selector | str | Mapping[str, Any], day: dt.date | None = None) -> pd.DataFrame:
    """Find the cadres that a rule with this selector would be about.

    Parameters
    ----------
    scenario : Scenario
        Without errors (``check``).
    who : Selector, str or mapping
        Conditions, the id of a row of the table ``selectors``, or conditions as they stand in ``policy.toml``.
    day : date, optional
        Day on which post, age and years are measured, unless the conditions state one; by default each cadre's first
        day of service in the horizon.

    Returns
    -------
    pandas.DataFrame
        Their rows of the table ``cadres``, in its order; none if nobody is meant.

    Raises
    ------
    InputError
        If the selector names what there is not, or contradicts itself.

    Examples
    --------
    >>> import rotation_planner as rp
    >>> scenario = rp.packaged("county")  # doctest: +SKIP
    >>> rp.select(scenario, rp.Selector(key_posts=True, age_high=45))  # doctest: +SKIP
    """
    selector = _read(who)
    findings = Findings(scenario)
    Place(findings, "", None, "", "").judge(selector)
    for i, row in enumerate(scenario["selectors"]):
        if row.id in selector.named:
            Place(findings, "selectors", i, "", "").judge(row)
    if findings.errors:
        raise InputError([d for d in findings.defects if d.severity == "error"])
    career = careers(scenario)
    days = career.service_start if day is None else np.full(len(career.service_start), day.toordinal())
    return scenario["cadres"].take(selected(scenario, selector, days, career)).frame()


def _read(who: Selector | str | Mapping[str, Any]) -> Selector:
    if isinstance(who, Selector):
        return who
    try:
        return _WHO.validate_json(json.dumps(who if isinstance(who, str) else dict(who), default=_text))
    except ValidationError as error:
        raise InputError([
            Defect(
                "bad_selector", "", None, ".".join(str(part) for part in detail["loc"][1:]), str(detail["input"])[:60],
                detail["msg"].rstrip(".") + ".", "See docs/selectors.md for what may be asked.",
            )
            for detail in error.errors(include_url=False)
        ]) from error


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
