"""Different numbers are those that NumPy finds."""

from __future__ import annotations

import numpy as np
import pytest

from rotation_planner.program.distinct import distinct, joined


@pytest.mark.parametrize("values", [[], [3], [2, 2, 2], [5, -1, 5, 0, -1], [[4, 1], [1, 9]]])
@pytest.mark.parametrize("kind", [np.int64, np.int32])
def test_as_numpy_finds_them(values, kind):
    given = np.array(values, kind)
    found = distinct(given)
    assert found.tolist() == np.unique(given).tolist()
    assert found.dtype == kind


def test_of_several_arrays():
    a, b = np.array([4, 1, 4]), np.array([9, 1])
    assert joined(a, b).tolist() == np.union1d(a, b).tolist() == [1, 4, 9]
