"""What stands for what: equivalence is a closure, substitution goes one way and one step."""

from __future__ import annotations

from rotation_planner.compile.equivalence import satisfies
from tests.compile.tiny import course


def pairs(*courses: object) -> set[str]:
    """Pairs "ab": a completion of a stands for b, the same course left out."""
    matrix = satisfies(list(courses))  # type: ignore[arg-type]
    names = [c.id for c in courses]  # type: ignore[attr-defined]
    assert all(matrix[i, i] for i in range(len(names)))
    return {a + b for i, a in enumerate(names) for j, b in enumerate(names) if matrix[i, j] and i != j}


def test_nothing_stands_for_anything_else() -> None:
    assert pairs(course("a"), course("b")) == set()
    assert satisfies([]).shape == (0, 0)


def test_equivalents_are_symmetric_and_transitive() -> None:
    found = pairs(course("a", equivalents=("b",)), course("b"), course("c", equivalents=("b",)), course("d"))
    assert found == {"ab", "ba", "bc", "cb", "ac", "ca"}


def test_substitutes_go_one_way() -> None:
    assert pairs(course("a", substitutes=("b",)), course("b")) == {"ab"}


def test_substitutes_are_not_followed_further() -> None:
    assert pairs(course("a", substitutes=("b",)), course("b", substitutes=("c",)), course("c")) == {"ab", "bc"}


def test_substitutes_spread_over_equivalents_on_both_sides() -> None:
    found = pairs(
        course("a", substitutes=("c",)), course("b", equivalents=("a",)), course("c", equivalents=("d",)), course("d")
    )
    assert found == {"ab", "ba", "cd", "dc", "ac", "ad", "bc", "bd"}


def test_mutual_substitutes() -> None:
    found = pairs(course("a", substitutes=("b",)), course("b", substitutes=("a", "c")), course("c"))
    assert found == {"ab", "ba", "bc"}
