"""Joining a Ray cluster, or making one of this machine; whatever is in the way is told as a fault of the input."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from rotation_planner.domain.errors import Defect, InputError
from rotation_planner.partition.alike import differences, machine

logger = logging.getLogger(__name__)
LOCAL = "local"
"""Address that means: a cluster of this machine alone, for this run."""
AUTO = "auto"
"""Address that means: the cluster that this machine is a part of."""
SOON = {"RAY_NUM_REDIS_GET_RETRIES": "3"}
"""Environment in which Ray gives up within a minute when a cluster is there and does not let it in."""
LOOPBACK = "127.0.0.2"
"""Where a cluster of this machine talks to itself; 127.0.0.1 is what Ray takes for the address in the network."""
REACH_S = 10.0
"""Seconds in which the first machine must answer."""
ANSWER_S = 120.0
"""Seconds in which every machine must have started a process and answered."""
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
"""Environment in which Ray neither reports its use to its makers nor warns of what is to come."""


def ray_module(address: str) -> Any:
    """The package Ray.

    Raises
    ------
    InputError
        If it is not installed.
    """
    for name, value in (QUIET if address == LOCAL else QUIET | SOON).items():
        os.environ.setdefault(name, value)
    try:
        with _own_signals():
            import ray
            import ray.exceptions
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise _refused(
            address, "A cluster needs the package Ray, which is not installed.",
            "Run: pip install 'rotation-planner[ray]'.",
        ) from error
    return ray


def join(ray: Any, address: str, processors: int | None) -> Callable[[], None]:
    """Connect to a cluster, or make one of this machine; what comes back leaves it.

    Parameters
    ----------
    processors : int or None
        Of a cluster of this machine; None: all.

    Raises
    ------
    InputError
        If there is no such cluster, or a machine of it cannot work for this one.
    """
    _reach(address)
    if ray.is_initialized():
        raise _refused(address, "This program is connected to a cluster already.", "Call ray.shutdown() first.")
    own: dict[str, Any] = {}
    if address == LOCAL:
        own = {"num_cpus": processors, "include_dashboard": False}
        if sys.platform == "linux":
            own["_node_ip_address"] = LOOPBACK
    try:
        with _own_signals():
            ray.init(
                address=address, log_to_driver=False, logging_level="critical",
                runtime_env={"env_vars": {"OMP_NUM_THREADS": "1", **_path()}}, **own,
            )
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        said = " ".join(str(error).split())
        raise _refused(
            address, f"The cluster cannot be joined ({said}).",
            "Start it (ray start --head), give its address as HOST:PORT, and have the same versions of Python and "
            "Ray and the same token (RAY_AUTH_MODE=token, RAY_AUTH_TOKEN_PATH) on every machine.",
        ) from error
    with ExitStack() as leaving:
        leaving.callback(_to_log(ray))
        leaving.callback(ray.shutdown)
        _examine(ray, address)
        return leaving.pop_all().close


def _reach(address: str) -> None:
    """Refuse an address that nobody listens at; Ray would try for minutes."""
    found = os.environ.get("RAY_ADDRESS", "") if address == AUTO else address
    if address == LOCAL or not found:
        return
    host, _, port = found.rpartition(":")
    if "/" in found or not host or not port.isdecimal():
        raise _refused(
            address, "It is not an address of a cluster.",
            "Give auto, local or HOST:PORT, and run on a machine of the cluster.",
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_S).close()
    except (OSError, OverflowError) as error:
        raise _refused(
            address, f"Nobody answers there ({error}).", "Start the cluster first: ray start --head --port=PORT."
        ) from error


def _examine(ray: Any, address: str) -> None:
    """Refuse a cluster with machines that cannot work for this one."""
    pinned = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
    ask = ray.remote(num_cpus=0, max_retries=3)(machine)
    nodes = {
        node["NodeID"]: f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})"
        for node in ray.nodes() if node["Alive"]
    }
    asked = time.time()
    answers = {
        node: ask.options(scheduling_strategy=pinned(node_id=node, soft=False), name="machine").remote()
        for node in nodes
    }
    wrong = []
    for node, answer in answers.items():
        try:
            faults = differences(ray.get(answer, timeout=ANSWER_S), asked)
        except ray.exceptions.RayError as error:
            last = str(error).strip().splitlines()[-1]
            faults = [f"it cannot run rotation-planner ({type(error).__name__}: {last})"]
        wrong += [f"{nodes[node]}: {fault}" for fault in faults]
    if wrong:
        raise _refused(
            address, f"Machines of the cluster cannot be used: {'; '.join(wrong)}.",
            "Install the same version of rotation-planner everywhere and set clocks by NTP, or take them away "
            "(ray stop).",
        )


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray sets its own answer to SIGTERM, which would end the run without a plan; ours is put back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _to_log(ray: Any) -> Callable[[], None]:
    """Ray tells of lost nodes and tasks on standard output; that belongs in the log. What comes back undoes it."""
    inside = ray._private.worker
    before = inside.print_to_stdstream

    def tell(data: dict[str, Any], **_: Any) -> None:
        for message in data["lines"]:
            logger.warning("Ray: %s", message.strip().partition("\n")[0])

    inside.print_to_stdstream = tell

    def undo() -> None:
        inside.print_to_stdstream = before

    return undo


def _path() -> dict[str, str]:
    """Where this process looks for modules; a node of another machine has its own installation."""
    return {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}


def _refused(address: str, problem: str, mend: str) -> InputError:
    return InputError([Defect("cluster", "", None, "ray_address", address, problem, mend)])
