"""The guard that keeps a spreadsheet from running a text as a formula."""

from __future__ import annotations

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a text that a spreadsheet may run."""

_FIRST = (*RUN_BY_SPREADSHEETS, "'")


def guard(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run, or that begins with an apostrophe itself."""
    return "'" + text if text.startswith(_FIRST) else text


def unguard(text: str) -> str:
    """Take away exactly the apostrophe that `guard` put there; ``unguard(guard(text)) == text``.

    An apostrophe before anything else (``'s Gravenhage``) was typed by a person and stays.
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(_FIRST) else text
