"""Every kind of bad input: how it is made, and what it gets. ``docs/bad-input.md`` is written from this list."""

from __future__ import annotations

from typing import NamedTuple

from tests.damage import (
    Damage,
    bomb,
    book,
    cell,
    content,
    copy,
    extra_cell,
    half,
    other_path,
    policy,
    rewritten,
    row,
    rule,
    text,
    together,
    without_rows,
)

Place = tuple[str, str, int | None, str]
"""Code, table, row, column."""


class Case(NamedTuple):
    """One kind of bad input.

    ``title`` says what is wrong; ``kind`` is the format of the office that is damaged; ``expect`` lists all defects.
    """

    title: str
    damage: Damage
    expect: tuple[Place, ...]
    kind: str = "csv"
    severity: str = "error"


def one(code: str, table: str = "", at: int | None = None, column: str = "") -> tuple[Place, ...]:
    """A single defect."""
    return ((code, table, at, column),)


FILES = [
    Case("No such file", other_path("no-office.xlsx"), one("no_such_file")),
    Case("A kind of file that is not known", other_path("office.ods"), one("unknown_file_type")),
    Case("A text named .xlsx", content("", b"id,name"), one("unreadable"), "xlsx"),
    Case("Half a workbook", half, one("unreadable"), "xlsx"),
    Case("A zip bomb named .xlsx", bomb, one("zip_bomb"), "xlsx"),
    Case("Half a JSON file", half, one("unreadable"), "json"),
    Case("Half a gzipped JSON file", half, one("unreadable"), "gz"),
    Case("JSON of something else", content("", b"[1, 2]"), one("unreadable"), "json"),
    Case("JSON of another version", rewritten(lambda c: c.update(format="rotation-planner scenario 99")),
         one("unknown_format"), "json"),
    Case("JSON with a part of its own", rewritten(lambda c: c.update(notes=[])), one("unknown_table"), "json"),
    Case("A table of Parquet that is none", content("cadres.parquet", b"PAR1"), one("unreadable", "cadres"), "parquet"),
    Case("Another encoding (UTF-16)", text("cadres.csv", "Ann", "安", "utf-16"), one("wrong_encoding", "cadres")),
    Case("No text at all", content("cadres.csv", b"\xff\xfe\xff\xff\xff"), one("wrong_encoding", "cadres")),
    Case("A quote that is not closed", text("cadres.csv", "Ann", '"Ann'), one("unreadable", "cadres", 2)),
    Case("An empty file", content("levels.csv", b""),
         (("missing_column", "levels", 1, "id"), ("missing_column", "levels", 1, "rank"))),
    Case("policy.toml that is no TOML", content("policy.toml", b"goals = [\n'need'\n[x"), one("bad_toml", "policy", 3)),
]

TABLES = [
    Case("A required table is missing", content("cadres.csv", None), one("missing_table", "cadres")),
    Case("A required sheet is missing", book(lambda b: b.remove(b["cadres"])), one("missing_table", "cadres"), "xlsx"),
    Case("A required table is missing in JSON", rewritten(lambda c: c["tables"].pop("posts")),
         one("missing_table", "posts"), "json"),
    Case("A file that is no table", copy("cadres.csv", "cadrez.csv"), one("unknown_table", "cadrez")),
    Case("A sheet that is no table", book(lambda b: b.create_sheet("Sheet1")), one("unknown_table", "Sheet1"), "xlsx"),
    Case("A table under its English and its Chinese name", copy("cadres.csv", "干部.csv"),
         one("duplicate_table", "cadres")),
    Case("A workbook among the tables of a folder", copy("cadres.csv", "cadres.xlsx"),
         one("unknown_table", "cadres.xlsx")),
    Case("A table that is no list", rewritten(lambda c: c["tables"].update(leave={"a": 1})),
         one("wrong_type", "leave"), "json"),
    Case("A column that the table has not", cell("cadres", 1, "name", "nickname"),
         one("unknown_column", "cadres", 1, "nickname")),
    Case("A required column is missing", cell("posts", 1, "level", ""),
         (("missing_column", "posts", 1, "level"), ("no_header", "posts", 2, ""), ("no_header", "posts", 3, ""))),
    Case("A column under two names", cell("cadres", 1, "birth_date", "姓名"),
         one("duplicate_column", "cadres", 1, "姓名")),
    Case("A cell to the right of all headers", extra_cell("units", 3, "50"), one("no_header", "units", 3)),
    Case("A key of JSON that the table has not", rewritten(lambda c: c["tables"]["cadres"][1].update(rank=3)),
         one("unknown_column", "cadres", 2, "rank"), "json"),
    Case("A table without rows", without_rows("institutions"),
         (("empty_table", "institutions", None, ""), ("unknown_reference", "offers", 2, "institution"),
          ("unknown_reference", "sessions", 2, "institution"), ("unknown_reference", "sessions", 3, "institution"))),
]

CELLS = [
    Case("An empty cell where a value is required", cell("cadres", 3, "post", ""),
         one("empty_required", "cadres", 3, "post")),
    Case("An empty identifier", cell("units", 2, "id", " "), one("empty_required", "units", 2, "id")),
    Case("A text where a number is needed", cell("courses", 2, "days", "five"),
         one("wrong_type", "courses", 2, "days")),
    Case("A number with a unit", cell("funds", 2, "floor_yuan", "1000元"), one("wrong_type", "funds", 2, "floor_yuan")),
    Case("A fraction where a whole number is needed", cell("courses", 2, "hours", "7.5"),
         one("wrong_type", "courses", 2, "hours")),
    Case("A text where JSON needs a number", rewritten(lambda c: c["tables"]["courses"][0].update(days="5")),
         one("wrong_type", "courses", 1, "days"), "json"),
    Case("A date that does not exist", cell("leave", 2, "end", "2026-02-30"), one("wrong_type", "leave", 2, "end")),
    Case("A date in another order", cell("leave", 2, "end", "05/07/2026"), one("wrong_type", "leave", 2, "end")),
    Case("Neither true nor false", cell("courses", 2, "covers", "maybe"), one("wrong_type", "courses", 2, "covers")),
    Case("A map without keys", cell("courses", 2, "subjects", "history"), one("wrong_type", "courses", 2, "subjects")),
    Case("A map with a key twice", cell("courses", 2, "subjects", "law=1;law=2"),
         one("wrong_type", "courses", 2, "subjects")),
    Case("Negative money", cell("funds", 2, "floor_yuan", "-1"), one("out_of_bounds", "funds", 2, "floor_yuan")),
    Case("More money than there is", cell("funds", 2, "ceiling_yuan", str(10**12 + 1)),
         one("out_of_bounds", "funds", 2, "ceiling_yuan")),
    Case("A number that no computer word holds", cell("levels", 2, "rank", "9" * 25),
         one("out_of_bounds", "levels", 2, "rank")),
    Case("The same in JSON", rewritten(lambda c: c["tables"]["levels"][0].update(rank=10**25)),
         one("out_of_bounds", "levels", 1, "rank"), "json"),
    Case("A class without seats", cell("courses", 2, "max_size", "0"), one("out_of_bounds", "courses", 2, "max_size")),
    Case("A kind that there is not", cell("commitments", 2, "kind", "perhaps"),
         one("not_allowed", "commitments", 2, "kind")),
    Case("A formula as a name", book(lambda b: b["cadres"].cell(2, 2, '=HYPERLINK("http://example.org")')),
         one("formula", "cadres", 2, "name"), "xlsx"),
    Case("An error of the spreadsheet", book(lambda b: b["levels"].cell(3, 3, "#REF!")),
         one("formula", "levels", 3, "rank"), "xlsx"),
    Case("A time of day in a date", book(lambda b: b["leave"].cell(2, 2, "2026-07-01 09:30")),
         one("wrong_type", "leave", 2, "start"), "xlsx"),
    Case("A rule that there is not", policy(lambda c: c["rules"][0].update(kind="wisdom")),
         one("bad_policy", "policy", None, "rules.1")),
    Case("A figure of a rule out of bounds", rule("coverage", weight=0),
         one("bad_policy", "policy", None, "rules.12.coverage.weight")),
    Case("A figure that the rule has not", rule("beds", slack=1),
         one("bad_policy", "policy", None, "rules.2.beds.slack")),
    Case("A goal that there is not", policy(lambda c: c.update(goals=["duties", "glory"])),
         one("bad_policy", "policy", None, "goals.2")),
]

REFERENCES = [
    Case("An unknown post", cell("cadres", 3, "post", "z"), one("unknown_reference", "cadres", 3, "post")),
    Case("An unknown level of a course", cell("courses", 3, "level_low", "lowest"),
         one("unknown_reference", "courses", 3, "level_low")),
    Case("An unknown subject in a map", cell("courses", 2, "subjects", "history=600;lore=400"),
         one("unknown_reference", "courses", 2, "subjects")),
    Case("An unknown member of a team", cell("teams", 2, "members", "a;b;z"),
         one("unknown_reference", "teams", 2, "members")),
    Case("An unknown session", cell("commitments", 2, "session", "S"),
         one("unknown_reference", "commitments", 2, "session")),
    Case("A session that no offer derives", row("commitments", cadre="b", session="w@i@2026-04-04", kind="must"),
         one("unknown_reference", "commitments", 3, "session")),
    Case("A session of an unknown course", cell("sessions", 3, "course", "K"),
         one("unknown_reference", "sessions", 3, "course")),
    Case("An unknown unit in a rule", rule("coverage", who={"units": ["x"]}),
         one("unknown_reference", "policy", None, "who.units")),
    Case("An identifier twice", row("cadres", id="a", post="p", opening_hours="0"),
         one("duplicate_key", "cadres", 5, "id")),
    Case("A key of several columns twice", row("needs", cadre="c", competency="drafting", source="post", weight="2"),
         one("duplicate_key", "needs", 3, "cadre")),
    Case("An authority above itself", cell("authorities", 2, "parent", "top"),
         one("cycle", "authorities", 2, "parent")),
    Case("Authorities in a circle", cell("authorities", 2, "parent", "city"),
         (("cycle", "authorities", 2, "parent"), ("cycle", "authorities", 3, "parent"))),
    Case("A course that is its own prerequisite", cell("courses", 2, "prerequisites", "k"),
         one("cycle", "courses", 2, "prerequisites")),
    Case("A course equivalent to itself", cell("courses", 2, "equivalents", "k"),
         one("self_reference", "courses", 2, "equivalents")),
    Case("Two levels of one rank", cell("levels", 4, "rank", "2"),
         (("same_rank", "levels", 3, "rank"), ("same_rank", "levels", 4, "rank"))),
    Case("A unit that two authorities manage",
         together(cell("authorities", 2, "units", "u"), cell("authorities", 3, "units", "u")),
         one("two_managers", "authorities", 3, "units")),
]

DATES = [
    Case("No horizon", without_rows("horizon"), one("horizon_rows", "horizon")),
    Case("Two horizons", row("horizon", start="2031-01-01", years="5", grain="week"), one("horizon_rows", "horizon")),
    Case("A horizon at the end of time", cell("horizon", 2, "start", "9998-01-01"),
         one("date_far", "horizon", 2, "start")),
    Case("Leaves that overlap", row("leave", cadre="a", start="2026-07-05", end="2026-07-08"),
         one("overlap", "leave", 3, "start")),
    Case("Terms that overlap",
         together(row("terms", institution="i", start="2026-01-01", end="2028-12-31", open="true"),
                  row("terms", institution="i", start="2028-12-31", end="2030-12-31", open="true")),
         one("overlap", "terms", 3, "start")),
    Case("An end before the start", cell("leave", 2, "end", "2026-06-30"), one("end_before_start", "leave", 2, "end")),
    Case("A session before the horizon", cell("sessions", 2, "start", "2025-12-31"),
         one("outside_horizon", "sessions", 2, "start")),
    Case("A session in the year 9999",
         together(cell("sessions", 3, "start", "9999-12-31"), cell("sessions", 3, "end", "")),
         one("outside_horizon", "sessions", 3, "start")),
    Case("A session that ends after the horizon", cell("sessions", 3, "end", "2031-01-01"),
         one("outside_horizon", "sessions", 3, "end")),
    Case("A weekend session without a weekend",
         row("sessions", id="x", course="w", institution="i", start="2026-03-02", end="2026-03-06"),
         one("no_day_of_pattern", "sessions", 4, "start")),
    Case("Entry at fifteen", cell("cadres", 2, "entered", "1995-12-31"),
         one("entry_before_age", "cadres", 2, "entered")),
    Case("Born inside the horizon",
         together(cell("cadres", 2, "birth_date", "2026-01-01"), cell("cadres", 2, "entered", "")),
         one("born_late", "cadres", 2, "birth_date")),
    Case("An event after retirement", row("events", cadre="b", kind="transfer", date="2029-05-02", post="q"),
         one("after_retirement", "events", 4, "date")),
    Case("Two dates of entry", row("events", cadre="a", kind="entry", date="2005-08-01"),
         one("two_entries", "events", 4, "date")),
    Case("Two posts from the same day on", row("events", cadre="a", kind="transfer", date="2026-05-01", post="p"),
         one("two_posts", "events", 4, "post")),
    Case("An event in the year 9999", row("events", cadre="c", kind="promotion", date="9999-01-01"),
         one("date_far", "events", 4, "date")),
]

FIGURES = [
    Case("A floor above the ceiling", cell("funds", 2, "floor_yuan", "2001"),
         (("floor_above_ceiling", "funds", 2, "floor_yuan"), ("floor_above_ceiling", "funds", 3, "floor_yuan"))),
    Case("An index without a floor before it", cell("funds", 2, "floor_yuan", ""),
         one("index_without_base", "funds", 3, "index_per_mille")),
    Case("Smallest class above the largest", cell("courses", 2, "min_size", "31"),
         one("min_above_max", "courses", 2, "min_size")),
    Case("Levels of a course reversed",
         together(cell("courses", 3, "level_low", "high"), cell("courses", 3, "level_high", "mid")),
         one("levels_reversed", "courses", 3, "level_low")),
    Case("Shares of subjects above the whole", cell("courses", 2, "subjects", "history=600;law=401"),
         one("shares", "courses", 2, "subjects")),
    Case("Mastery taught of a competency that is not", cell("courses", 2, "teaches", "drafting=2"),
         one("not_taught", "courses", 2, "teaches")),
    Case("A share of subjects and of something else",
         policy(lambda c: c["rules"].append(
             {"kind": "institution_content", "part": "interactive", "subjects": ["law"], "per_mille": 300}
         )),
         one("part", "policy", None, "part")),
    Case("A thirteenth month", cell("offers", 2, "months", "3;13"), one("month", "offers", 2, "months")),
    Case("Mastery of six", cell("posts", 2, "requires", "drafting=6"), one("mastery", "posts", 2, "requires")),
    Case("A chief who is no member", cell("teams", 2, "chief", "c"), one("not_a_member", "teams", 2, "chief")),
    Case("More present than there are", cell("teams", 2, "min_present", "3"),
         one("above_size", "teams", 2, "min_present")),
    Case("A wish of nobody", row("commitments", session="s", kind="wish"),
         one("cadre_needed", "commitments", 3, "cadre")),
    Case("Must and must not", row("commitments", cadre="a", session="s", kind="must_not"),
         one("contradiction", "commitments", 3, "kind")),
    Case("Commitments without their rule",
         policy(lambda c: c.update(rules=[r for r in c["rules"] if r["kind"] != "commitments"])),
         one("no_commitments_rule", "policy", None, "rules")),
    Case("Two rules of one name", policy(lambda c: c["rules"].append({"kind": "beds"})),
         one("duplicate_rule", "policy", None, "name")),
    Case("A goal twice", policy(lambda c: c.update(goals=["duties", "cost", "cost"])),
         one("duplicate_goal", "policy", None, "goals")),
    Case("A cap above the hours", rule("hours", supplement_cap_hours=101),
         one("cap_above_hours", "policy", None, "supplement_cap_hours")),
    Case("Levels of a rule reversed", rule("coverage", who={"level_low": "high", "level_high": "low"}),
         one("levels_reversed", "policy", None, "who.level_low")),
    Case("A span of ages reversed", rule("coverage", who={"age_low": 45, "age_high": 35}),
         one("span_reversed", "policy", None, "who.age_low")),
    Case("A rule for a selector that is not there", rule("coverage", who="heads"),
         one("unknown_reference", "policy", None, "who.named")),
    Case("Somebody chosen for a rule about everybody", rule("beds", who={"key_posts": True}),
         one("selector_not_applicable", "policy", None, "who")),
]

WARNINGS = [
    Case("No policy", content("policy.toml", None), one("default_policy", "policy"), severity="warning"),
    Case("No policy in a workbook", book(lambda b: b.remove(b["policy"])), one("default_policy", "policy"), "xlsx",
         severity="warning"),
    Case("No policy in JSON", rewritten(lambda c: c.pop("policy")), one("default_policy", "policy"), "json",
         severity="warning"),
    Case("A record inside the horizon",
         row("records", cadre="c", course="k", date="2026-01-01", hours="40", result="passed"),
         one("record_in_horizon", "records", 2, "date"), severity="warning"),
    Case("Money of a year outside the horizon", row("funds", id="old", authority="top", year="2025", floor_yuan="5"),
         one("year_outside", "funds", 4, "year"), severity="warning"),
    Case("A session shorter than its course", cell("sessions", 2, "end", "2026-03-05"),
         one("session_short", "sessions", 2, "end"), severity="warning"),
    Case("A duty that no post has", rule("coverage", who={"duties": ["law"]}),
         one("empty_selector", "policy", None, "who.duties"), severity="warning"),
    Case("A rule about nobody", rule("coverage", who={"units": ["u"], "level_low": "high"}),
         one("empty_selector", "policy", None, "who"), severity="warning"),
    Case("An age where dates of birth are missing", row("selectors", id="young", age_high="50"),
         one("date_unknown", "selectors", 2, "age_high"), severity="warning"),
    Case("A course without the content asked for",
         policy(lambda c: c["rules"].append(
             {"kind": "course_content", "subjects": ["law"], "per_mille": 401, "which": {"courses": ["k"]}}
         )),
         one("content_missing", "courses", 2, "subjects"), severity="warning"),
    Case("Overlap of a course without hours",
         together(rule("no_repeat", overlap_per_mille=500), cell("courses", 2, "hours", "0")),
         one("no_hours", "courses", 2, "hours"), severity="warning"),
    Case("Group study", cell("teams", 2, "group_study_per_quarter", "1"),
         one("not_enforced", "teams", 2, "group_study_per_quarter"), severity="warning"),
    Case("Nobody teaches a level",
         together(cell("courses", 2, "level_high", "mid"), cell("courses", 3, "level_high", "mid")),
         one("no_covering_course", "cadres", 4, "post"), severity="warning"),
    Case("Seats for two of three",
         together(cell("courses", 2, "max_size", "1"), cell("courses", 3, "covers", "false")),
         one("too_few_seats", "sessions"), severity="warning"),
]

SECTIONS: dict[str, list[Case]] = {
    "Files": FILES, "Tables and columns": TABLES, "Cells and policy": CELLS, "References": REFERENCES, "Dates": DATES,
    "Figures that contradict one another": FIGURES, "Warnings": WARNINGS,
}
CASES = [case for cases in SECTIONS.values() for case in cases]
