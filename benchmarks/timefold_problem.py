"""What a user of Timefold would prepare from the tables: who may attend what, what clashes, what is still due.

The figures are read off our own columns and rows, so that both plan exactly the same problem; what the model in
``timefold_java/`` does not have is refused by name. One fact a line, as ``timefold_java/Reader.java`` reads them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from rotation_planner.model import Built
from rotation_planner.program import Kind

Facts = dict[str, list[list[Any]]]

SLOTS_PER_YEAR = 3
"""Places in a cadre's year: the two call-ups that the generated policies allow, and one more (online, part-time).
Our own plans have never used four."""
PERSONAL = ("one_place", "no_repeat", "call_ups")
BY_CLASS = {"class_size", "commitments"}


class NotModelledError(Exception):
    """The instance has something that this rival's model does not have."""


@dataclass
class _Offers:
    """Lists of the offers, by attend column."""

    clashes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    unit_days: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    fraction: dict[int, int] = field(default_factory=dict)
    groups: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    after: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    meets: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    serves: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    hours: dict[int, int] = field(default_factory=dict)
    account: dict[int, int] = field(default_factory=dict)
    barred: set[int] = field(default_factory=set)


def problem_of(built: Built) -> Facts:
    """All facts of an instance, as numbers.

    Raises
    ------
    NotModelledError
        If a rule, a commitment or a helper has no counterpart in the rival's model.
    """
    return _Reader(built).read()


def write(facts: Facts, path: Path) -> None:
    """Write a problem file."""
    with path.open("w", encoding="utf-8") as file:
        for kind, rows in facts.items():
            for row in rows:
                file.write(" ".join([kind, *(_word(value) for value in row)]) + "\n")


def _word(value: int | list[int]) -> str:
    return str(value) if isinstance(value, int) else ",".join(map(str, value)) or "-"


class _Reader:
    def __init__(self, built: Built) -> None:
        self.program, self.model = built.program, built.model
        self.candidates = built.model.candidates
        program = self.program
        self.kind_of = {rule.label: rule.kind for rule in self.candidates.scenario.policy.rules}
        nothing = np.zeros(program.n_columns, np.int64)
        goals = {g.name: g.dense(program.n_columns) for g in program.goals}
        self.weight, self.price, self.points, self.comfort = (
            goals.get(name, nothing) for name in ("duties", "cost", "need", "comfort")
        )
        self.names: list[str] = [f.name for f in program.families]
        self.first = int(self.model.attend[0])
        self.n = len(self.candidates)
        sessions = self.candidates.sessions
        self.session_of_id = {id_: i for i, id_ in enumerate(sessions.ids)}
        self.session_of_head = {int(c): s for s, c in enumerate(self.model.headcount) if c >= 0}
        self.session_of_class = {int(c): s for s, c in enumerate(self.model.classes)}
        self.offers = _Offers()
        self.facts: Facts = {
            kind: [] for kind in (
                "prerequisite", "unit_day", "group", "night", "room", "room_use", "fund", "fund_use", "floor",
                "floor_use", "due", "need", "hours",
            )
        }
        self.nights: dict[int, list[int]] = defaultdict(list)
        if program.lower[self.model.attend].any() or program.lower[self.model.classes].any():
            raise NotModelledError("commitments that must be kept")

    def read(self) -> Facts:
        program = self.program
        seen: set[int] = set()
        for row in range(program.n_rows):
            family = program.families[program.row_family[row]]
            label = family.name.partition(".")[0]
            kind = self.kind_of.get(label, label)
            entries = slice(program.matrix.indptr[row], program.matrix.indptr[row + 1])
            columns, coefs = program.matrix.indices[entries].tolist(), program.matrix.data[entries].tolist()
            if family.kind is Kind.LIMIT and kind not in BY_CLASS:
                self._limit(kind, row, columns, coefs)
            elif family.kind is Kind.DUTY:
                seen |= self._duty(kind, row, columns, coefs)
            elif kind == "hours" and family.kind is not Kind.IMPLIED:
                raise NotModelledError("sessions that are supplements of hours")
            elif kind == "need":
                self._need(columns)
        self._lost(seen)
        self._single_needs()
        first = {"slots_per_year": [[SLOTS_PER_YEAR]], "session": self._sessions(), "offer": self._offer_rows()}
        return first | self.facts

    def _attends(self, columns: list[int]) -> list[int]:
        """Offers of some columns, all of which must be attendances."""
        if any(not self.first <= c < self.first + self.n for c in columns):
            raise NotModelledError("helper columns in a limit")
        return [c - self.first for c in columns]

    def _limit(self, kind: str, row: int, columns: list[int], coefs: list[int]) -> None:
        high, facts = int(self.program.high[row]), self.facts
        if kind == "ceiling":
            facts["fund"].append([high])
            self._sessions_use("fund", columns)
        elif kind == "beds":
            facts["night"].append([high])
            for column in columns:
                self.nights[self.session_of_head[column]].append(len(facts["night"]) - 1)
        elif kind == "rooms":
            facts["room"].append([high])
            uses = zip(columns, coefs, strict=True)
            facts["room_use"] += [[len(facts["room"]) - 1, self.session_of_class[c], each] for c, each in uses]
        elif kind == "prerequisites":
            self._prerequisite(self._attends(columns), coefs)
        elif kind == "unit_release":
            facts["unit_day"].append([high])
            for offer, coef in zip(self._attends(columns), coefs, strict=True):
                self.offers.unit_days[offer].append(len(facts["unit_day"]) - 1)
                if self.offers.fraction.setdefault(offer, coef) != coef:
                    raise NotModelledError("unit days in different measures")
        elif kind in {*PERSONAL, "team_cover"} and set(coefs) == {1}:
            self._at_most(self._attends(columns), high, personal=kind in PERSONAL)
        else:
            raise NotModelledError(f"limit {kind}")

    def _at_most(self, offers: list[int], high: int, personal: bool) -> None:
        if high <= 0:
            self.offers.barred.update(offers)
        elif personal and high == 1:
            for offer in offers:
                self.offers.clashes[offer].update(offers)
        else:
            self.facts["group"].append([high])
            for offer in offers:
                self.offers.groups[offer].append(len(self.facts["group"]) - 1)

    def _prerequisite(self, offers: list[int], coefs: list[int]) -> None:
        later = next(o for o, coef in zip(offers, coefs, strict=True) if coef > 0)
        earlier = [o for o, coef in zip(offers, coefs, strict=True) if coef < 0]
        if not earlier:
            self.offers.barred.add(later)
            return
        self.offers.after[later].append(len(self.facts["prerequisite"]))
        self.facts["prerequisite"].append([int(self.candidates.cadre[later]), earlier])

    def _sessions_use(self, what: str, columns: list[int]) -> None:
        """Say that the sessions of some columns use the limit added last."""
        number = len(self.facts[what]) - 1
        self.facts[f"{what}_use"] += [[number, s] for s in sorted({self._session(c) for c in columns})]

    def _session(self, column: int) -> int:
        """Session whose attendances, classes, opening or counted spend a column is."""
        if self.first <= column < self.first + self.n:
            return int(self.candidates.session[column - self.first])
        if column in self.session_of_class:
            return self.session_of_class[column]
        family = self.program.families[self.program.column_family[column]]
        return self.session_of_id[family.where(int(self.program.column_index[column]))[0]]

    def _duty(self, kind: str, row: int, columns: list[int], coefs: list[int]) -> set[int]:
        """Add a duty; returns its shortfall column."""
        program = self.program
        if kind == "floor":
            shortfall = [c for c in columns if self._family(c).endswith(".short")]
            self.facts["floor"].append([int(program.low[row])])
            used = [c for c in columns if c not in shortfall]
            self._sessions_use("floor", used)
            return set(shortfall)
        entries = dict(zip(columns, coefs, strict=True))
        (shortfall_,) = (c for c in columns if self.weight[c])
        due, missing, weight = entries.pop(shortfall_), int(program.low[row]), int(self.weight[shortfall_])
        offers = [c - self.first for c in entries if self.first <= c < self.first + self.n]
        if kind in {"coverage", "deadline"} and missing == due == 1 and len(offers) == len(entries):
            for offer in offers:
                self.offers.meets[offer].append(len(self.facts["due"]))
            self.facts["due"].append([int(program.owner[shortfall_]), weight])
        elif kind == "hours" and missing % 1000 == 0:
            self._hours(entries, due, missing // 1000, weight)
        else:
            raise NotModelledError(f"duty {kind}")
        return {shortfall_}

    def _hours(self, entries: dict[int, int], due: int, missing: int, weight: int) -> None:
        number, room, price = len(self.facts["hours"]), 0, 0
        for column, coef in entries.items():
            if self.first <= column < self.first + self.n:
                offer = column - self.first
                if self.offers.account.setdefault(offer, number) != number:
                    raise NotModelledError("an attendance that counts toward hours twice")
                self.offers.hours[offer] = coef // 1000
            elif self._family(column).endswith(".study"):
                room, price = int(self.program.upper[column]), int(self.price[column])
            else:
                raise NotModelledError(f"hours by {self._family(column)}")
        self.facts["hours"].append([due, missing, room, weight, price])

    def _family(self, column: int) -> str:
        return self.names[int(self.program.column_family[column])]

    def _need(self, columns: list[int]) -> None:
        met = next(c for c in columns if self._family(c) == "need.met")
        for offer in self._attends([c for c in columns if c != met]):
            self.offers.serves[offer].append(len(self.facts["need"]))
        self.facts["need"].append([int(self.program.owner[met]), int(self.points[met])])

    def _single_needs(self) -> None:
        for offer in np.flatnonzero(self.points[self.model.attend]).tolist():
            self.offers.serves[offer].append(len(self.facts["need"]))
            self.facts["need"].append([int(self.candidates.cadre[offer]), int(self.points[self.first + offer])])

    def _lost(self, seen: set[int]) -> None:
        """Duties that nothing can meet count too, though no row says so."""
        for column in np.flatnonzero(self.weight).tolist():
            if column not in seen and self.program.lower[column]:
                lost = int(self.weight[column] * self.program.lower[column])
                self.facts["due"].append([int(self.program.owner[column]), lost])

    def _sessions(self) -> list[list[Any]]:
        sessions = self.candidates.sessions
        opened = self.model.open
        once = np.where(opened == self.model.classes, 0, self.price[opened])
        return [
            [
                int(sessions.min_size[s]), int(sessions.max_size[s]), int(sessions.max_classes[s]),
                int(self.price[self.model.classes[s]]), int(once[s]), self.nights[s],
            ]
            for s in range(len(sessions.ids))
        ]

    def _offer_rows(self) -> list[list[Any]]:
        """Each: number, cadre, session, year, yuan, useful, comfort, fraction, hours, account, and its lists."""
        o, candidates = self.offers, self.candidates
        wished = self._wished()
        return [
            [
                i, int(candidates.cadre[i]), int(candidates.session[i]),
                int(candidates.sessions.year[candidates.session[i]]), int(self.price[self.first + i]),
                int(self.model.useful[i]), int(self.comfort[self.first + i]) - wished.get(i, 0), o.fraction.get(i, 0),
                o.hours.get(i, 0), o.account.get(i, -1), sorted(o.clashes[i] - {i}), o.after[i], o.unit_days[i],
                o.groups[i], o.meets[i], o.serves[i],
            ]
            for i in range(self.n) if i not in o.barred
        ]

    def _wished(self) -> dict[int, int]:
        """What granting a wish spares, by offer."""
        table, candidates = self.candidates.scenario["commitments"], self.candidates
        wished = {(c.cadre, c.session) for c in table if c.kind in {"wish", "published"} and c.cadre and c.session}
        if any(c.kind == "published" for c in table):
            raise NotModelledError("published places")
        weight = candidates.scenario.policy.comfort.wish
        ids, names = candidates.cadres.ids, candidates.sessions.ids
        pairs = enumerate(zip(candidates.cadre.tolist(), candidates.session.tolist(), strict=True))
        return {i: weight for i, (c, s) in pairs if (ids[c], names[s]) in wished}
