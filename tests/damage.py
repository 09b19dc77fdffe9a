"""A sound small office in every format, and ways to damage its files."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli_w
from openpyxl import load_workbook

from rotation_planner.domain.organisation import Authority, Team, Unit
from rotation_planner.domain.people import Cadre, Category, Competency, Event, Leave, Level, Need, Post
from rotation_planner.domain.planning import Commitment, Fund, Horizon
from rotation_planner.domain.policy import Hours, Policy, default_rules
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course, Institution, Offer, Session, Subject
from rotation_planner.io import save

Damage = Callable[[Path], Path]
"""Spoils what stands at a path and says which path to load."""

FORMATS = {"csv": "office", "parquet": "office", "xlsx": "office.xlsx", "json": "office.json", "gz": "office.json.gz"}
"""Format to the name of its folder or file."""


def day(text: str) -> dt.date:
    """A date from ISO text."""
    return dt.date.fromisoformat(text)


def office() -> Scenario:
    """Three cadres, two courses, two given sessions, one offer; nothing is wrong with it."""
    return Scenario.of(
        Policy(rules=(*default_rules(), Hours(hours=100, supplement_cap_hours=50))),
        "office",
        horizon=[Horizon(start=day("2026-01-01"))],
        authorities=[Authority(id="top"), Authority(id="city", parent="top")],
        units=[Unit(id="u", authority="city"), Unit(id="v", authority="city")],
        teams=[Team(id="team", members=("a", "b"), chief="a", deputies=("b",), min_present=1)],
        levels=[Level(id="low", rank=1), Level(id="mid", rank=2), Level(id="high", rank=3)],
        categories=[Category(id="red")],
        subjects=[Subject(id="history"), Subject(id="law")],
        competencies=[Competency(id="drafting")],
        posts=[
            Post(id="p", unit="u", level="mid", duties=("finance",), requires={"drafting": 3}),
            Post(id="q", unit="v", level="high"),
        ],
        cadres=[
            Cadre(id="a", name="Ann", birth_date=day("1980-05-06"), post="p", entered=day("2005-07-01")),
            Cadre(id="b", name="Bo", post="p"),
            Cadre(id="c", name="Cy", post="q"),
        ],
        events=[
            Event(cadre="a", kind="appointment", date=day("2026-05-01"), post="q"),
            Event(cadre="b", kind="retirement", date=day("2029-05-01")),
        ],
        leave=[Leave(cadre="a", start=day("2026-07-01"), end=day("2026-07-05"))],
        needs=[Need(cadre="c", competency="drafting", source="post")],
        courses=[
            Course(id="k", days=5, hours=40, min_size=1, max_size=30, subjects={"history": 600, "law": 400}),
            Course(id="w", days=2, pattern="weekends", residential=False, level_low="mid", level_high="high"),
        ],
        institutions=[Institution(id="i", authority="city")],
        offers=[Offer(course="w", institution="i", months=(3, 9))],
        sessions=[
            Session(id="s", course="k", institution="i", start=day("2026-03-02"), end=day("2026-03-06")),
            Session(id="t", course="k", institution="i", start=day("2030-12-23"), end=day("2030-12-31")),
        ],
        funds=[
            Fund(id="f26", authority="city", year=2026, floor_yuan=1000, ceiling_yuan=2000),
            Fund(id="f27", authority="city", year=2027, index_per_mille=1500, ceiling_yuan=1500),
        ],
        commitments=[Commitment(cadre="a", session="s", kind="must")],
    )


def write_office(folder: Path, kind: str) -> Path:
    """The office in a format."""
    path = folder / FORMATS[kind]
    save(office(), path, parquet=kind == "parquet")
    return path


def together(*damages: Damage) -> Damage:
    """Several damages, one after the other."""

    def spoil(path: Path) -> Path:
        for damage in damages:
            path = damage(path)
        return path

    return spoil


def _edit(path: Path, table: str, change: Callable[[list[list[str]]], None]) -> Path:
    file = path / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def cell(table: str, row: int, column: str, value: str) -> Damage:
    """Put a value into a CSV cell; the header is row 1 and may be changed too."""

    def change(rows: list[list[str]]) -> None:
        rows[row - 1][rows[0].index(column)] = value

    return lambda path: _edit(path, table, change)


def row(table: str, **values: str) -> Damage:
    """Append a row to a CSV table, which is made if need be."""

    def spoil(path: Path) -> Path:
        file = path / f"{table}.csv"
        if not file.exists():
            file.write_text(",".join(values) + "\r\n", encoding="utf-8")
        return _edit(path, table, lambda rows: rows.append([values.get(name, "") for name in rows[0]]))

    return spoil


def without_rows(table: str) -> Damage:
    """Keep only the header of a CSV table."""

    def change(rows: list[list[str]]) -> None:
        del rows[1:]

    return lambda path: _edit(path, table, change)


def extra_cell(table: str, at: int, value: str) -> Damage:
    """Append a cell to a row of a CSV table."""
    return lambda path: _edit(path, table, lambda rows: rows[at - 1].append(value))


def content(name: str, data: bytes | None) -> Damage:
    """Replace a file of the folder, or the file itself (name ""); None removes it."""

    def spoil(path: Path) -> Path:
        file = path / name if name else path
        if data is None:
            file.unlink()
        else:
            file.write_bytes(data)
        return path

    return spoil


def copy(source: str, target: str) -> Damage:
    """Copy a file of the folder."""

    def spoil(path: Path) -> Path:
        (path / target).write_bytes((path / source).read_bytes())
        return path

    return spoil


def text(name: str, old: str, new: str, encoding: str = "utf-8") -> Damage:
    """Exchange a text that occurs in a file of the folder; the file may be written in another encoding."""

    def spoil(path: Path) -> Path:
        file = path / name
        before = file.read_text(encoding="utf-8")
        assert old in before, (name, old)
        file.write_bytes(before.replace(old, new).encode(encoding))
        return path

    return spoil


def policy(change: Callable[[dict[str, Any]], object]) -> Damage:
    """Change the content of ``policy.toml``."""

    def spoil(path: Path) -> Path:
        file = path / "policy.toml"
        value = tomllib.loads(file.read_text(encoding="utf-8"))
        change(value)
        file.write_text(tomli_w.dumps(value), encoding="utf-8")
        return path

    return spoil


def rule(kind: str, **values: Any) -> Damage:
    """Change figures of the rules of a kind."""

    def change(content: dict[str, Any]) -> None:
        for found in content["rules"]:
            if found["kind"] == kind:
                found.update(values)

    return policy(change)


def other_path(name: str) -> Damage:
    """Load something else beside the office; it is made unless there is to be none (name begins with "no-")."""

    def spoil(path: Path) -> Path:
        other = path.with_name(name)
        if not name.startswith("no-"):
            other.write_bytes(b"anything")
        return other

    return spoil


def book(change: Callable[[Any], object]) -> Damage:
    """Change the workbook."""

    def spoil(path: Path) -> Path:
        opened = load_workbook(path)
        change(opened)
        opened.save(path)
        return path

    return spoil


def bomb(path: Path) -> Path:
    """A sheet of the workbook that unpacks to 30 MB of nothing."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/more.xml", bytes(30 * 2**20))
    return path


def half(path: Path) -> Path:
    """The first half of the file."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def rewritten(change: Callable[[Any], object]) -> Damage:
    """Change the content of the JSON file."""

    def spoil(path: Path) -> Path:
        packed = path.suffix == ".gz"
        data = path.read_bytes()
        value = json.loads(gzip.decompress(data) if packed else data)
        change(value)
        data = json.dumps(value).encode()
        path.write_bytes(gzip.compress(data) if packed else data)
        return path

    return spoil
