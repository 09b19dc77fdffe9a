"""A figure of a scheme, with where it was read and how sure it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Certainty = Literal["S", "M", "D", "U"]

CERTAINTY: dict[str, str] = {
    "S": "read in a stored public page",
    "M": "read in a machine translation",
    "D": "derived here from figures that were read",
    "U": "unverified",
}
"""What the letters mean."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a preset builds on.

    Attributes
    ----------
    value : int
        The number; rules take it from here, so it stands nowhere else.
    unit : str
        What it counts.
    what : str
        What it says.
    source : str
        Line of the notes on the domain, or address of the page.
    certainty : str
        S, M, D or U; see ``CERTAINTY``.
    """

    value: int
    unit: str
    what: str
    source: str
    certainty: Certainty

    def __post_init__(self) -> None:
        if self.certainty not in get_args(Certainty):
            raise ValueError(f"certainty {self.certainty!r} is none of {', '.join(get_args(Certainty))}")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


RULES = "notes on the domain, Rules with numbers"
ELSEWHERE = "notes on the domain, The same shape elsewhere"


def line(text: str) -> str:
    """A line of the table of rules with numbers."""
    return f"{RULES}: {text}"


def elsewhere(text: str) -> str:
    """A line of the table of schemes elsewhere."""
    return f"{ELSEWHERE}: {text}"
