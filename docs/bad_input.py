"""The page on bad input, from the cases that the tests run. Written by ``docs/build.py``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMATS = {"csv": "CSV", "parquet": "Parquet", "xlsx": "workbook", "json": "JSON", "gz": "gzipped JSON"}
ABOUT = (
    "What is wrong with an input is told in one go: for each defect a code, the file, the table, the row as a "
    "spreadsheet numbers it (the header of a CSV table or a sheet is row 1; of JSON and Parquet records are counted, "
    "from 1; of `policy.toml` lines), the column, and how to mend it. Errors stop planning "
    "(exit status 2) and nothing is written; warnings do not. What no single cell "
    "shows (references, dates, figures that contradict one another) is looked for in whatever could be read; nothing "
    "is told that may only follow from a cell, column or table that could not."
)


def page() -> str:
    """Every kind of bad input, and the defects it gets."""
    sys.path.insert(0, str(ROOT))
    from tests.bad_input_cases import SECTIONS

    out = [
        "# Bad input",
        "",
        ABOUT,
        "",
        "Made by `make docs` from `tests/bad_input_cases.py`, where each line is a test; do not edit.",
        "",
    ]
    for title, cases in SECTIONS.items():
        out += [f"## {title}", "", "| what is wrong | in | code | table | row | column |", "|---|---|---|---|---|---|"]
        for case in cases:
            places: dict[tuple[str, str, str], list[str]] = {}
            for code, table, row, column in case.expect:
                places.setdefault((code, table, column), []).append("" if row is None else str(row))
            found = places.items()
            shown = [(f"`{c}`", t and f"`{t}`", ", ".join(rows), col and f"`{col}`") for (c, t, col), rows in found]
            cells = ["<br>".join(part) if any(part) else "" for part in zip(*shown, strict=True)]
            out.append("| " + " | ".join([case.title, FORMATS[case.kind], *cells]) + " |")
        out.append("")
    return "\n".join(out).rstrip() + "\n"
