"""The worked example of ``docs/proof.md`` is computed again."""

from __future__ import annotations

import doctest
from pathlib import Path


def test_worked_example(root: Path) -> None:
    found = doctest.testfile(str(root / "docs" / "proof.md"), module_relative=False)
    assert found.failed == 0
    assert found.attempted >= 14
