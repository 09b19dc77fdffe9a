"""What an output folder says is certified is recomputed with its certificate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import rotation_planner as rp
from rotation_planner import model
from rotation_planner.certify import state
from rotation_planner.certify.file import BLOCKS, PRICES, STATED
from rotation_planner.compile import compile_candidates
from rotation_planner.proof import proven_goals
from rotation_planner.report.output import FILES, read_output, write_output
from rotation_planner.report.reproduce import recheck
from rotation_planner.result import Result
from tests.report import small


def certified(bounds: tuple[int | None, ...] = (None,) * 5) -> Result:
    """The small result with a certificate of what the bounds of the columns prove."""
    scenario, result = small.scenario(), small.result()
    program = model.build(compile_candidates(scenario)).program
    values = [g.value for g in result.goals]
    certificate = state(program, rp.scenario_sha256(scenario), "1", values, [()] * 5)
    return replace(result, goals=proven_goals(program, values, bounds, certificate), certificate=certificate)


def refutations(result: Result, folder: Path) -> tuple[str, ...]:
    write_output(folder, small.scenario(), result)
    return recheck(small.scenario(), read_output(folder)).refutations


def restated(result: Result, g: int, **changes) -> Result:
    """The result with another statement in its certificate."""
    statements = list(result.certificate.statements)
    statements[g] = replace(statements[g], **changes)
    return replace(result, certificate=replace(result.certificate, statements=tuple(statements)))


def test_a_certified_result_reproduces(tmp_path: Path) -> None:
    result = certified()
    assert {g.bound_source for g in result.goals} == {"certificate"}
    assert refutations(result, tmp_path / "out") == ()
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted({*FILES} - {BLOCKS})
    again = recheck(small.scenario(), read_output(tmp_path / "out"))
    assert again.certified is not None
    assert [s.bound for s in again.certified.statements] == [g.bound for g in result.goals]
    write_output(tmp_path / "out", small.scenario(), replace(small.result()))
    assert not (tmp_path / "out" / STATED).exists()


def test_the_solvers_word_counts_where_it_is_better(tmp_path: Path) -> None:
    value = {g.name: g.value for g in small.result().goals}
    result = certified((None, 0, value["need"], value["cost"], None))
    goals = {g.name: g for g in result.goals}
    assert (goals["cost"].bound, goals["cost"].bound_source, goals["cost"].gap) == (value["cost"], "solver", 0.0)
    assert goals["cost"].certified_bound == result.certificate.statements[3].bound < value["cost"]
    assert (goals["floor"].bound_source, goals["floor"].certified_bound) == ("certificate", None)
    assert refutations(result, tmp_path / "out") == ()


def test_what_is_said_to_be_certified_needs_a_certificate(tmp_path: Path) -> None:
    found = refutations(replace(certified(), certificate=None), tmp_path / "out")
    assert len(found) == 5
    assert found[0] == "goal duties: bound 0 said to be certified, without a certificate"


def test_a_claim_must_be_what_the_certificate_states(tmp_path: Path) -> None:
    result = certified()
    cost = result.goals[3]
    assert cost.bound is not None
    weaker = restated(result, 3, bound=cost.bound - 1)
    assert refutations(weaker, tmp_path / "out") == (
        f"goal cost: bound {cost.bound:,} said to be certified, the certificate states another",
    )


def test_a_certificate_about_other_values_is_refused(tmp_path: Path) -> None:
    result = certified()
    caps = result.certificate.statements[3].caps
    looser = restated(result, 3, caps=(caps[0] + 1, *caps[1:]))
    assert refutations(looser, tmp_path / "out") == (
        "goal cost: the certificate is about plans with other values of the goals before it",
    )


def test_a_bound_better_by_one_is_refuted_with_the_claim_changed_too(tmp_path: Path) -> None:
    result = certified()
    bound = (result.goals[3].bound or 0) + 1
    goals = list(result.goals)
    goals[3] = replace(goals[3], bound=bound, gap=(goals[3].value - bound) / goals[3].value)
    wrong = restated(replace(result, goals=tuple(goals)), 3, bound=bound)
    assert refutations(wrong, tmp_path / "out") == (
        f"goal cost: the certificate states {bound:,}, its prices prove {bound - 1:,}",
    )


@pytest.mark.parametrize("name", [STATED, PRICES])
def test_a_damaged_certificate_is_refuted(tmp_path: Path, name: str) -> None:
    write_output(tmp_path / "out", small.scenario(), certified())
    (tmp_path / "out" / name).write_bytes(b"?")
    again = recheck(small.scenario(), read_output(tmp_path / "out"))
    assert len(again.refutations) == 1
    assert name in again.refutations[0]
    assert again.certified is None
