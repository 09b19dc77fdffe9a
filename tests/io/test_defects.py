"""Every kind of defect: its code and place, all of them in one go; and what is accepted beside the plain form."""

from __future__ import annotations

import datetime as dt
import gzip
import importlib.util
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.io import load, save, template

_SPEC = importlib.util.spec_from_file_location("io_body", Path(__file__).with_name("body.py"))
body = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(body)
T = body.TABLES
EIGHT = dt.datetime(2026, 1, 1, 8)  # noqa: DTZ001
HEAD = T["cadres"].splitlines()[0]


def folder(path: Path, **files: str | bytes | None) -> Path:
    """The small scenario as CSV, with some files replaced, added, or (None) left out; ``__`` stands for a dot."""
    path.mkdir(exist_ok=True)
    named = {f"{t}.csv": text for t, text in T.items()}
    named |= {n.replace("__", ".") if "__" in n else f"{n}.csv": text for n, text in files.items()}
    for name, text in named.items():
        if text is not None:
            (path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def book(path: Path, **sheets: list[list[object]] | None) -> Path:
    """The small scenario as a workbook."""
    out = Workbook()
    out.remove(out.active)
    rows = {t: [line.split(",") for line in text.splitlines()] for t, text in T.items()} | sheets
    for name, lines in rows.items():
        if lines is not None:
            sheet = out.create_sheet(name)
            for line in lines:
                sheet.append(line)
    out.save(path)
    return path


def found(path: Path, **options: object) -> list[Defect]:
    with pytest.raises(InputError) as caught:
        load(path, check=False, **options)
    assert all(d.problem and (d.mend or d.code == "unknown_table") and d.file for d in caught.value.defects)
    return list(caught.value.defects)


def places(defects: list[Defect]) -> list[tuple[str, str, int | None, str]]:
    return [(d.code, d.table, d.row, d.column) for d in defects]


def cadres(line: str) -> str:
    return f"{HEAD}\n{line}\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"horizon": None}, ("missing_table", "horizon", None, "")),
        ({"cadrse": "id\n"}, ("unknown_table", "cadrse", None, "")),
        ({"干部": T["cadres"]}, ("duplicate_table", "cadres", None, "")),
        ({"polcy__toml": ""}, ("unknown_table", "polcy", None, "")),
        ({"units__xlsx": ""}, ("unknown_table", "units.xlsx", None, "")),
        ({"units": "id,authority,plcae\nU,A,\n"}, ("unknown_column", "units", 1, "plcae")),
        ({"units": "id\nU\n"}, ("missing_column", "units", 1, "authority")),
        ({"units": "id,authority,编号\nU,A,U\n"}, ("duplicate_column", "units", 1, "编号")),
        ({"units": "id,authority\nU,A,extra\n"}, ("no_header", "units", 2, "")),
        ({"units": "id,authority\n\n\n,A\n"}, ("empty_required", "units", 4, "id")),
        ({"units": 'id,authority\n"U\n1",A\n,A\n'}, ("empty_required", "units", 3, "id")),
        ({"levels": "id,rank\nL,high\n"}, ("wrong_type", "levels", 2, "rank")),
        ({"levels": "id,rank\nL,1.5\n"}, ("wrong_type", "levels", 2, "rank")),
        ({"levels": f"id,rank\nL,{2**63}\n"}, ("out_of_bounds", "levels", 2, "rank")),
        ({"cadres": cadres("C1,,1980-02-30,P,,,")}, ("wrong_type", "cadres", 2, "birth_date")),
        ({"cadres": cadres("C1,,,P,,,-1")}, ("out_of_bounds", "cadres", 2, "opening_hours")),
        ({"cadres": cadres("',,,P,,,")}, ("out_of_bounds", "cadres", 2, "id")),
        ({"horizon": "start,grain\n2026-01-01,day\n"}, ("not_allowed", "horizon", 2, "grain")),
        ({"courses": "id,residential\nK,maybe\n"}, ("wrong_type", "courses", 2, "residential")),
        ({"courses": "id,subjects\nK,law\n"}, ("wrong_type", "courses", 2, "subjects")),
        ({"courses": "id,subjects\nK,a=1;a=2\n"}, ("wrong_type", "courses", 2, "subjects")),
        ({"places": "id,latitude\np,91\n"}, ("out_of_bounds", "places", 2, "latitude")),
        ({"places": "id,latitude\np,nan\n"}, ("wrong_type", "places", 2, "latitude")),
        ({"units": "id,authority,name\nU,A,Müller\n".encode("latin-1")}, ("wrong_encoding", "units", None, "")),
        ({"units": T["units"].encode("utf-16")}, ("wrong_encoding", "units", None, "")),
        ({"units": 'id,authority\n"U,A\n'}, ("unreadable", "units", 2, "")),
        ({"units__csv": None, "units__parquet": b"PAR"}, ("unreadable", "units", None, "")),
        ({"policy__toml": "goals = []\ntravel = x"}, ("bad_toml", "policy", 2, "")),
        ({"policy__toml": "name = 3"}, ("bad_policy", "policy", None, "name")),
        ({"policy__toml": 'goals = ["profit"]'}, ("bad_policy", "policy", None, "goals.1")),
        ({"policy__toml": '[[rules]]\nkind="beds"\nbeds=3'}, ("bad_policy", "policy", None, "rules.1.beds.beds")),
    ],
)
def test_one_defect(tmp_path: Path, files: dict[str, str], place: tuple[str, str, int | None, str]) -> None:
    assert places(found(folder(tmp_path / "f", **files))) == [place]


@pytest.mark.parametrize(
    ("sheets", "place"),
    [
        ({"cadres": [["id", "post"], ["=1+1", "P"]]}, ("formula", "cadres", 2, "id")),
        ({"cadres": [["id", "post"], [None, None], ["#REF!", "P"]]}, ("formula", "cadres", 3, "id")),
        ({"cadres": [["id", "post", "entered"], ["C", "P", EIGHT]]},
         ("wrong_type", "cadres", 2, "entered")),
        ({"cadres": None}, ("missing_table", "cadres", None, "")),
        ({"Sheet1": [["x"]]}, ("unknown_table", "Sheet1", None, "")),
        ({"policy": [["policy.toml"], ["goals = ["]]}, ("bad_toml", "policy", None, "")),
    ],
)
def test_one_defect_of_a_workbook(tmp_path: Path, sheets: dict[str, object], place: tuple[object, ...]) -> None:
    assert places(found(book(tmp_path / "s.xlsx", **sheets))) == [place]


def test_all_defects_in_one_go(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "f", cadres=f"{HEAD}\n,x,then,P,,,lots\nC2,,,,,,\n", levels="id,rank\nL,a\n", cadrse="x\n",
        horizon=None,
        policy__toml="goals = 1\nstudy.yuan_per_hour = -1",
    )
    assert places(found(path)) == [
        ("unknown_table", "cadrse", None, ""), ("missing_table", "horizon", None, ""),
        ("bad_policy", "policy", None, "goals"), ("bad_policy", "policy", None, "study.yuan_per_hour"),
        ("wrong_type", "levels", 2, "rank"), ("empty_required", "cadres", 2, "id"),
        ("wrong_type", "cadres", 2, "birth_date"), ("wrong_type", "cadres", 2, "opening_hours"),
        ("empty_required", "cadres", 3, "post"),
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["f"]


def test_a_defect_in_words(tmp_path: Path) -> None:
    (defect,) = found(folder(tmp_path / "f", units="id,authority,plcae\nU,A,\n"))
    assert "Did you mean place?" in defect.mend
    (defect,) = found(folder(tmp_path / "g", horizon="start,grain\n2026-01-01,weak\n"))
    assert (defect.file, defect.value) == ("horizon.csv", "weak")
    assert "Did you mean week?" in defect.mend


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("s.xls", b"", "unknown_file_type"), ("s.xlsx", b"PK", "unreadable"), ("s.json", b"{", "unreadable"),
        ("s.json", b"[]", "unreadable"), ("s.json.gz", b"no gzip", "unreadable"),
        ("s.json.gz", gzip.compress(b"{}" * 99, mtime=0)[:-9], "unreadable"), ("none.json", None, "no_such_file"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, data: bytes | None, code: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert [d.code for d in found(tmp_path / name)] == [code]


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        out.writestr("xl/worksheets/sheet1.xml", b" " * (40 << 20))
    assert [d.code for d in found(tmp_path / "s.xlsx")] == ["zip_bomb"]


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.xlsx", "w") as out:
        out.writestr("a.txt", "a")
    assert [d.code for d in found(tmp_path / "s.xlsx")] == ["unreadable"]


def test_defects_of_json(tmp_path: Path) -> None:
    save(body.scenario(), tmp_path / "s.json")
    content = json.loads((tmp_path / "s.json").read_text())
    tables = content["tables"]
    tables["cadres"] += [{"id": "C3"}, {"id": "C4", "post": "P", "opening_hours": 2**64, "age": 3}, 7]
    tables["levels"] = {}
    tables["cadrse"] = []
    del tables["units"]
    content["policy"]["goals"] = ["x"]
    (tmp_path / "s.json").write_text(json.dumps(content))
    assert sorted(places(found(tmp_path / "s.json")), key=str) == sorted([
        ("bad_policy", "policy", None, "goals.1"), ("wrong_type", "levels", None, ""),
        ("empty_required", "cadres", 3, "post"), ("out_of_bounds", "cadres", 4, "opening_hours"),
        ("unknown_column", "cadres", 4, "age"), ("wrong_type", "cadres", 5, ""),
        ("unknown_table", "cadrse", None, ""), ("missing_table", "units", None, ""),
    ], key=str)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_and_chinese_names(tmp_path: Path, encoding: str) -> None:
    text = "编号,姓名,出生日期,岗位,结转学时\nC1,,1980年5月6日,P,8\nC2,王 二,,P,\n"
    path = folder(tmp_path / "f", cadres=None, 干部=text.encode(encoding))
    assert load(path, check=False)["cadres"] == body.scenario()["cadres"]


def test_a_mapping_for_headers_of_somebody_else(tmp_path: Path) -> None:
    path = folder(tmp_path / "f", cadres="工号,Name,生日,现任,备注,学时\nC1,,1980/5/6,P,x,8\nC2,王 二,,P,,\n")
    mapping = path / "hr.toml"
    lines = (
        '["干部"]', '"工号" = "id"', '"生日" = "birth_date"', '"现任" = "post"', '"备注" = ""',
        '"学时" = "opening_hours"',
    )
    mapping.write_text("\n".join(lines), encoding="utf-8")
    assert load(path, mapping=mapping, check=False)["cadres"] == body.scenario()["cadres"]
    bad = found(path, mapping={"cadrse": {}, "cadres": {"工号": "ident"}})
    assert places(bad)[:2] == [("bad_mapping", "cadrse", None, ""), ("bad_mapping", "cadres", None, "工号")]


DAY = dt.datetime(1980, 5, 6)  # noqa: DTZ001


@pytest.mark.parametrize("cell", ["1980-05-06", "1980/5/6", "19800506", "1980年5月6日", DAY, DAY.date()])
def test_dates_in_a_workbook(tmp_path: Path, cell: object) -> None:
    path = book(tmp_path / "s.xlsx", cadres=[["id", "post", "birth_date"], ["C", "P", cell]])
    assert load(path, check=False)["cadres"][0].birth_date == dt.date(1980, 5, 6)


@pytest.mark.parametrize(("cell", "value"), [
    ("true", True), ("TRUE", True), ("是", True), ("1", True), (1, True), (True, True), ("false", False), ("否", False),
    ("0", False), (0, False), (False, False), (None, True),
])
def test_truth_in_a_workbook(tmp_path: Path, cell: object, value: bool) -> None:
    path = book(tmp_path / "s.xlsx", courses=[["id", "residential"], ["K", cell]])
    assert load(path, check=False)["courses"][0].residential is value


def test_numbers_as_ids_and_lists_in_a_workbook(tmp_path: Path) -> None:
    path = book(tmp_path / "s.xlsx", cadres=[["id", "post", "opening_hours"], [1001, "P", 8.0]],
                offers=[["course", "institution", "months"], ["K", "I", 3]])
    scenario = load(path, check=False)
    assert (scenario["cadres"][0].id, scenario["cadres"][0].opening_hours) == ("1001", 8)
    assert scenario["offers"][0].months == (3,)


def test_tables_remember_file_and_row(tmp_path: Path) -> None:
    table = load(folder(tmp_path / "f", units="id,authority\n\nU,A\n"), check=False)["units"]
    assert (table.file, table.row_number(0)) == ("units.csv", 3)


def test_the_template_can_be_filled_in(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    template(tmp_path / "t.xlsx")
    filled = load_workbook(tmp_path / "t.xlsx")
    assert "岗位" in filled["cadres"]["D1"].comment.text
    assert filled["cadres"].freeze_panes == "B2"
    for table, text in T.items():
        for i, line in enumerate(text.splitlines()[1:], 2):
            for name, cell in zip(text.splitlines()[0].split(","), line.split(","), strict=True):
                (column,) = (c.column for c in filled[table][1] if c.value == name)
                filled[table].cell(i, column, cell or None)
    filled.save(tmp_path / "t.xlsx")
    read = load(tmp_path / "t.xlsx", check=False)
    for table in T:
        if table != "courses":
            assert read[table] == body.scenario()[table], table


def test_the_template_wants_an_xlsx(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not known"):
        template(tmp_path / "t.csv")


def test_what_no_cell_shows_is_checked_too(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(folder(tmp_path / "f", posts="id,unit,level\nP,nowhere,L\n"))
    assert [(d.table, d.row, d.column, d.file) for d in caught.value.defects if d.severity == "error"] == [
        ("posts", 2, "unit", "posts.csv")
    ]


@pytest.mark.parametrize(("cell", "meant"), [("=TRUE()", True), ("=FALSE()", False), ("=true()", True)])
def test_a_truth_value_as_office_programs_save_it(tmp_path: Path, cell: str, meant: bool) -> None:
    path = book(tmp_path / "s.xlsx", posts=[["id", "unit", "level", "key"], ["P", "U", "L", cell]])
    assert load(path, check=False)["posts"].tolist("key") == [meant]


def test_rows_records_and_lines_are_told_apart(tmp_path: Path) -> None:
    """The number in a message is the one that a person finds the place by, and its word says what was counted."""
    lines = folder(tmp_path / "csv", levels='id,name,rank\nL,"two\nlines",1\n\nM,,high\nL,,2\n')
    assert [str(d).split(": ")[1] for d in told(lines)] == [
        "levels.csv, levels, row 4, column rank = 'high'", "levels.csv, levels, row 5, column id = 'L'",
    ]
    assert "stands in row 2." in str(told(lines)[1])

    sheet = book(tmp_path / "s.xlsx", levels=[["id", "rank"], ["L", 1], [None, None], ["M", "high"], ["L", 2]])
    assert [str(d).split(": ")[1] for d in told(sheet)] == [
        "s.xlsx [levels], levels, row 4, column rank = 'high'", "s.xlsx [levels], levels, row 5, column id = 'L'",
    ]

    levels = [{"id": "L", "rank": 1}, {"id": "M", "rank": "high"}, {"id": "L", "rank": 2}]
    packed = tmp_path / "s.json"
    save(body.scenario(), packed)
    content = json.loads(packed.read_text(encoding="utf-8"))
    content["tables"]["levels"] = levels
    packed.write_text(json.dumps(content), encoding="utf-8")
    assert [str(d).split(": ")[1] for d in told(packed)] == [
        "s.json, levels, record 2, column rank = 'high'", "s.json, levels, record 3, column id = 'L'",
    ]
    assert "stands in record 1." in str(told(packed)[1])

    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = folder(tmp_path / "parquet", levels=None)
    pq.write_table(pa.table({"id": ["L", None, "L"], "rank": [1, 2, 3]}), columns / "levels.parquet")
    assert [str(d).split(": ")[1] for d in told(columns)] == [
        "levels.parquet, levels, record 2, column id", "levels.parquet, levels, record 3, column id = 'L'",
    ]
    pq.write_table(pa.table({"id": ["L"], "rang": [1]}), columns / "levels.parquet")
    assert {d.row for d in told(columns)} == {None}

    text = folder(tmp_path / "toml", policy__toml="goals = []\n\ntravel = x")
    assert [str(d).split(": ")[1] for d in told(text)] == ["policy.toml, policy, line 3"]


def told(path: Path) -> list[Defect]:
    """Errors of the small scenario with other levels, without those of what refers to them."""
    with pytest.raises(InputError) as caught:
        load(path)
    return [d for d in caught.value.defects if d.table in ("levels", "policy") and d.severity == "error"]


def test_a_policy_is_written_without_what_is_empty() -> None:
    from rotation_planner.domain.policy import Beds, Coverage, Deadline, Policy, Selector
    from rotation_planner.io.policy_file import parse_policy, policy_text

    many = tuple(f"authority-{i:03}" for i in range(20))
    policy = Policy(rules=(Beds(), Coverage(name="x", who=Selector(units=("u", "v,w"))),
                           Deadline(who=Selector(authorities=many))))
    text = policy_text(policy, "n")
    assert 'goals = ["duties", "floor", "need", "cost", "comfort"]\n' in text
    assert '[[rules]]\nkind = "beds"\n\n[[rules]]\nkind = "coverage"\nname = "x"\n' in text
    assert 'units = ["u", "v,w"]\n' in text
    assert max(map(len, text.splitlines())) <= 100
    defects: list[Defect] = []
    assert parse_policy(text, "policy.toml", defects) == (policy, "n")
    assert not defects


def test_the_text_of_an_error_stays_readable(tmp_path: Path) -> None:
    lines = "\n".join(f"L{i},high" for i in range(1234))
    with pytest.raises(InputError) as caught:
        load(folder(tmp_path / "f", levels=f"id,rank\n{lines}\n"), check=False)
    assert len(caught.value.defects) == 1234
    text = str(caught.value).splitlines()
    assert len(text) == 101
    assert text[-1] == "... and 1,134 more"
