"""The list of mutants is whole: every rule is in it, and what it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from rotation_planner.rules import BY_KIND

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
SOURCE = TESTS.parent / "src" / "rotation_planner"
LEAST = 3


def sections() -> dict[str, list[tuple[str, str, str]]]:
    """Heading to rows: file, mutant, killer."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    heading = ""
    for line in HERE.joinpath("README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
            found[heading] = []
        elif line.startswith("| ") and not line.startswith("| file"):
            cells = [c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]]
            assert len(cells) == 3, line
            found[heading].append((cells[0], cells[1], cells[2]))
    return found


def functions(path: Path) -> set[str]:
    """Test functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


SECTIONS = sections()
FUNCTIONS = {path: functions(path) for path in TESTS.rglob("test_*.py")}


@pytest.mark.parametrize("kind", BY_KIND)
def test_every_rule_has_mutants_of_its_own(kind: str) -> None:
    rows = SECTIONS.get(kind, [])
    assert len(rows) >= LEAST
    assert len(set(rows)) == len(rows)
    assert {file.split("/")[0] for file, _, _ in rows} >= {"rules", "verify"}, "both sides"


@pytest.mark.parametrize("heading", SECTIONS)
def test_what_is_named_is_there(heading: str) -> None:
    anywhere = set().union(*FUNCTIONS.values())
    for file, mutant, killer in SECTIONS[heading]:
        assert SOURCE.joinpath(file).is_file(), (mutant, file)
        *where, test = re.sub(r"\[.*", "", killer).split()
        known = FUNCTIONS[TESTS.parent / where[0]] if where else anywhere
        assert test in known, (mutant, killer)
