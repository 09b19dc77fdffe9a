"""The house as it is drawn: imports run downwards, every rule is whole, no file is too long, nothing is left over."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from rotation_planner.domain import policy

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src" / "rotation_planner"
PACKAGE = "rotation_planner"
FILES = sorted(SRC.rglob("*.py"))
RULES = sorted(model.model_fields["kind"].default for model in get_args(get_args(policy.AnyRule)[0]))

MAY_IMPORT = {
    "model": {"domain", "compile", "rules", "goals", "program"},
    "certify": {"domain", "io", "compile", "rules", "goals", "program", "model", "slices", "certify"},
    "slices": {"domain", "compile", "rules", "program", "model", "slices"},
    "domain": {"domain"},
    "program": {"program"},
    "verify": {"domain", "verify"},
    "compile": {"domain", "compile", "result"},
    "rules": {"domain", "compile", "program", "rules"},
    "goals": {"domain", "compile", "program", "rules", "goals"},
    "engines": {"program", "result", "engines"},
    "partition": {
        "domain", "compile", "rules", "program", "model", "explain", "slices", "certify", "engines", "partition",
    },
    "generate": {"domain", "generate", "data"},
    "presets": {"domain", "presets"},
    "result": {"domain"},
    "check": {"domain", "compile", "check"},
    "io": {"domain", "check", "io", "result"},
}
"""Part of the package to the parts it may import. Parts not listed stand above all of these."""

NEVER_IMPORTED_BELOW = {"cli", "generate", "presets"}
"""Parts that only the command line (and tests and benchmarks) may import; the package itself hands them out."""

PUBLIC_PARTS = {"domain", "result", "cli", "generate", "io", "report"}
"""Parts the command line may name beside what ``rotation_planner`` itself hands out."""


def part_of(path: Path) -> str:
    """Part of the package a file belongs to: its folder, or its own name at the top."""
    relative = path.relative_to(SRC)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path: Path) -> set[tuple[int, str]]:
    """Line and absolute dotted name of every import in a file, those inside functions included."""
    inside = (PACKAGE, *path.relative_to(SRC).with_suffix("").parts)
    if inside[-1] == "__init__":
        inside = (*inside[:-1], "")
    found: set[tuple[int, str]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(node.lineno, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(inside[: -node.level]) + ("." if node.module else "") if node.level else ""
            found |= {(node.lineno, f"{base}{node.module or ''}.{alias.name}") for alias in node.names}
        elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if called in {"import_module", "__import__"} and node.args and isinstance(node.args[0], ast.Constant):
                found.add((node.lineno, str(node.args[0].value)))
    return found


def own_parts(path: Path) -> set[tuple[int, str]]:
    """Line and part of every import of something of ours; the package itself is the part ''."""
    parts = {p.name for p in SRC.iterdir() if p.is_dir()} | {p.stem for p in SRC.glob("*.py")}
    found = set()
    for line, name in imports(path):
        words = name.split(".")
        if words[0] == PACKAGE:
            found.add((line, words[1] if len(words) > 1 and words[1] in parts else ""))
    return found


def name(path: Path) -> str:
    """A file as it is shown in a message."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("part", sorted(MAY_IMPORT))
def test_imports_run_downwards(part: str) -> None:
    files = [f for f in FILES if part_of(f) == part]
    assert files, f"no part {part}"
    wrong = [
        f"{name(f)}:{line} imports {other or PACKAGE}"
        for f in files for line, other in sorted(own_parts(f)) if other not in MAY_IMPORT[part]
    ]
    assert not wrong, "\n".join(wrong)


def test_every_folder_below_the_top_has_a_law() -> None:
    above = {"__init__", "__main__", "_version", "cli", "report", "data", "solve"}
    unknown = {part_of(f) for f in FILES if len(f.relative_to(SRC).parts) > 1} - set(MAY_IMPORT) - above
    assert not unknown, f"say in MAY_IMPORT what these may import: {sorted(unknown)}"


def test_nothing_but_the_command_line_imports_cli_or_generate() -> None:
    wrong = [
        f"{name(f)}:{line} imports {other}"
        for f in FILES for line, other in sorted(own_parts(f))
        if other in NEVER_IMPORTED_BELOW and part_of(f) not in {other, "cli", "__main__", "__init__"}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_command_line_uses_the_public_interface() -> None:
    wrong = [
        f"{name(f)}:{line} imports {other}"
        for f in FILES if part_of(f) == "cli"
        for line, other in sorted(own_parts(f)) if other not in PUBLIC_PARTS | {""}
    ]
    assert not wrong, "\n".join(wrong)


def test_engines_know_no_rule_by_name() -> None:
    kinds = set(RULES) - set(policy.GOALS)  # a goal may be named
    words = re.compile(r"[\"'](" + "|".join(sorted(kinds)) + r")[\"'.]")
    wrong = [
        f"{name(f)}:{number}: {line.strip()}"
        for f in FILES if part_of(f) == "engines"
        for number, line in enumerate(f.read_text(encoding="utf-8").splitlines(), 1) if words.search(line)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("kind", RULES)
def test_every_rule_is_whole(kind: str) -> None:
    wanted = [SRC / "rules" / f"{kind}.py", SRC / "verify" / f"{kind}.py", ROOT / "tests" / "rules" / f"test_{kind}.py"]
    missing = [name(f) for f in wanted if not f.is_file()]
    assert not missing, f"rule {kind} lacks {', '.join(missing)}"
    tree = ast.parse(wanted[0].read_text(encoding="utf-8"))
    text = ast.get_docstring(tree) or ""
    assert "In words" in text, f"{name(wanted[0])} does not say what it means in words"
    assert "In formulas" in text, f"{name(wanted[0])} does not say what it means in formulas"
    named = {
        t.id
        for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))
        for t in (node.targets if isinstance(node, ast.Assign) else [node.target]) if isinstance(t, ast.Name)
    } | {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {"PARAMETERS", "KIND", "MISSION", "LAST", "rows"} <= named


def test_no_rule_without_parameters() -> None:
    strangers = [
        name(f) for f in sorted((SRC / "rules").glob("*.py"))
        if f.stem not in {*RULES, "__init__", "base"} and "\nPARAMETERS" in f.read_text(encoding="utf-8")
    ]
    assert not strangers, f"rules that no policy can name: {strangers}"


def test_no_file_is_too_long() -> None:
    python = [*FILES, *ROOT.joinpath("benchmarks").glob("*.py"), *ROOT.joinpath("docs").glob("*.py")]
    long = {name(f): n for f in python if (n := len(f.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert not [name(f) for f in FILES if f.stem in {"utils", "util", "helpers", "misc", "common"}]


def test_nothing_is_left_over() -> None:
    words = re.compile(
        r"\b(TODO|FIXME|XXX|HACK)\b|pragma: no (cover|branch)|NotImplementedError|except (Base)?Exception\b|except:"
    )
    wrong = [
        f"{name(f)}:{number}: {line.strip()}"
        for f in FILES
        for number, line in enumerate(f.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_package_imported_is_declared() -> None:
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["parquet"], *extras["ray"]]
    declared = {re.split(r"[^A-Za-z0-9_-]", w)[0].lower().replace("-", "_") for w in wanted}
    # These come with a declared one: Typer is made of click, Pydantic of its core.
    declared |= {"click", "pydantic_core", "typing_extensions", PACKAGE}
    used = {(found.split(".")[0].lower(), name(f)) for f in FILES for _, found in imports(f)}
    strangers = sorted((m, f) for m, f in used if m not in declared and m not in sys.stdlib_module_names)
    assert not strangers


def test_locks_name_no_address_and_hash_everything() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-ray.lock"):
        text = ROOT.joinpath(lock).read_text(encoding="utf-8")
        assert not re.search(r"https?:|file:|^--?(i|index|extra-index|find)", text, re.MULTILINE), lock
        pinned = re.findall(r"^([a-z0-9._-]+)==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), lock


def test_users_lock_is_part_of_the_developers_lock() -> None:
    def pins(lock: str) -> set[str]:
        lines = ROOT.joinpath(lock).read_text(encoding="utf-8").splitlines()
        return {line.rstrip(" \\") for line in lines if re.match(r"[a-z0-9]", line)}

    # A marker may differ (a package needed on one system by one lock and on every system by the other).
    bare = {pin.split(" ;")[0] for pin in pins("requirements-dev.lock")}
    users = {pin.split(" ;")[0] for pin in pins("requirements.lock")}
    assert users <= bare
    # Installing what a cluster needs changes nothing of what developers or users have.
    cluster = {pin.split(" ;")[0] for pin in pins("requirements-ray.lock")}
    names = {pin.split("==")[0] for pin in bare}
    assert {pin for pin in cluster if pin.split("==")[0] in names} <= bare


def test_make_help_lists_every_target() -> None:
    text = ROOT.joinpath("Makefile").read_text(encoding="utf-8")
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^  {target} +\S", shown, re.MULTILINE), target


def test_processes_of_ours_are_not_imported_by_the_package() -> None:
    """Else Python warns when they are started."""
    code = "import rotation_planner, sys; print([m for m in sys.modules if m.endswith('child')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
