"""Stand-ins: who they are, and whether they and the teams' members can ever count."""

from __future__ import annotations

from rotation_planner.check.findings import Findings
from rotation_planner.domain.organisation import Team
from rotation_planner.domain.policy import TeamCover


def check(findings: Findings) -> None:
    """Named stand-ins, and members in other units than their team's."""
    scenario = findings.scenario
    rules = [r for r in scenario.policy.rules if isinstance(r, TeamCover)]
    unit_of_post = dict(zip(scenario["posts"].tolist("id"), scenario["posts"].tolist("unit"), strict=True))
    posts = dict(zip(scenario["cadres"].tolist("id"), scenario["cadres"].tolist("post"), strict=True))
    moves: dict[str, set[str | None]] = {}
    for cadre, post in zip(scenario["events"].tolist("cadre"), scenario["events"].tolist("post"), strict=True):
        if post is not None:
            moves.setdefault(cadre, set()).add(unit_of_post.get(post))

    def units(cadre: str) -> set[str | None]:
        """Every unit a cadre works in, now or by a planned event."""
        return {unit_of_post.get(posts.get(cadre, "")), *moves.get(cadre, ())}

    # Who never works in a unit can be told only where nothing of careers is unread.
    strict = any(r.leavers == "gone" for r in rules) and findings.whole("posts", "cadres", "events")
    for i, cadre, stand_in in findings.rows("stand_ins", "cadre", "stand_in"):
        if cadre == stand_in:
            findings.add("self_reference", "stand_ins", i, "stand_in", stand_in, "Nobody stands in for himself.",
                         "Name somebody else.")
        elif strict and {cadre, stand_in} <= posts.keys() and units(cadre).isdisjoint(units(stand_in)):
            findings.warn("never_there", "stand_ins", i, "stand_in", stand_in,
                          f"Never works in a unit of {cadre}, and so never stands in.",
                          "Name somebody of the same unit, or correct the posts.")
    if findings.count("stand_ins") and not rules and not findings.gaps.policy:
        findings.warn("not_enforced", "stand_ins", None, "", None, "No rule team_cover asks for stand-ins.",
                      "Add the rule, or remove the rows.")
    team: Team
    for i, team in enumerate(scenario["teams"]):
        for member in dict.fromkeys(team.members):
            if strict and member in posts and team.unit is not None and team.unit not in units(member):
                findings.warn("never_there", "teams", i, "members", member,
                              f"Never works in the team's unit ({team.unit}), and so never counts as a member.",
                              "Correct the member, or leave the team's unit empty.")
