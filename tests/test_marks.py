"""A row that two blocks have is found, in whatever order they come and however often."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rotation_planner.partition.marks import Marks

LABELS = st.lists(st.sampled_from([0, 1, 2, 3, 2**63, 2**64 - 1]), unique=True, max_size=4)


@given(st.lists(st.tuples(st.integers(0, 3), LABELS), max_size=8))
def test_foreign_rows_are_found(given_: list[tuple[int, list[int]]]) -> None:
    marks, first = Marks(), dict[int, int]()
    for block, labels in given_:
        foreign = any(first.get(label, block) != block for label in labels)
        assert marks.add(block, np.array(labels, np.uint64)) == foreign
        for label in labels:
            first.setdefault(label, block)
