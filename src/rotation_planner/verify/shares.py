"""Hours of a content beside hours taught, and what is missing of a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rotation_planner.domain.policy import ContentShare
from rotation_planner.domain.scenario import Scenario
from rotation_planner.domain.teaching import Course
from rotation_planner.verify.which import chosen


def subject_kinds(scenario: Scenario) -> dict[str, str]:
    """Subject to its kind."""
    return {subject.id: subject.kind for subject in scenario["subjects"]}


def share_of(rule: ContentShare, course: Course, kinds: Mapping[str, str]) -> int:
    """Share of a course's hours that is of the content asked for, in per mille."""
    if rule.part == "interactive":
        return course.interactive_per_mille
    if rule.part == "leaders":
        return course.leaders_per_mille
    wanted = {s for s in course.subjects if s in rule.subjects or kinds[s] in rule.subject_kinds}
    return sum(course.subjects[s] for s in wanted)


@dataclass(slots=True)
class Hours:
    """Hours taught, and of them the content asked for in thousandths of an hour."""

    rule: ContentShare
    kinds: Mapping[str, str]
    taught: int = 0
    content: int = 0

    def add(self, course: Course, hours: int) -> None:
        """Count hours of a course, if the rule is about it."""
        if chosen(self.rule.which, course):
            self.taught += hours
            self.content += hours * share_of(self.rule, course, self.kinds)

    @property
    def missing(self) -> int:
        """Thousandths of an hour missing of the share; 0 where it is reached."""
        return max(0, self.rule.per_mille * self.taught - self.content)

    def figures(self, per_hours: int) -> tuple[int, int, int, int]:
        """Whole hours required, achieved and missing, and these in per mille of what ``per_hours`` hours require."""
        required, short = -(-self.rule.per_mille * self.taught // 1000), -(-self.missing // 1000)
        return required, required - short, short, -(-1000 * self.missing // (self.rule.per_mille * per_hours))
