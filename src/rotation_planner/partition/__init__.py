"""Bodies too large for one program: blocks of cadres that share seats and money, planned one by one or at once."""

from rotation_planner.partition.executors import Executor, Processes, Serial
from rotation_planner.partition.on_ray import OnRay
from rotation_planner.partition.run import Outcome, Split, plan_in_parts

__all__ = ["Executor", "OnRay", "Outcome", "Processes", "Serial", "Split", "plan_in_parts"]
