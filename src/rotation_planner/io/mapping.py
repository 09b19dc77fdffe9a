"""A saved column mapping: what the headers of another system's exports mean here.

::

    [cadres]             # or ["干部"]; TOML wants quotes around Chinese
    "工号" = "id"
    "现任岗位编码" = "post"
    "备注" = ""          # not used
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rotation_planner.domain.errors import Defect
from rotation_planner.domain.scenario import MODELS
from rotation_planner.io.source import Mapped, closest, normal, table_named
from rotation_planner.io.validate import shorten


def read_mapping(mapping: str | Path | Mapping[str, Mapping[str, str]] | None, defects: list[Defect]) -> Mapped | None:
    """Table to header to column (None where the mapping names none); what is wrong is appended to ``defects``.

    Nothing is returned where it is unknown which tables the mapping is about: no header means anything then.

    Parameters
    ----------
    mapping : path, mapping or None
        A TOML file, or its content.
    defects : list of Defect
        Collects what is wrong.
    """
    if mapping is None:
        return {}
    file = "mapping"
    content: Mapping[str, Any]
    if isinstance(mapping, (str, Path)):
        file = Path(mapping).name
        try:
            content = tomllib.loads(Path(mapping).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            defects.append(Defect("bad_mapping", "", None, "", "", f"The column mapping cannot be read: {error}.",
                                  'Write it in UTF-8 as [table] and lines "their header" = "our column".', file))
            return None
    else:
        content = mapping
    out: dict[str, dict[str, str | None]] = {}
    lost = False
    for name, columns in content.items():
        table = table_named(name)
        if table not in MODELS or not isinstance(columns, Mapping):
            defects.append(Defect("bad_mapping", name, None, "", shorten(name), "The column mapping names no table.",
                                  closest(name, MODELS), file))
            lost = True
            continue
        known = MODELS[table].model_fields
        for header, column in columns.items():
            if column != "" and column not in known:
                defects.append(Defect("bad_mapping", table, None, header, shorten(column), "There is no such column.",
                                      closest(str(column), known), file))
            usable = column == "" or column in known
            out.setdefault(table, {})[normal(header)] = column if usable else None
    return None if lost else out
