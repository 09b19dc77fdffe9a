"""Who may attend what: the scenario as flat arrays."""

from rotation_planner.compile.candidates import REASONS, Cadres, Candidates, Sessions
from rotation_planner.compile.eligibility import compile_candidates

__all__ = ["REASONS", "Cadres", "Candidates", "Sessions", "compile_candidates"]
