"""What is written is read back equal, in every format."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotation_planner.domain.errors import InputError
from rotation_planner.domain.organisation import Place
from rotation_planner.domain.people import Cadre, Event, Post
from rotation_planner.domain.scenario import MODELS, Scenario
from rotation_planner.domain.teaching import Course, Offer
from rotation_planner.io import checksum, load, save
from rotation_planner.io.cells import read_text, reader, write, write_text
from rotation_planner.io.guard import guard, unguard
from rotation_planner.io.source import chinese, normal

_SPEC = importlib.util.spec_from_file_location("io_body", Path(__file__).with_name("body.py"))
body = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(body)

FORMATS = ("s.json", "s.json.gz", "folder", "parquet", "s.xlsx")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=x", "'=x", "''=x", "-5", "'", "''", "@", "+1", "\tx", "\rx", " a ", "a\r\nb",
     "a\rb", '"', "是;否", "a=b", "a\\;", "\\e",
     "\\", "_x0041_", "_x005F_", "1", "true", "2026-01-01", "\x00", "\ufeffx", "　"]
)
IDS = TEXT.filter(bool)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def there_and_back(scenario: Scenario, folder: Path, name: str) -> Scenario:
    save(scenario, folder / name, parquet=name == "parquet")
    return load(folder / name, check=False)


@pytest.mark.parametrize("name", FORMATS)
def test_what_cells_may_hold(tmp_path: Path, name: str) -> None:
    strange = body.scenario(
        posts=[Post(id="=P", unit="U", level="L", categories=("a;b", "", " c ", "\\"), duties=("",),
                    requires={"=k": 3, "": 1, "a=b;c": 5, " x": 2}, key=True)],
        cadres=[Cadre(id="C", name=name, post="=P", birth_date=day) for name, day in (
            ("", dt.date(1899, 12, 31)), (None, dt.date(1900, 1, 1)), ("'=x", dt.date(1900, 3, 1)),
            ("=x", dt.date(9999, 12, 31)), ("a" * 32_000, dt.date(1, 1, 1)))],
        places=[Place(id="p", latitude=0.1 + 0.2, longitude=-180.0), Place(id="q", latitude=5e-324)],
        offers=[Offer(course="K", institution="I", months=(3,)), Offer(course="K", institution="J", months=(3, 12))],
        courses=[Course(id="K", subjects={"s": 1000}, cost_per_class_yuan=10**12, covers=False, residential=False)],
        events=[Event(cadre="", kind="entry", date=dt.date(2026, 2, 28))],
    )
    back = there_and_back(strange, tmp_path, name)
    for table in MODELS:
        assert back[table] == strange[table], table
    assert back.policy == strange.policy
    assert back.name == strange.name
    assert checksum(back) == checksum(strange)


@pytest.mark.parametrize("name", FORMATS)
def test_texts_of_any_kind(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("texts")

    @settings(max_examples=25)
    @given(st.lists(st.tuples(IDS, st.none() | TEXT, st.lists(TEXT, max_size=3)), min_size=1, max_size=5))
    def holds(rows: list[tuple[str, str | None, list[str]]]) -> None:
        scenario = body.scenario(cadres=[Cadre(id=i, name=n, post=i, categories=tuple(c)) for i, n, c in rows])
        assert there_and_back(scenario, folder, name) == scenario

    holds()


@given(TEXT)
def test_guard(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert read_text(write_text(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"), [("=x", "'=x"), ("'=x", "''=x"), ("''=x", "'''=x"), ("-5", "'-5"), ("x", "x")]
)
def test_guarded_texts(text: str, cell: str) -> None:
    assert guard(text) == write_text(text) == cell
    assert unguard(cell) == read_text(cell) == text


def test_an_apostrophe_of_a_person_stays() -> None:
    assert unguard("'s Hage") == read_text("'s Hage") == "'s Hage"


@given(st.lists(TEXT, max_size=4), st.dictionaries(TEXT, st.integers(-(2**63), 2**63 - 1), max_size=4))
def test_lists_and_maps(items: list[str], pairs: dict[str, int]) -> None:
    assert reader(tuple[str, ...], ())(write(tuple(items), ())) == tuple(items)
    assert reader(dict[str, int], {})(write(pairs, {})) == pairs


def test_written_csv(tmp_path: Path) -> None:
    save(body.scenario(), tmp_path / "f")
    data = (tmp_path / "f" / "cadres.csv").read_bytes()
    rows = list(csv.reader(data.decode("utf-8").splitlines()))
    assert rows[0] == ["id", "name", "birth_date", "post", "categories", "entered", "opening_hours"]
    assert rows[1:] == [["C1", "", "1980-05-06", "P", "", "", "8"], ["C2", "王 二", "", "P", "", "", "0"]]


def test_equal_scenarios_give_equal_packed_bytes(tmp_path: Path) -> None:
    for name in ("a.json.gz", "b.json.gz"):
        save(body.scenario(), tmp_path / name)
    assert (tmp_path / "a.json.gz").read_bytes() == (tmp_path / "b.json.gz").read_bytes()


def test_names_are_unambiguous() -> None:
    names = [normal(n) for t, m in MODELS.items() for n in (t, m.ZH)]
    assert len(names) == len(set(names))
    for model in MODELS.values():
        headers = [normal(n) for f in model.model_fields for n in (f, chinese(model, f))]
        assert len(headers) == len(set(headers)), model


class BrokenError(Exception):
    """A failure in the middle of writing."""


@pytest.mark.parametrize("name", FORMATS)
def test_a_failing_write_leaves_the_old_output(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    old = body.scenario()
    save(old, tmp_path / name, parquet=name == "parquet")

    class Bad(Scenario):
        def __getitem__(self, table: str) -> object:
            if table == "courses":
                raise BrokenError
            return self.tables[table]

    with pytest.raises(BrokenError):
        save(Bad(old.tables, old.policy), tmp_path / name, parquet=name == "parquet")
    assert load(tmp_path / name, check=False) == old
    assert names(tmp_path) == [name]


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="would be lost"):
        save(body.scenario(), tmp_path)
    assert names(tmp_path) == ["letter.txt"]


def test_a_workbook_that_cannot_hold_a_text_is_not_written(tmp_path: Path) -> None:
    long = body.scenario(cadres=[Cadre(id="C", name="x" * 32_768, post="P")])
    with pytest.raises(InputError) as caught:
        save(long, tmp_path / "s.xlsx")
    assert [(d.code, d.table, d.row, d.column) for d in caught.value.defects] == [("too_large", "cadres", 2, "name")]
    assert not names(tmp_path)
