"""``policy.toml``: the policy as text, and what is wrong with one."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import tomli_w
from pydantic import ValidationError

from rotation_planner.domain.errors import Defect
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.parameters.selector import CONDITIONS
from rotation_planner.domain.policy import Policy
from rotation_planner.io.rule_rows import RULES, RuleRows
from rotation_planner.io.validate import shorten

_LINE = re.compile(r"at line (\d+)")
_LIST = re.compile(r"^(\S+) = \[\n((?:    \S.*,\n)+)\]$", re.MULTILINE)
WIDTH = 100
"""Longest line onto which a list is drawn together."""


def policy_text(policy: Policy, name: str = "", *, rules_apart: bool = False) -> str:
    """The policy as TOML; what is empty and need not be said is left out.

    Parameters
    ----------
    policy : Policy
        The policy.
    name : str
        Name of the scenario.
    rules_apart : bool
        Whether its rules, if there are any, stand elsewhere.
    """
    plain = policy.model_dump(mode="json", exclude_none=True)
    rules = [
        {"kind": rule.kind} | {
            key: value for key, value in dumped.items()
            if value not in ("", [], {}) or getattr(rule, key) != type(rule).model_fields[key].default
        }
        for rule, dumped in zip(policy.rules, plain.pop("rules"), strict=True)
    ]
    content: dict[str, Any] = {"name": name} if name else {}
    if not rules:
        content["rules"] = []
    text = tomli_w.dumps({**content, **plain, **({"rules": rules} if rules and not rules_apart else {})})
    return _LIST.sub(_on_one_line, text)


def _on_one_line(found: re.Match[str]) -> str:
    items = ", ".join(item.strip().removesuffix(",") for item in found[2].splitlines())
    line = f"{found[1]} = [{items}]"
    return line if len(line) <= WIDTH else found[0]


def parse_policy(
    text: str, file: str, defects: list[Defect], gaps: Gaps | None = None, sheet: RuleRows | None = None
) -> tuple[Policy, str]:
    """Policy and scenario name from TOML; what is wrong is appended to ``defects``, what is missing noted.

    ``sheet`` holds the rules of a workbook that lists them on a sheet of their own.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        defects.append(Defect("bad_toml", "policy", int(line[1]) if line else None, "", "", f"Not TOML: {error}.",
                              "Mend the line; texts stand in quotes.", file,
                              counted="row" if file.endswith("]") else "line"))
        if gaps is not None:
            gaps.policy = True
        return Policy(), ""
    name = content.pop("name", "")
    if not isinstance(name, str):
        defects.append(Defect("bad_policy", "policy", None, "name", shorten(name), "The name is not a text.",
                              "Put it in quotes.", file))
        name = ""
    if sheet is not None and "rules" in content:
        problem = f"The rules stand on the sheet {file} too."
        defects.append(Defect("duplicate_table", RULES, None, "", "", problem, "Keep one of the two.", sheet.file))
        if gaps is not None:
            gaps.policy = True
    return policy_of(content, file, defects, gaps, sheet), name


def policy_of(
    content: Any, file: str, defects: list[Defect], gaps: Gaps | None = None, sheet: RuleRows | None = None
) -> Policy:
    """Policy from plain values, without the parts that are wrong; those are appended to ``defects``."""
    if sheet is not None:
        content = {**content, "rules": sheet.content}
    try:
        return _policy(content)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            loc = detail["loc"]
            steps = [str(part + 1) if isinstance(part, int) else part for part in loc]
            place = ".".join(step for step in steps if step != CONDITIONS)
            value = "" if detail["type"] == "missing" else shorten(detail["input"])
            table, row, where = "policy", None, file
            if sheet is not None and loc[0] == "rules" and len(loc) > 1:
                table, row, where = RULES, sheet.rows[int(loc[1])], sheet.file
                place = ".".join(step for step in steps[3:] if step != CONDITIONS) or "kind"
                value = sheet.content[int(loc[1])]["kind"] if place == "kind" else value
            defects.append(Defect(
                "bad_policy", table, row, place, value, detail["msg"].rstrip(".") + ".",
                "See the rule catalogue and the data dictionary for what is allowed.", where,
            ))
    if gaps is not None:
        gaps.policy = True
    wrong = [detail["loc"] for detail in details]
    if () in wrong:
        return Policy()
    rules = {place[1] for place in wrong if place[0] == "rules" and len(place) > 1}
    parts = {place[0] for place in wrong} - ({"rules"} if rules else set())
    rest = {name: part for name, part in content.items() if name not in parts}
    if rules:
        rest["rules"] = [rule for i, rule in enumerate(content["rules"]) if i not in rules]
    return _policy(rest)


def _policy(content: Any) -> Policy:
    return Policy.model_validate_json(json.dumps(content, default=str))
