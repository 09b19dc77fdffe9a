"""A table as a file gives it: a header, and chunks of rows with their numbers; and how names are matched."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rotation_planner.domain.base import Row
from rotation_planner.domain.errors import Counted, Defect
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.scenario import MODELS

CHUNK = 20_000
"""Rows read, converted and validated at a time."""

REQUIRED = ("horizon", "cadres", "posts", "units", "authorities", "levels", "courses", "institutions")
"""Tables without which nothing can be planned."""

POLICY = "policy"
POLICY_ZH = "方案"

Chunk: TypeAlias = tuple[list[int], list[Sequence[Any]]]
Mapped: TypeAlias = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True)
class Source:
    """One table of an input.

    Attributes
    ----------
    table : str
        Its name in ``MODELS``.
    file : str
        File (and sheet) for messages.
    header : sequence
        Headers as they stand there.
    chunks : iterable of Chunk
        Numbers of the rows, counted as ``counted`` says, and the cells of those rows.
    typed : bool
        Whether the cells are values already (Parquet), not texts with guards.
    counted : str
        What the numbers count (see ``Defect``). Only where rows are counted is the header one of them.
    """

    table: str
    file: str
    header: Sequence[Any]
    chunks: Iterable[Chunk]
    typed: bool = False
    counted: Counted = "row"


def in_chunks(rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[Chunk]:
    """Gather numbered rows into chunks; rows without any value are left out."""
    numbers: list[int] = []
    kept: list[Sequence[Any]] = []
    for number, row in rows:
        if not any(cell is not None and cell != "" for cell in row):
            continue
        numbers.append(number)
        kept.append(row)
        if len(kept) == CHUNK:
            yield numbers, kept
            numbers, kept = [], []
    if kept:
        yield numbers, kept


def normal(name: Any) -> str:
    """A header or table name without differences that mean nothing (case, width, spaces)."""
    text = unicodedata.normalize("NFKC", "" if name is None else str(name)).strip().casefold()
    return text.lstrip("\ufeff").replace(" ", "_").replace("-", "_")


def chinese(model: type[Row], column: str) -> str:
    """Chinese header of a column."""
    extra: Any = model.model_fields[column].json_schema_extra
    return str(extra["zh"])


_TABLES = {normal(n): t for t, m in MODELS.items() for n in (t, m.ZH)} | {POLICY: POLICY, normal(POLICY_ZH): POLICY}


def table_named(name: str) -> str | None:
    """The table (or ``policy``) that an English or Chinese name means."""
    return _TABLES.get(normal(name))


def closest(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests what may have been meant."""
    options = list(known)
    near = difflib.get_close_matches(normal(name), [normal(o) for o in options], 1, 0.6)
    if near:
        return f"Did you mean {next(o for o in options if normal(o) == near[0])}?"
    return f"There are: {', '.join(options)}." if len(options) <= 40 else ""


def unknown_table(name: str, file: str) -> Defect:
    """Defect of a file or sheet that is no table."""
    names = [n for t, m in MODELS.items() for n in (t, m.ZH)]
    near = closest(name, [*names, POLICY])
    mend = f"{near} Or remove it.".strip()
    return Defect("unknown_table", name, None, "", name, "There is no table of this name.", mend, file)


def lose_absent(found: Iterable[str], misnamed: bool, gaps: Gaps) -> None:
    """Note tables that are not there but should be, or may be under a name that was not understood."""
    there = set(found)
    gaps.tables.update(t for t in (MODELS if misnamed else REQUIRED) if t not in there)
    gaps.policy |= misnamed and POLICY not in there


def missing_tables(found: Iterable[str], file: str) -> list[Defect]:
    """A defect for each required table that is not there."""
    there = set(found)
    return [
        Defect("missing_table", t, None, "", "", "This table is required and is not there.",
               f"Add it under the name {t} or {MODELS[t].ZH}.", file)
        for t in REQUIRED if t not in there
    ]


def match_headers(source: Source, mapping: Mapped, defects: list[Defect], gaps: Gaps) -> dict[str, int]:
    """Position of each column of the model; whatever does not match is a defect.

    ``mapping`` gives, by table, the column that a header of somebody else's means: "" to leave it out, None where
    the mapping itself is wrong. A column that is not there may stand under a header that was not understood.
    """
    model = MODELS[source.table]
    fields = model.model_fields
    names = {normal(n): f for f in fields for n in (chinese(model, f), f)}
    theirs = {normal(k): v for k, v in mapping.get(source.table, {}).items()}

    def defect(code: str, column: str, problem: str, mend: str) -> None:
        row = 1 if source.counted == "row" else None
        defects.append(Defect(code, source.table, row, column, "", problem, mend, source.file))

    at: dict[str, int] = {}
    before = len(defects)
    misled = None in theirs.values()
    for i, cell in enumerate(source.header):
        name = normal(cell)
        if not name:
            continue
        field = theirs[name] if name in theirs else names.get(name, "?")
        if field is None:
            continue
        shown = str(cell).strip().lstrip("\ufeff")[:60]
        if field == "?":
            both = [n for f in fields for n in (f, chinese(model, f))]
            defect("unknown_column", shown, "This table has no such column.",
                   f"{closest(shown, both)} Rename or remove it, or name it in a column mapping.".strip())
        elif field in at:
            defect("duplicate_column", shown, f"Column {field} appears twice.", "Keep one of the two.")
            gaps.lose_column(source.table, [field])
        elif field:
            at[field] = i
    absent = [name for name in fields if name not in at]
    required = [name for name in absent if fields[name].is_required()]
    gaps.lose_column(source.table, absent if misled or len(defects) > before else required)
    if not misled:
        for name in required:
            defect("missing_column", name, "This column is required and is not there.",
                   f"Add a column with the header {name} or {chinese(model, name)}.")
    return at
