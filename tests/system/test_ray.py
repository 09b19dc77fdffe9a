"""Blocks on Ray: the same plan as in one process; a lost node costs time only, a signal ends all that is under way."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import rotation_planner as rp
from rotation_planner.domain.plan import Provenance
from rotation_planner.engines import Options
from rotation_planner.partition import Executor, OnRay, Serial, plan_in_parts
from rotation_planner.partition.rounds import Rounds
from rotation_planner.partition.run import OnStep
from tests.system.ray_driver import SEED, SPLIT, WORK, body, mark

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

HEAD, OTHER = "127.0.0.2", "127.0.0.3"
"""Addresses of this machine alone; Ray would take 127.0.0.1 for the one in the network."""


@pytest.fixture(scope="module", autouse=True)
def _apart() -> Iterator[None]:
    """Clusters made here have a folder and a token of their own; Ray reads the environment when it is imported."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # sockets have short paths
    (folder / "token").write_text(secrets.token_hex(32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", str(folder))
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN_PATH", str(folder / "token"))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        pytest.importorskip("ray", reason="scripts/system-needs installs it")
        yield
    shutil.rmtree(folder, ignore_errors=True)


def planned(executor: Executor, on_visit: OnStep = lambda *_: None) -> rp.Plan:
    options = Options(work_limit=WORK, seed=SEED)
    outcome = plan_in_parts(body(), options, SPLIT, executor, Provenance(), on_visit, threading.Event())
    assert len(outcome.seconds) == 6  # two blocks, each with a first plan and two visits
    return outcome.plan


@pytest.fixture(scope="module")
def expected() -> str:
    """The plan of one process."""
    return mark(planned(Serial(SPLIT.at_once)))


def until(there: Callable[[], Any], seconds: float = 60.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := there()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def below(pid: int) -> list[list[str]]:
    """Command lines of a process's descendants."""
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        try:
            found.append(process.cmdline())
        except psutil.Error:
            continue
    return found


def visiting(raylet: int) -> bool:
    """Whether a node visits a block, with the solver's process at work."""
    lines = below(raylet)
    return any(line[:1] == ["ray::better"] for line in lines) and any("engines.child" in " ".join(x) for x in lines)


def test_a_lost_node_costs_time_only(
    expected: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    import ray
    from ray.cluster_utils import Cluster
    from ray.experimental import get_object_locations

    one = {"num_cpus": 1, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=one | {"node_ip_address": HEAD})
    lost = cluster.add_node(**one, node_ip_address=OTHER)
    raylet = lost.all_processes["raylet"][0].process.pid
    blocks: list[Any] = []
    killed: list[list[Any]] = []

    def where() -> list[list[str]]:
        return [known["node_ids"] for known in get_object_locations(blocks).values()] if blocks else []

    def kill() -> None:
        until(lambda: [lost.node_id] in where() and visiting(raylet))
        killed.append([ref for ref, nodes in zip(blocks, where(), strict=True) if nodes == [lost.node_id]])
        cluster.remove_node(lost, allow_graceful=False)

    def keep(_: str, rounds: Rounds, __: tuple[int, ...]) -> None:
        if all(stored is not None for stored in rounds.stored):
            blocks[:] = rounds.stored

    killer = threading.Thread(target=kill)
    try:
        with OnRay(cluster.address) as executor:
            assert executor.workers == SPLIT.at_once
            killer.start()
            found = planned(executor, keep)
            assert len(killed) == 1
            assert killed[0], "it held a block"
            head = [node["NodeID"] for node in ray.nodes() if node["Alive"]]
            assert len(head) == 1
            assert all(known["node_ids"] == head for known in get_object_locations(killed[0]).values()), "made again"
    finally:
        killer.join()
        cluster.shutdown()
    assert mark(found) == expected
    assert capfd.readouterr().out == ""
    assert any("marked dead" in told or "will be retried" in told for told in caplog.messages)


def test_a_cluster_of_this_machine(expected: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.system.ray_driver", "local", "60", str(WORK)],
        capture_output=True, text=True, check=False, timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["work", expected]  # nothing else on standard output
    assert set(done.stderr.split()) == {"compile", "construct", "improve", "prices", "verify"}


@pytest.fixture
def address() -> Iterator[str]:
    """Two nodes, started as on two machines."""
    with socket.socket() as free:
        free.bind((HEAD, 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=1", "--disable-usage-stats"
    ]
    found = f"{HEAD}:{port}"
    started = []
    try:
        for more in (
            ["--head", f"--port={port}", f"--node-ip-address={HEAD}", "--include-dashboard=false"],
            [f"--address={found}", f"--node-ip-address={OTHER}"],
        ):
            node = subprocess.Popen(command + more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            started.append(node)
            assert node.stdout is not None
            said = ""
            while "Ray runtime started" not in said:
                line = node.stdout.readline()
                assert line, said
                said += line
        yield found
    finally:
        for node in reversed(started):
            node.terminate()
        for node in started:
            node.communicate(timeout=60)


def driver(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.system.ray_driver", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def tasks() -> list[int]:
    """Processes of this machine that do a task of the library for a cluster of this user."""
    done = ("gather", "weigh", "begin", "better", "sample", "guess", "price", "price_alone", "attended")
    names = {f"ray::{task}" for task in done}
    return [p.pid for p in psutil.process_iter(["cmdline"]) if (p.info["cmdline"] or [""])[0] in names]


def test_machines_joined_by_hand(address: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = driver(address, "60", str(WORK))
    out, errors = other.communicate(timeout=120)
    assert other.returncode == 0, errors
    assert out.split() == ["work", expected]
    # A signal, to the whole group as from a keyboard, ends what is under way at once, with the best plan so far.
    monkeypatch.setenv("RAY_ADDRESS", address)  # there may be clusters of others on this machine
    run = driver("auto", "200")
    assert run.stderr is not None
    until(lambda: run.stderr is not None and run.stderr.readline().strip() == "improve")
    until(tasks)
    begun = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert out.split()[0] == "interrupt"
    assert time.monotonic() - begun < 15
    until(lambda: not tasks(), 10)


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind((HEAD, 0))
        address = f"{HEAD}:{closed.getsockname()[1]}"
        with pytest.raises(rp.InputError, match="Nobody answers there"):
            OnRay(address)
        monkeypatch.setenv("RAY_ADDRESS", address)
        with pytest.raises(rp.InputError, match="ray start --head"):
            OnRay("auto")
