"""How the sheets of a workbook to fill in print."""

from __future__ import annotations

from typing import Any

A4 = 9


def across(sheet: Any) -> None:
    """Print all columns across one page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
