"""Write a scenario in the format that the name tells."""

from __future__ import annotations

from pathlib import Path

from rotation_planner.domain.errors import InputError
from rotation_planner.domain.scenario import Scenario
from rotation_planner.io.atomic import write_file, write_folder
from rotation_planner.io.folder import refuse_strangers, write_csv_folder
from rotation_planner.io.json_file import write_json
from rotation_planner.io.load import unknown_type
from rotation_planner.io.parquet import write_parquet_folder
from rotation_planner.io.workbook import write_workbook


def save(scenario: Scenario, path: str | Path, parquet: bool = False) -> None:
    """Write a scenario; ``load`` gives back an equal one.

    Parameters
    ----------
    scenario : Scenario
        What to write.
    path : path
        ``.json``, ``.json.gz`` or ``.xlsx`` for a file; anything without a suffix is a folder of tables. An earlier
        scenario there is replaced, as a whole or not at all.
    parquet : bool
        Whether the tables of a folder are Parquet instead of CSV.

    Raises
    ------
    InputError
        If the name tells no format, the folder holds something else, or a workbook cannot hold the scenario.
    """
    path = Path(path)
    name = path.name.lower()
    if path.is_dir() or not path.suffix:
        refuse_strangers(path)
        write_folder(path, lambda p: (write_parquet_folder if parquet else write_csv_folder)(scenario, p))
    elif name.endswith((".json", ".json.gz")):
        write_file(path, lambda p: write_json(scenario, p, packed=name.endswith(".gz")))
    elif name.endswith(".xlsx"):
        write_file(path, lambda p: write_workbook(scenario, p))
    else:
        raise InputError([unknown_type(path)])
