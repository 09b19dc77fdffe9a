"""Tasks on a Ray cluster: what all tasks need is put into its store once, and blocks stay there between visits."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Self

import ray

from rotation_planner.domain.errors import Defect, InputError

LOCAL = "local"
"""Address that means: a cluster of this machine alone, for this run."""
RETRIES = -1
"""Times that a task is done again when its node is lost: always."""


class OnRay:
    """As many tasks at once as the cluster has processors.

    A task is of one processor and depends on its arguments alone, so Ray does it again elsewhere when its node is
    lost; a block that was kept there is made again in the same way.

    Parameters
    ----------
    address : str
        Of the cluster (``auto``, ``ray://HOST:10001``, ``HOST:6379``), or ``local``.

    Raises
    ------
    InputError
        If no cluster answers there.
    """

    disk = False

    def __init__(self, address: str) -> None:
        # Nodes of one machine may be lost while drivers look at the dashboard; nothing of it is needed.
        try:
            ray.init(
                address=None if address == LOCAL else address, include_dashboard=False if address == LOCAL else None,
                log_to_driver=False, logging_level="error",
                runtime_env={"env_vars": {"OMP_NUM_THREADS": "1", **_path()}},
            )
        except (ConnectionError, ValueError) as error:
            problem = f"There is no Ray cluster that answers: {str(error).splitlines()[0]}"
            mend = "Start one (`ray start --head`), or give `local`."
            raise InputError([Defect("ray_address", "", None, "", address, problem, mend)]) from error
        self.workers = max(1, int(ray.cluster_resources().get("CPU", 1)))

    def keep(self, value: Any) -> Any:
        """Put a value into the store."""
        return ray.put(value)

    def every(self, task: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Do a task with each of some arguments. Of a pair the first part stays in the store."""
        pair = task.__name__ in PAIRS
        remote = ray.remote(num_cpus=1, max_retries=RETRIES, num_returns=2 if pair else 1)(task)
        running = [remote.remote(*given) for given in arguments]
        if not pair:
            return list(ray.get(running))
        return [(stored, ray.get(visit)) for stored, visit in running]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ray.shutdown()


PAIRS = {"begin", "restore"}
"""Tasks that hand back a block and what came of the visit."""


def _path() -> dict[str, str]:
    """Where this process looks for modules; a node of another machine has its own installation."""
    return {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
