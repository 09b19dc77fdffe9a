"""Figures of the whole body of people, where a program is written for a part of it.

Most rows hang on one cadre, unit or team. Some sides and coefficients hang on everybody: how many may attend a session,
what the cheapest attendance costs. ``Model.over_all`` asks for such a figure. Where the model is everybody's it is what
was counted; a ``Body`` first gathers what every part counted, and then hands back the figure of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

How = Literal["sum", "min", "max"]
"""How the figures of parts make that of all."""

_MERGE = {"sum": np.add, "min": np.minimum, "max": np.maximum}


@dataclass
class Body:
    """Figures by name.

    Attributes
    ----------
    figures : dict
        Name to how it is made of its parts, and the array.
    known : bool
        Whether the figures are those of all, to be handed out; else they are being gathered from one part.
    """

    figures: dict[str, tuple[How, np.ndarray]] = field(default_factory=dict)
    known: bool = False

    def over_all(self, name: str, own: np.ndarray, how: How) -> np.ndarray:
        """The figure of all, or, while it is being gathered, the part's own."""
        if self.known:
            return self.figures[name][1]
        self.figures[name] = how, own
        return own

    @classmethod
    def of(cls, parts: Iterable[Body]) -> Body:
        """The figures of all, from those of every part."""
        merged: dict[str, tuple[How, np.ndarray]] = {}
        for part in parts:
            for name, (how, own) in part.figures.items():
                merged[name] = how, _MERGE[how](merged[name][1], own) if name in merged else own
        return cls(merged, known=True)
