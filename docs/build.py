"""Write the generated pages: dictionary, rules, presets, bad input, decisions. ``python docs/build.py [--check]``."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from runpy import run_path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from rotation_planner.domain.plan import Attendance, Opened, Study
from rotation_planner.domain.policy import Policy
from rotation_planner.domain.scenario import MODELS
from rotation_planner.presets.page import markdown as presets
from rotation_planner.rules.catalogue import markdown as rule_catalogue

DOCS = Path(__file__).resolve().parent


def words(annotation: Any) -> str:
    """A type as a person would say it."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        rest = [words(a) for a in arguments if a is not type(None)]
        return " or ".join(rest) + ("; may be empty" if len(rest) < len(arguments) else "")
    if origin is tuple:
        return f"list of {words(arguments[0])}"
    if origin is dict:
        return f"map of {words(arguments[0])} to {words(arguments[1])}"
    if arguments:  # a literal
        return ", ".join(f"`{a}`" for a in arguments)
    plain = {"str": "text", "int": "integer", "bool": "true or false", "float": "number", "date": "date"}
    return plain[annotation.__name__]


def bounds(field: FieldInfo) -> str:
    """Least and greatest value."""
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "min_length": "length ≥"}
    found = [f"{signs[k]} {v:,}" for m in field.metadata for k in signs if (v := getattr(m, k, None)) is not None]
    return ", ".join(found)


def default(field: FieldInfo) -> str:
    """What an empty cell means."""
    if field.default is PydanticUndefined:
        return "required" if field.default_factory is None else ""
    empty = field.default is None or (isinstance(field.default, (tuple, dict, str)) and not field.default)
    return "empty" if empty else f"`{field.default}`"


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    rows = [head, ["---"] * len(head), *lines]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]


def section(title: str, model: type[BaseModel], key: Sequence[str] = ()) -> list[str]:
    """One table of the dictionary."""
    lines = []
    for column, field in model.model_fields.items():
        extra: Any = field.json_schema_extra or {}
        kind = words(field.annotation) + (f" → {extra['ref']}" if "ref" in extra else "")
        name = f"**`{column}`**" if column in key else f"`{column}`"
        limits = "; ".join(part for part in (extra.get("unit", ""), bounds(field)) if part)
        lines.append([name, extra.get("zh", ""), kind, limits, default(field), field.description or ""])
    about = (model.__doc__ or "").strip().replace("\n    ", "\n")
    head = ("column", "中文", "type", "unit and limits", "default", "meaning")
    return [f"## {title}", "", about, "", *table(head, lines), ""]


def data_dictionary() -> str:
    """Every table and column of the input and of the plan, from the models themselves."""
    about = (
        "Made from `rotation_planner.domain` by `make docs`; do not edit. Columns in bold identify a row. "
        "An arrow names the table whose `id` the value must be."
    )
    out = ["# Data dictionary", "", about, ""]
    for name, model in MODELS.items():
        out += section(f"`{name}` {model.ZH}", model, model.KEY)
    out += ["# The plan", ""]
    for part in (Opened, Attendance, Study):
        out += section(f"`{part.TABLE}` {part.ZH}", part, part.KEY)
    about = "`policy.toml`. The rules and their parameters are in the [rule catalogue](rules.md)."
    out += ["# The policy", "", about, ""]
    for field in Policy.model_fields.values():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            out += section(f"`{field.annotation.__name__}`", field.annotation)
    return "\n".join(out).rstrip() + "\n"


def decisions() -> str:
    """The list of decision records, from their first lines."""
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    kept = [line for line in index.splitlines() if not line.startswith("- ")]
    for file in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        kept.append(f"- [{title}]({file.name})")
    return "\n".join(kept) + "\n"


def pages() -> dict[Path, str]:
    """Each generated page with its text."""
    return {
        DOCS / "data-dictionary.md": data_dictionary(),
        DOCS / "rules.md": rule_catalogue().rstrip() + "\n",
        DOCS / "presets.md": presets(),
        DOCS / "bad-input.md": run_path(str(DOCS / "bad_input.py"))["page"](),
        DOCS / "decisions" / "README.md": decisions(),
    }


def main() -> None:
    """Write the pages, or with ``--check`` only say which are out of date."""
    old = [f for f, text in pages().items() if not f.exists() or f.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        sys.exit(f"run make docs: {', '.join(f.name for f in old)} out of date" if old else 0)
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
