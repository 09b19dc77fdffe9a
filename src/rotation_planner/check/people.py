"""Teams, needs and settled pairs."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.organisation import Team


def check(findings: Findings) -> None:
    """Whatever names cadres."""
    scenario = findings.scenario
    team: Team
    for i, team in enumerate(scenario["teams"]):
        members = set(team.members)
        named = {"chief": (team.chief,) if team.chief else (), "deputies": team.deputies,
                 "stand_ins": team.stand_ins, "never_together": team.never_together}
        for column, people in named.items():
            for person in people:
                if person not in members:
                    findings.add("not_a_member", "teams", i, column, person, "Not one of the team's members.",
                                 "Add the cadre to members, or correct it.")
        if team.min_present > len(members):
            findings.add("above_size", "teams", i, "min_present", team.min_present,
                         f"The team has only {len(members)} members.", "Lower the number.")
        if team.group_study_per_quarter:
            findings.warn("not_enforced", "teams", i, "group_study_per_quarter", team.group_study_per_quarter,
                          "Group study is not planned by this version.", "Plan it beside the library.")
    _commitments(findings)
    for i, post in enumerate(scenario["posts"]):
        for competency, mastery in post.requires.items():
            if not 1 <= mastery <= 5:
                findings.add("mastery", "posts", i, "requires", f"{competency}={mastery}", "Mastery runs from 1 to 5.",
                             "Correct the figure.")


def _commitments(findings: Findings) -> None:
    table = findings.scenario["commitments"]
    kinds: dict[tuple[str | None, str], str] = {}
    for i, c in enumerate(table):
        if c.cadre is None and c.kind in ("wish", "avoid", "published"):
            findings.add("cadre_needed", "commitments", i, "cadre", None, f"A {c.kind} needs a cadre.",
                         "Name the cadre, or use must or must_not for the session itself.")
        if c.kind in ("must", "must_not"):
            pair = (c.cadre, c.session)
            if kinds.setdefault(pair, c.kind) != c.kind:
                findings.add("contradiction", "commitments", i, "kind", c.kind,
                             "The same is both must and must_not.", "Remove one of the two rows.")
