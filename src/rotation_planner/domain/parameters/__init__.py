"""Parameters of the rules, by family. All are read from ``rotation_planner.domain.policy``."""
