"""A rule as a row of the sheet ``rules``: kind, name, who it is about, and a cell ``parameter = value`` for the rest.

What is not said is at its default. A parameter with parts of its own is said part by part (``which.kinds = theory``);
``which = all`` says that none is stated. ``parameter =`` makes one empty that is not so by default. The column ``who``
takes names of the table ``selectors``; conditions stand in cells (``who.key_posts = true``).
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rotation_planner.domain.errors import Defect
from rotation_planner.domain.parameters.base import RuleParameters
from rotation_planner.domain.policy import AnyRule
from rotation_planner.io.cells import Bad, Formula, as_text, reader, write
from rotation_planner.io.source import closest, normal
from rotation_planner.io.validate import shorten

RULES = "rules"
RULES_ZH = "规则"
HEADER = {"kind": "规则类别", "name": "名称", "who": "适用对象"}
"""The first columns, with their Chinese headers."""
PARAMETER, PARAMETER_ZH = "parameter", "参数"
LEAST_PARAMETERS = 6
"""Columns for parameters that a sheet has at least."""
ALL = "all"
MODELS_OF_RULES: dict[str, type[RuleParameters]] = {
    model.model_fields["kind"].default: model for model in get_args(get_args(AnyRule)[0])
}
"""Kind of rule to its parameters."""


def row_of(rule: Any) -> list[str | None]:
    """The cells of a rule."""
    named: tuple[str, ...] = rule.who.named if rule.who != _default(type(rule).model_fields["who"]) else ()
    cells = [rule.kind, _cell(write(rule.name, "")), _cell(write(named, ()))]
    for name, declared in type(rule).model_fields.items():
        if name not in ("kind", "name"):
            cells += _said(name, getattr(rule, name), declared, skip=("named",) if name == "who" and named else ())
    return cells


def _cell(value: Any) -> str | None:
    return None if value is None else as_text(value)


def _default(declared: FieldInfo) -> Any:
    return declared.get_default(call_default_factory=True)


def _said(path: str, value: Any, declared: FieldInfo, skip: tuple[str, ...] = ()) -> Iterator[str]:
    if not declared.is_required() and value == _default(declared):
        return
    if not isinstance(value, BaseModel):
        yield f"{path} = {as_text(write(value, None))}"
        return
    fields = type(value).model_fields
    parts = [cell for n, f in fields.items() if n not in skip for cell in _said(f"{path}.{n}", getattr(value, n), f)]
    yield from parts or ([] if skip else [f"{path} = {ALL}"])


@dataclass
class RuleRows:
    """What a sheet of rules says.

    Attributes
    ----------
    content : list of dict
        Each rule as plain values, as ``policy.toml`` would give it.
    rows : list of int
        Row of each.
    file : str
        File and sheet for messages.
    """

    file: str
    content: list[dict[str, Any]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    lost: bool = False


def read_rules(
    header: Sequence[Any], rows: Iterable[tuple[int, Sequence[Any]]], file: str, defects: list[Defect]
) -> RuleRows:
    """Read a sheet of rules; what is wrong with cells is appended to ``defects``, and their rules are lost."""
    out = RuleRows(file)
    before = len(defects)
    columns = _columns(header, file, defects)
    out.lost = len(defects) > before
    for number, cells in rows:
        if not any(cell is not None and cell != "" for cell in cells):
            continue
        wrong: list[Defect] = []
        rule = _Row(number, file, wrong).read([(columns.get(j, ""), cell) for j, cell in enumerate(cells)])
        defects += wrong
        if wrong or out.lost:
            out.lost = True
        else:
            out.content.append(rule)
            out.rows.append(number)
    return out


def _columns(header: Sequence[Any], file: str, defects: list[Defect]) -> dict[int, str]:
    """What each column holds: kind, name, who, or a parameter (also without a header)."""
    names = {normal(n): name for name, zh in HEADER.items() for n in (name, zh)}
    at: dict[int, str] = {}
    for j, cell in enumerate(header):
        title = normal(cell)
        known = names.get(title)
        if known is not None and known in at.values():
            defects.append(Defect("duplicate_column", RULES, 1, known, "", f"Column {known} appears twice.",
                                  "Keep one of the two.", file))
        elif known is not None:
            at[j] = known
        elif title and not title.startswith((PARAMETER, PARAMETER_ZH)):
            defects.append(Defect("unknown_column", RULES, 1, shorten(cell), "", "The sheet has no such column.",
                                  "Head it parameter, and write parameter = value into its cells.", file))
        else:
            at[j] = PARAMETER
    if "kind" not in at.values():
        defects.append(Defect("missing_column", RULES, 1, "kind", "", "This column is required and is not there.",
                              f"Add a column with the header kind or {HEADER['kind']}.", file))
    return at


class _Row:
    """One row while it is read."""

    def __init__(self, number: int, file: str, wrong: list[Defect]) -> None:
        self.number, self.file, self.wrong = number, file, wrong
        self.seen: set[str] = set()

    def _defect(self, code: str, column: str, value: Any, problem: str, mend: str) -> None:
        shown = "" if value is None else shorten(str(value))
        self.wrong.append(Defect(code, RULES, self.number, column, shown, problem, mend, self.file))

    def read(self, cells: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        """The rule as plain values."""
        rule: dict[str, Any] = {}
        for column in HEADER:
            annotation = tuple[str, ...] if column == "who" else str
            for cell in (cell for name, cell in cells if name == column):
                value = self._value(column, annotation, None, cell)
                if value:
                    rule[column] = {"named": list(value)} if column == "who" else value
        if "kind" not in rule:
            if not self.wrong:
                self._defect("empty_required", "kind", None, "The kind of rule is missing.",
                             "See the sheet of kinds in the template, or the rule catalogue.")
            return rule
        model = MODELS_OF_RULES.get(rule["kind"])
        for cell in (cell for name, cell in cells if name == PARAMETER and cell not in (None, "")):
            if model is not None:  # a kind that there is not is told of once
                self._parameter(rule, model, cell)
        return rule

    def _parameter(self, rule: dict[str, Any], model: type[BaseModel], cell: Any) -> None:
        if isinstance(cell, Formula):
            self._value(PARAMETER, str, None, cell)
            return
        text = str(cell)
        path, equals, value = (part.lstrip() for part in text.partition("="))  # a guard protects spaces at the end
        path = path.rstrip()
        if not equals:
            self._defect("bad_policy", PARAMETER, text, "Not of the form parameter = value.",
                         "Write for example max_per_year = 3.")
            return
        found = self._declared(model, path)
        if found is None:
            return
        if path in self.seen or any(s.startswith(f"{path}.") or path.startswith(f"{s}.") for s in self.seen):
            self._defect("bad_policy", path, text, "It is said twice.", "Keep one of the two.")
            return
        self.seen.add(path)
        *parents, last = path.split(".")
        inner = part_of(found.annotation)
        said: Any
        if inner is not None and value.strip() == ALL:
            said = {}
        elif inner is not None and value.strip():
            self._defect("bad_policy", path, value, "It has parts of its own.",
                         f"Write {path}.{next(iter(inner.model_fields))} = ... , or {path} = {ALL}.")
            return
        else:
            said = None if inner is not None else self._value(path, found.annotation, _empty(found.annotation), value)
        place = rule
        for parent in parents:
            place = place.setdefault(parent, {})
        if last in place:
            self._defect("bad_policy", path, text, "It is said twice.", "Keep one of the two.")
        place[last] = said

    def _declared(self, model: type[BaseModel], path: str) -> FieldInfo | None:
        """The field that a path means."""
        here: type[BaseModel] | None = model
        found: FieldInfo | None = None
        for step in path.split("."):
            fields = {} if here is None else here.model_fields
            if step not in fields or (here is model and step in ("kind", "name")):
                offered = [n for n in fields if n not in ("kind", "name")]
                self._defect("bad_policy", path, None, f"There is no such parameter: {step}.", closest(step, offered))
                return None
            found = fields[step]
            here = part_of(found.annotation)
        return found

    def _value(self, column: str, annotation: Any, empty: Any, cell: Any) -> Any:
        value = reader(annotation, empty)(cell)
        if isinstance(value, Bad):
            self._defect(value.code, column, cell, value.problem, value.mend)
            return None
        return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def part_of(annotation: Any) -> type[BaseModel] | None:
    """The model of a parameter that has parts of its own."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _empty(annotation: Any) -> Any:
    """What ``parameter =`` says."""
    origin = get_origin(annotation)
    return () if origin is tuple else {} if origin is dict else None
