"""The same scenario under other names and in another order."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from rotation_planner.domain.policy import CourseSelector, Policy
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.table import Table

Names = Mapping[str, Mapping[str, str]]
"""Table to old id to new one."""

OF_RULES = {
    "courses": "courses", "subjects": "subjects", "competencies": "competencies", "owners": "authorities",
    "authorities": "authorities", "departments": "authorities", "institutions": "institutions",
    "level_priority": "levels", "category_priority": "categories", "min_days_by_level": "levels",
}
"""Parameters of rules that hold ids, and the table of each (those of selectors say so themselves)."""


def new_names(scenario: Scenario, r: random.Random, keep_order: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    """Other ids for every table that has any, in random order but for the tables named."""
    names = {}
    for table, model in MODELS.items():
        if "id" in model.model_fields:
            old = sorted(scenario[table].tolist("id"))
            new = [f"{table[:3]}-{i:03}" for i in range(len(old))]
            if table not in keep_order:
                r.shuffle(new)
            names[table] = dict(zip(old, new, strict=True))
    return names


def renamed(scenario: Scenario, names: Names) -> Scenario:
    """Every id and every reference to one, in tables and in the policy."""
    tables = {
        table: Table.of(model, [_row(row, table, names) for row in scenario[table]])
        for table, model in MODELS.items()
    }
    rules = tuple(_rule(rule, names) for rule in scenario.policy.rules)
    policy: Policy = scenario.policy.model_copy(update={"rules": rules})
    return scenario.with_tables(**tables).with_policy(policy)


def shuffled(scenario: Scenario, r: random.Random) -> Scenario:
    """Every table's rows and the policy's rules in another order."""
    tables = {}
    for table, model in MODELS.items():
        rows = list(scenario[table])
        r.shuffle(rows)
        tables[table] = Table.of(model, rows)
    rules = list(scenario.policy.rules)
    r.shuffle(rules)
    return scenario.with_tables(**tables).with_policy(scenario.policy.model_copy(update={"rules": tuple(rules)}))


def _row(row: Any, table: str, names: Names) -> Any:
    changes = {"id": names[table][row.id]} if table in names else {}
    return row.model_copy(update=changes | _references(row, names))


def _references(row: BaseModel, names: Names) -> dict[str, Any]:
    """Columns that say themselves what they refer to."""
    changes = {}
    for column, field in type(row).model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and isinstance(extra.get("ref"), str):
            changes[column] = _other(getattr(row, column), names[str(extra["ref"])])
    return changes


def _rule(rule: Any, names: Names) -> Any:
    changes: dict[str, Any] = {"who": rule.who.model_copy(update=_references(rule.who, names))}
    for field in type(rule).model_fields:
        value = getattr(rule, field)
        if isinstance(value, CourseSelector):
            changes[field] = _rule_fields(value, names)
    return _rule_fields(rule, names).model_copy(update=changes)


def _rule_fields(model: Any, names: Names) -> Any:
    return model.model_copy(update={
        field: _other(getattr(model, field), names[OF_RULES[field]])
        for field in type(model).model_fields if field in OF_RULES
    })


def _other(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names[value]
    if isinstance(value, Mapping):
        return {names[k]: v for k, v in value.items()}
    return value if value is None else tuple(names[v] for v in value)
