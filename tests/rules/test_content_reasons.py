"""Why a share of content is missed: what counts against it could be given up, or is settled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rotation_planner.domain.policy import CadreContent, Commitments, InstitutionContent
from rotation_planner.domain.teaching import Subject
from rotation_planner.explain import explain
from rotation_planner.model import complete, to_plan
from rotation_planner.verify import verify
from tests.rules.tiny import built, course, day, must, record, session, tiny

COURSES = [
    course("low", hours=10, subjects={"m": 100}), course("high", hours=10, subjects={"m": 900}), course("old", hours=5),
]
LOW, HIGH = session("s", day(3, 2), course="low"), session("t", day(4, 1), course="high")
RULES = (CadreContent(subjects=("m",), per_mille=500), InstitutionContent(subjects=("m",), per_mille=500))


@pytest.mark.parametrize(("tables", "attend", "cadre", "institution"), [
    ({"sessions": [LOW]}, {"s"}, ("outweighed", {"duties": 1}), ("outweighed", {"duties": 1})),
    ({"sessions": [LOW], "commitments": [must("s", "a"), must("s")]}, {"s"}, ("blocked", {"commitments": 1}),
     ("blocked", {"commitments": 1})),
    ({"sessions": [LOW, HIGH], "commitments": [must("s", "a"), must("s")]}, {"s"}, ("outweighed", {"duties": 1}),
     ("outweighed", {"duties": 1})),
    ({"records": [record("a", "old", day(1, 5), 5)]}, set(), ("no_candidate", {}), None),
])
def test_reasons(tables: dict[str, Any], attend: set[str], cadre: Any, institution: Any) -> None:
    s = tiny(*RULES, Commitments(), n=1, courses=COURSES, **tables)
    s = s.with_tables(subjects=tiny(subjects=[Subject(id="m")])["subjects"])
    b = built(s)
    c = b.model.candidates
    x = np.zeros(b.program.n_columns, np.int64)
    for i, session_ in enumerate(c.session):
        x[b.model.attend[i]] = c.sessions.ids[session_] in attend
    x[b.model.classes] = [i in attend for i in c.sessions.ids]
    x = complete(b, x)
    unmet = explain(c, b.program, x, verify(s, to_plan(b, x)).unmet)
    found = {u.duty: (u.reason, dict(u.detail)) for u in unmet}
    assert found == {k: v for k, v in (("cadre_content", cadre), ("institution_content", institution)) if v}
