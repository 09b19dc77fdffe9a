"""Reading and checking 100,000 cadres takes seconds (of this process, so that a busy machine does not matter)."""

from __future__ import annotations

import time
from pathlib import Path

from rotation_planner.io import load, save
from tests.damage import office

CADRES = 100_000


def test_a_hundred_thousand_cadres_are_read_and_checked_in_ten_seconds(tmp_path: Path) -> None:
    save(office(), tmp_path / "office")
    lines = ["id,name,birth_date,post,categories,entered,opening_hours"]
    for i in range(CADRES):
        born = f"{1955 + i % 25}-{1 + i % 12:02}-{1 + i % 28:02}"
        lines.append(f"c{i},Name {i},{born},{'pq'[i % 2]},{'red' * (i % 3 == 0)},2000-07-01,{i % 50}")
    lines += ["a,,,p,,,0", "b,,,p,,,0", "c,,,q,,,0"]
    (tmp_path / "office" / "cadres.csv").write_text("\r\n".join(lines), encoding="utf-8")
    began = time.process_time()
    scenario = load(tmp_path / "office")
    took = time.process_time() - began
    assert len(scenario["cadres"]) == CADRES + 3
    assert took < 10
