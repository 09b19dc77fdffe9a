"""A certificate is read back as it was written; every defect of its files is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rotation_planner.certify import Certificate, Prices, Statement, read_certificate, write_certificate
from rotation_planner.certify.file import FORMAT, PRICES, STATED
from rotation_planner.domain.errors import InputError


def certificate() -> Certificate:
    def prices(rows: list[int], values: list[int], caps: list[int], denominator: int) -> Prices:
        return Prices(np.array(rows, np.int64), np.array(values, np.int64), np.array(caps, np.int64), denominator)

    return Certificate("a" * 64, "b" * 64, "1.2.3", (
        Statement("duties", (), 0, prices([], [], [], 1)),
        Statement("need", (5,), 2**70, prices([3, 7], [-(2**63), 2**63 - 1], [4], 1000)),
    ))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_certificate(tmp_path, certificate())
    return tmp_path


def test_reads_back_what_was_written(folder: Path) -> None:
    again, before = read_certificate(folder), certificate()
    assert again is not None
    assert (again.scenario_sha256, again.program_sha256, again.version) == ("a" * 64, "b" * 64, "1.2.3")
    for one, two in zip(again.statements, before.statements, strict=True):
        assert (one.goal, one.caps, one.bound) == (two.goal, two.caps, two.bound)
        assert one.prices.denominator == two.prices.denominator
        for part in ("rows", "values", "caps"):
            read, wrote = getattr(one.prices, part), getattr(two.prices, part)
            assert read.dtype == np.int64
            assert read.tolist() == wrote.tolist()
    assert sorted(p.name for p in folder.iterdir()) == [STATED, PRICES]


def test_no_certificate_is_no_defect(tmp_path: Path) -> None:
    assert read_certificate(tmp_path) is None


def test_a_failed_write_leaves_the_earlier_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_certificate(folder, certificate())
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def change(**facts: object) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        data = json.loads((folder / STATED).read_text())
        (folder / STATED).write_text(json.dumps({k: v for k, v in (data | facts).items() if v is not None}))

    return apply


def arrays(**parts: np.ndarray | None) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        with np.load(folder / PRICES) as data:
            new = {name: data[name] for name in data.files} | {k.replace("_", "."): v for k, v in parts.items()}
        np.savez(folder / PRICES, **{k: v for k, v in new.items() if v is not None})

    return apply


def short(name: str, cut: int) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-cut]) and None


def flipped(folder: Path) -> None:
    packed = bytearray((folder / PRICES).read_bytes())
    packed[packed.index(b"need.values.npy") + 60] ^= 255  # past the header of the member
    (folder / PRICES).write_bytes(packed)


def one_array(folder: Path) -> None:
    with (folder / PRICES).open("wb") as file:
        np.save(file, np.zeros(2))


@pytest.mark.parametrize(("damage", "told"), [
    (lambda folder: (folder / STATED).unlink(), [(STATED, "", "The file is missing.")]),
    (lambda folder: (folder / PRICES).unlink(), [(PRICES, "", "The file is missing.")]),
    (lambda folder: (folder / STATED).write_bytes(b"\xff{}") and None, [(STATED, "", "It is not UTF-8")]),
    (short(STATED, 3), [(STATED, "", "Invalid JSON")]),
    (short(PRICES, 30), [(PRICES, "", "It cannot be read")]),
    (flipped, [(PRICES, "", "It cannot be read")]),
    (lambda folder: (folder / PRICES).write_bytes(b"") and None, [(PRICES, "", "It cannot be read")]),
    (one_array, [(PRICES, "", "one array instead of several")]),
    (change(format="x"), [(STATED, "format", repr(FORMAT))]),
    (change(goals=[{"name": "need", "caps": [0.5], "bound": "7"}], version=None), [
        (STATED, "version", "required"), (STATED, "goals.0.caps.0", "integer"), (STATED, "goals.0.bound", "integer"),
    ]),
    (change(extra=1), [(STATED, "extra", "not permitted")]),
    (arrays(need_values=np.array([0.5, 1.0]), need_caps=None, duties_denominator=np.array([1, 2])), [
        (PRICES, "need.values", "It is float64 (2,), not a row of int64."), (PRICES, "need.caps", "It is missing."),
        (PRICES, "duties.denominator", "It is not one number."),
    ]),
    (arrays(need_more=np.array([1])), [(PRICES, "need.more", "No goal needs it.")]),
    (arrays(need_rows=np.array([[1, 2]])), [(PRICES, "need.rows", "It is int64 (1, 2), not a row of int64.")]),
])
def test_every_defect_is_told(
    folder: Path, damage: Callable[[Path], None], told: list[tuple[str, str, str]]
) -> None:
    damage(folder)
    with pytest.raises(InputError) as found:
        read_certificate(folder)
    assert len(found.value.defects) == len(told)
    for defect, (file, column, problem) in zip(found.value.defects, told, strict=True):
        assert defect.code == "bad_certificate"
        assert defect.file == str(folder / file)
        assert defect.column == column
        assert problem in defect.problem
