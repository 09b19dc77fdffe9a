"""``policy.toml``: the policy as text, and what is wrong with one."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import tomli_w
from pydantic import ValidationError

from rotation_planner.domain.errors import Defect
from rotation_planner.domain.parameters.selector import CONDITIONS
from rotation_planner.domain.policy import Policy
from rotation_planner.io.validate import shorten

_LINE = re.compile(r"at line (\d+)")


def policy_text(policy: Policy, name: str = "") -> str:
    """The policy as TOML; what is empty is left out. ``name`` is that of the scenario."""
    plain = policy.model_dump(mode="json", exclude_none=True)
    rules = plain.pop("rules")
    content: dict[str, Any] = {"name": name} if name else {}
    if not rules:
        content["rules"] = []
    return tomli_w.dumps({**content, **plain, **({"rules": rules} if rules else {})})


def parse_policy(text: str, file: str, defects: list[Defect]) -> tuple[Policy, str]:
    """Policy and scenario name from TOML; what is wrong is appended to ``defects``."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        defects.append(Defect("bad_toml", "policy", int(line[1]) if line else None, "", "", f"Not TOML: {error}.",
                              "Mend the line; texts stand in quotes.", file))
        return Policy(), ""
    name = content.pop("name", "")
    if not isinstance(name, str):
        defects.append(Defect("bad_policy", "policy", None, "name", shorten(name), "The name is not a text.",
                              "Put it in quotes.", file))
        name = ""
    return policy_of(content, file, defects), name


def policy_of(content: Any, file: str, defects: list[Defect]) -> Policy:
    """Policy from plain values; what is wrong is appended to ``defects``."""
    try:
        return Policy.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            parts = [str(part + 1) if isinstance(part, int) else part for part in detail["loc"]]
            place = ".".join(part for part in parts if part != CONDITIONS)
            value = "" if detail["type"] == "missing" else shorten(detail["input"])
            defects.append(Defect(
                "bad_policy", "policy", None, place, value, detail["msg"].rstrip(".") + ".",
                "See the rule catalogue and the data dictionary for what is allowed.", file,
            ))
    return Policy()
