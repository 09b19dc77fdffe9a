"""A certificate as files: ``certificate.json`` says what is stated, ``certificate.npz`` holds the prices.

Of a body in blocks ``certificate-blocks.zip`` holds the prices of each block's own rows, one packed file per block.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
from pydantic import ValidationError

from rotation_planner.certify.blocks import InBlocks
from rotation_planner.certify.certificate import Certificate, Statement
from rotation_planner.domain.base import Strict
from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.io.atomic import write_file
from rotation_planner.program.prices import Prices

FORMAT = "rotation-planner certificate 1"
STATED, PRICES, BLOCKS = "certificate.json", "certificate.npz", "certificate-blocks.zip"
ARRAYS = ("rows", "values", "caps", "denominator")


class _Goal(Strict):
    name: str
    caps: tuple[int, ...]
    bound: int


class _Stated(Strict):
    format: str
    version: str
    scenario_sha256: str
    program_sha256: str
    goals: tuple[_Goal, ...]
    block_cadres: int | None = None


def write_certificate(folder: str | Path, certificate: Certificate) -> None:
    """Write its files into a folder, each beside its place first and then renamed.

    Parameters
    ----------
    folder : path
        An output folder.
    certificate : Certificate
        What ``solve`` returned.
    """
    goals = tuple(_Goal(name=s.goal, caps=s.caps, bound=s.bound) for s in certificate.statements)
    stated = _Stated(
        format=FORMAT, version=certificate.version, scenario_sha256=certificate.scenario_sha256,
        program_sha256=certificate.program_sha256, goals=goals,
        block_cadres=None if certificate.in_blocks is None else certificate.in_blocks.block_cadres,
    )
    arrays: dict[str, np.ndarray] = {}
    for s in certificate.statements:
        parts = (s.prices.rows, s.prices.values, s.prices.caps, np.array([s.prices.denominator], np.int64))
        arrays |= {f"{s.goal}.{name}": part for name, part in zip(ARRAYS, parts, strict=True)}
    packed = io.BytesIO()
    np.savez_compressed(packed, **cast("Any", arrays))
    text = json.dumps(stated.model_dump(exclude_none=True), ensure_ascii=False, indent=1) + "\n"
    contents = {PRICES: packed.getvalue(), STATED: text.encode()}
    if certificate.in_blocks is not None:
        contents[BLOCKS] = _zipped(certificate.in_blocks.packed)
    for name, content in contents.items():
        write_file(Path(folder) / name, partial(_put, content))


def _zipped(packed: tuple[bytes, ...]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:  # what is packed is compressed already
        for b, content in enumerate(packed):
            file.writestr(zipfile.ZipInfo(f"block-{b}.npz"), content)
    return out.getvalue()


def _put(content: bytes, file: Path) -> None:
    file.write_bytes(content)


def read_certificate(folder: str | Path) -> Certificate | None:
    """Read a certificate back; None if the folder has neither of its first two files.

    Raises
    ------
    InputError
        If one file is missing or either is not as ``write_certificate`` wrote it; every defect is listed.
    """
    stated, prices = Path(folder) / STATED, Path(folder) / PRICES
    if not stated.exists() and not prices.exists():
        return None
    defects: list[Defect] = []
    said = _read_stated(stated, defects)
    arrays = _read_arrays(prices, defects)
    statements = []
    if said is not None and arrays is not None:
        wanted = [f"{goal.name}.{name}" for goal in said.goals for name in ARRAYS]
        defects += [_defect(prices, n, "It is missing.") for n in wanted if n not in arrays]
        defects += [_defect(prices, n, "No goal needs it.") for n in arrays if n not in wanted]
        for goal in said.goals:
            parts = [arrays.get(f"{goal.name}.{name}") for name in ARRAYS]
            if all(part is not None for part in parts):
                rows, values, caps, denominator = (p for p in parts if p is not None)
                if denominator.shape == (1,):
                    found = Prices(rows, values, caps, int(denominator[0]))
                    statements.append(Statement(goal.name, goal.caps, goal.bound, found))
                else:
                    defects.append(_defect(prices, f"{goal.name}.denominator", "It is not one number."))
    in_blocks = None
    if said is not None and said.block_cadres is not None:
        in_blocks = InBlocks(said.block_cadres, _read_blocks(Path(folder) / BLOCKS, defects))
    if defects or said is None:
        raise InputError(defects)
    return Certificate(said.scenario_sha256, said.program_sha256, said.version, tuple(statements), in_blocks)


def _read_blocks(file: Path, defects: list[Defect]) -> tuple[bytes, ...]:
    """The packed prices of each block."""
    try:
        with zipfile.ZipFile(file) as data:
            return tuple(data.read(f"block-{b}.npz") for b in range(len(data.namelist())))
    except FileNotFoundError:
        defects.append(_defect(file, "", "The file is missing."))
    except (KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        defects.append(_defect(file, "", f"It cannot be read: {str(error).rstrip('.')}."))
    return ()


def _read_stated(file: Path, defects: list[Defect]) -> _Stated | None:
    try:
        said = _Stated.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        defects.append(_defect(file, "", "The file is missing."))
    except UnicodeDecodeError as error:
        defects.append(_defect(file, "", f"It is not UTF-8: {error.reason}."))
    except ValidationError as error:
        for fault in error.errors():
            value = "" if isinstance(fault["input"], (dict, str)) and fault["loc"] == () else str(fault["input"])
            defects.append(_defect(file, ".".join(map(str, fault["loc"])), fault["msg"].rstrip(".") + ".", value))
    else:
        if said.format == FORMAT:
            return said
        defects.append(_defect(file, "format", f"It is not {FORMAT!r}.", said.format))
    return None


def _read_arrays(file: Path, defects: list[Defect]) -> dict[str, np.ndarray] | None:
    """All arrays that are rows of 64-bit integers."""
    arrays: dict[str, np.ndarray] = {}
    try:
        data = np.load(io.BytesIO(file.read_bytes()), allow_pickle=False)
        if not isinstance(data, np.lib.npyio.NpzFile):
            raise ValueError("one array instead of several")
        for name in data.files:
            array = data[name]
            if array.dtype != np.int64 or array.ndim != 1:
                defects.append(_defect(file, name, f"It is {array.dtype} {array.shape}, not a row of int64."))
            arrays[name] = array
    except FileNotFoundError:
        defects.append(_defect(file, "", "The file is missing."))
        return None
    except (ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        defects.append(_defect(file, "", f"It cannot be read: {str(error).rstrip('.')}."))
        return None
    return arrays


def _defect(file: Path, column: str, problem: str, value: str = "") -> Defect:
    mend = "Use the folder as the command `plan` wrote it."
    return Defect("bad_certificate", "", None, column, value[:80], problem, mend, str(file))
