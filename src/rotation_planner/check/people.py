"""Teams, needs and settled pairs."""

from __future__ import annotations

from rotation_planner.check.findings import Findings


def check(findings: Findings) -> None:
    """Whatever names cadres."""
    for column in ("chief", "deputies", "stand_ins", "never_together"):
        for i, members, named in findings.rows("teams", "members", column):
            for person in (named,) if isinstance(named, str) else named or ():
                if person not in members:
                    findings.add("not_a_member", "teams", i, column, person, "Not one of the team's members.",
                                 "Add the cadre to members, or correct it.")
    for i, members, present in findings.rows("teams", "members", "min_present"):
        size = len(set(members))
        if present > size:
            findings.add("above_size", "teams", i, "min_present", present, f"The team has only {size} members.",
                         "Lower the number.")
    for i, times in findings.rows("teams", "group_study_per_quarter"):
        if times:
            findings.warn("not_enforced", "teams", i, "group_study_per_quarter", times,
                          "Group study is not planned by this version.", "Plan it beside the library.")
    _commitments(findings)
    for i, requires in findings.rows("posts", "requires"):
        for competency, mastery in requires.items():
            if not 1 <= mastery <= 5:
                findings.add("mastery", "posts", i, "requires", f"{competency}={mastery}", "Mastery runs from 1 to 5.",
                             "Correct the figure.")


def _commitments(findings: Findings) -> None:
    kinds: dict[tuple[str | None, str], str] = {}
    for i, cadre, session, kind in findings.rows("commitments", "cadre", "session", "kind"):
        if cadre is None and kind in ("wish", "avoid", "published"):
            findings.add("cadre_needed", "commitments", i, "cadre", None, f"A {kind} needs a cadre.",
                         "Name the cadre, or use must or must_not for the session itself.")
        if kind in ("must", "must_not") and kinds.setdefault((cadre, session), kind) != kind:
            findings.add("contradiction", "commitments", i, "kind", kind, "The same is both must and must_not.",
                         "Remove one of the two rows.")
