"""What one workbook shows: the whole plan, or one authority's part of it.

People belong to the authority of the unit in which they first serve, sessions to the owner of the course (else to the
institution's authority), a unit's calendar and a fund to their authority.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from rotation_planner.domain.plan import Unmet
from rotation_planner.report.unit_calendar import away_by_period
from rotation_planner.report.view import View
from rotation_planner.verify import Verification
from rotation_planner.verify.facts import Attended
from rotation_planner.verify.findings import LedgerRow
from rotation_planner.verify.teaching import Run

Away = tuple[str, dt.date, dt.date, float, int | None]


@dataclass
class Part:
    """Runs, people, rows of the unit calendar and of the ledger, and unmet duties, each in the order shown."""

    runs: list[Run] = field(default_factory=list)
    cadres: list[str] = field(default_factory=list)
    units: list[Away] = field(default_factory=list)
    ledger: list[LedgerRow] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)

    def attending(self, view: View) -> list[Attended]:
        """What its people attend, by session, class and cadre."""
        found = [a for cadre in self.cadres for a in view.attended_by(cadre)]
        return sorted(found, key=lambda a: (a.run.start, a.run.id, a.class_no, a.person.id))

    def longest(self, view: View) -> int:
        """Rows of its longest sheet."""
        schedule = 0
        for cadre in self.cadres:
            planned = len(view.attended_by(cadre)) + len(view.study.get(cadre, ()))
            schedule += max(1, planned)  # who does nothing has a row that says so
        return max(schedule, len(self.runs), len(self.units), len(self.ledger), len(self.unmet))


def whole(view: View, verification: Verification, unmet: Sequence[Unmet]) -> Part:
    """The whole plan."""
    return Part(view.runs, list(view.cadres), list(away_by_period(view)), list(verification.ledger), list(unmet))


def by_authority(view: View, everything: Part) -> dict[str, Part]:
    """The plan by authority, in order of the table of authorities; unmet duties of nobody's stand under no id."""
    parts = {a.id: Part() for a in view.scenario["authorities"]} | {"": Part()}
    home = {c: view.units[view.post_on(c, view.facts.people.of[c].serves_from).unit].authority for c in view.cadres}
    payer = {f.id: f.authority for f in view.scenario["funds"]}
    for run in everything.runs:
        parts[run.course.owner or view.institutions[run.institution].authority].runs.append(run)
    for cadre in everything.cadres:
        parts[home[cadre]].cadres.append(cadre)
    for row in everything.units:
        parts[view.units[row[0]].authority].units.append(row)
    for entry in everything.ledger:
        parts[entry.authority].ledger.append(entry)
    for u in everything.unmet:
        subject = u.subject[0] if u.subject else ""
        parts[home.get(subject) or payer.get(subject) or ""].unmet.append(u)
    return parts
