"""Parquet files for the tables of a folder: the same columns as in CSV, but typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.domain.gaps import Gaps
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.io.cells import Kind, kind_of
from rotation_planner.io.folder import write_policy, written
from rotation_planner.io.source import CHUNK, Chunk, Source


def _arrow(path: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError([Defect("no_parquet", "", None, "", "", "Parquet needs pyarrow, which is not installed.",
                                 "Run: pip install 'rotation-planner[parquet]'.", str(path))]) from error
    return pyarrow


def write_parquet_folder(scenario: Scenario, folder: Path) -> None:
    """Write tables as Parquet and the policy into an existing folder."""
    pa = _arrow(folder)
    types: dict[Kind, Any] = {
        "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "truth": pa.bool_(), "date": pa.date32(),
        "list": pa.list_(pa.string()), "integers": pa.list_(pa.int64()), "map": pa.map_(pa.string(), pa.int64()),
    }
    for table in written(scenario):
        fields = MODELS[table].model_fields
        schema = pa.schema([(n, types[kind_of(f.annotation)]) for n, f in fields.items()])
        with pa.parquet.ParquetWriter(folder / f"{table}.parquet", schema) as out:
            content = scenario[table]
            for start in range(0, len(content), CHUNK):
                part = content.take(range(start, min(start + CHUNK, len(content))))
                arrays = []
                for field in schema:
                    values = part.tolist(field.name)
                    if pa.types.is_map(field.type):
                        values = [list(v.items()) for v in values]
                    arrays.append(pa.array(values, field.type))
                out.write_batch(pa.record_batch(arrays, schema=schema))
    write_policy(scenario, folder)


def parquet_source(table: str, path: Path, defects: list[Defect], gaps: Gaps) -> Source | None:
    """The table of a file, or None with a defect."""
    pa = _arrow(path)

    def refuse(error: Exception) -> None:
        defects.append(Defect("unreadable", table, None, "", "", f"Not Parquet: {str(error).splitlines()[0]}",
                              "Write the file again.", path.name))
        gaps.tables.add(table)

    try:
        file = pa.parquet.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        refuse(error)
        return None

    def chunks() -> Iterator[Chunk]:
        number = 1
        try:
            for batch in file.iter_batches(batch_size=CHUNK):
                columns = [column.to_pylist() for column in batch.columns]
                rows: list[Sequence[Any]] = list(zip(*columns, strict=True))
                yield list(range(number, number + len(rows))), rows
                number += len(rows)
        except (pa.ArrowInvalid, OSError) as error:  # a page may be damaged although the footer is whole
            refuse(error)

    return Source(table, path.name, file.schema_arrow.names, chunks(), typed=True, counted="record")
