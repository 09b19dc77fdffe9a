"""After planting: empty badly filled classes, and settle class sizes so that what runs is full."""

from __future__ import annotations

from dataclasses import dataclass

from rotation_planner.generate.planting import Planter

LEAST_FILL = 0.72
"""A class is worth running from this part of its size on [U]."""


@dataclass
class Packed:
    """Parallel classes of each session that runs."""

    classes: dict[int, int]


def pack(planter: Planter) -> Packed:
    """Move people out of thin classes, then out of any class the others can take in; then fit the sizes."""
    for every, relaxed in ((False, False), (False, False), (False, True), (True, False), (True, False), (True, True)):
        sessions = [s for s in range(len(planter.people)) if _worth(planter, s, every)]
        for s in sorted(sessions, key=lambda s: (_last_class(planter, s), s)):
            if _worth(planter, s, every):
                _dissolve(planter, s, relaxed)
    return _settle(planter)


def _last_class(planter: Planter, s: int) -> int:
    """People beyond the full classes, or one full class."""
    return (len(planter.people[s]) - 1) % planter.size[s] + 1


def _worth(planter: Planter, s: int, every: bool) -> bool:
    """Whether the last class of a session should go if it can."""
    if every:
        return bool(planter.people[s]) and not planter.cat.courses[planter.cat.course[s]].quota
    return _thin(planter, s)


def _thin(planter: Planter, s: int) -> bool:
    head, size = len(planter.people[s]), planter.size[s]
    if not head or planter.cat.courses[planter.cat.course[s]].quota:
        return False
    return head < LEAST_FILL * size * -(-head // size)


def _dissolve(planter: Planter, s: int, relaxed: bool) -> bool:
    """Take the people of the last, thin class elsewhere; all of them or none."""
    members = sorted(planter.people[s])
    planter.rng.shuffle(members)
    surplus = _last_class(planter, s)
    failures = len(members) - surplus
    done: list[tuple[int, list[int]]] = []
    for p in members:
        if len(done) == surplus:
            break
        before = list(planter.placed[p])
        planter.put(p, s, -1)
        if _mend(planter, p, s, relaxed):
            done.append((p, before))
        else:
            _reset(planter, p, before)
            failures -= 1
            if failures < 0:
                break
    if len(done) == surplus:
        return True
    for p, before in reversed(done):
        _reset(planter, p, before)
    return False


def _reset(planter: Planter, p: int, before: list[int]) -> None:
    for q in [q for q in planter.placed[p] if q not in before]:
        planter.put(p, q, -1)
    for q in [q for q in before if q not in planter.placed[p]]:
        planter.put(p, q)


def _mend(planter: Planter, p: int, gone: int, relaxed: bool) -> bool:
    """Meet the person's duties again with free seats in classes that run."""
    y = planter.year[gone]
    options = planter.options[p][y]
    if gone in options:
        options.remove(gone)
    try:
        return _serve(planter, p, y, relaxed) and _still_valid(planter, p)
    finally:
        options.append(gone)


def _serve(planter: Planter, p: int, y: int, relaxed: bool) -> bool:
    courses = planter.cat.courses
    for due in planter.duties.deadlines(p):
        if any(planter.meets(s, due) for s in planter.placed[p]):
            continue
        options = [s for year in planter.options[p] for s in year if planter.meets(s, due)]
        pick = planter.best(p, options, 0, relaxed, started=True)
        if pick is None:
            return False
        planter.put(p, pick)
    need = planter.duties.yearly(p)[y]
    if need > 0 and not planter.fill_year(p, y, need, relaxed=relaxed, started=True):
        return False
    if planter.duties.horizon(p) > sum(planter.hours[s] for s in planter.placed[p]):
        return False
    return not planter.duties.coverage(p) or any(courses[planter.cat.course[s]].days >= 3 for s in planter.placed[p])


def _still_valid(planter: Planter, p: int) -> bool:
    """Whether no other session of the person lost its prerequisite."""
    for s in planter.placed[p]:
        need = planter.cat.courses[planter.cat.course[s]].prerequisite
        if need is None or need in planter.on_record[p]:
            continue
        before = [q for q in planter.placed[p] if planter.end[q] < planter.start[s]]
        if not any(need in planter.stands[planter.cat.course[q]] for q in before):
            return False
    return True


def _settle(planter: Planter) -> Packed:
    """Fit every course's class size, least size and most classes to the sessions that run."""
    runs: dict[int, list[int]] = {}
    for s, c in enumerate(planter.cat.course):
        if planter.people[s]:
            runs.setdefault(c, []).append(s)
    classes: dict[int, int] = {}
    for c, spec in enumerate(planter.cat.courses):
        sessions = runs.get(c, [])
        heads = [len(planter.people[s]) for s in sessions]
        if not heads:
            spec.min_size = 1 if spec.quota else int(LEAST_FILL * spec.size)
            continue
        if spec.quota:
            spec.size = max(heads)
        else:
            seats = {m: sum(-(-h // m) * m for h in heads) for m in range(max(2, int(0.7 * spec.size)), spec.size + 1)}
            spec.size = max(m for m in seats if seats[m] == min(seats.values()))
        spec.size = max(-(-h // -(-h // spec.size)) for h in heads)
        for s, h in zip(sessions, heads, strict=True):
            classes[s] = -(-h // spec.size)
        spec.classes = max(classes[s] for s in sessions)
        least = min(h // classes[s] for s, h in zip(sessions, heads, strict=True))
        spec.min_size = min(1 if spec.quota else int(0.8 * spec.size), least)
    return Packed(classes)
