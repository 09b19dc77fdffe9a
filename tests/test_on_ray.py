"""Blocks on Ray as far as it can be told without it: time that is left, what is called off, what is in the way."""

from __future__ import annotations

import pickle
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

import rotation_planner as rp
from rotation_planner.domain.plan import Provenance
from rotation_planner.engines import Options
from rotation_planner.partition import OnRay, Serial, Split, alike, allowance, on_ray, plan_in_parts
from rotation_planner.partition.alike import machine
from tests.stand_in_ray import RayTaskError, StandIn, TaskCancelledError, Waits, WorkerCrashedError


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A stand-in for Ray."""
    found = StandIn()
    use(monkeypatch, found)
    return found


def use(patch: pytest.MonkeyPatch, found: StandIn) -> None:
    patch.setitem(sys.modules, "ray", found)
    patch.setitem(sys.modules, "ray.exceptions", found.exceptions)


def begin(value: int, seconds: float | None = None) -> tuple[str, float | None]:
    return f"block {value}", seconds


def better(options: Options) -> float:
    return options.time_limit


def test_a_plan_comes_out_and_a_signal_costs_no_block(ray: StandIn) -> None:
    scenario = rp.generate("province", cadres=60, seed=5)
    made = []
    for executor in (OnRay("local", 2), Serial(2), Serial(2)):
        stop = threading.Event()
        if len(made) == 2:
            stop.set()
        with executor:
            made.append(plan_in_parts(
                scenario, Options(work_limit=0.01, seed=1), Split(10, 2), executor, Provenance(), lambda *_: None, stop
            ))
    for table in ("attendances", "opened", "study"):
        assert getattr(made[0].plan, table) == getattr(made[1].plan, table)
    assert rp.verify(scenario, made[2].plan).ok
    assert made[2].stopped == "interrupt"
    assert not ray.is_initialized()


def test_of_a_pair_the_block_stays_in_the_store(ray: StandIn) -> None:
    executor = OnRay("local", 2)
    pairs = executor.every(begin, [(1,), (2,)])
    assert [(stored.value, visit) for stored, visit in pairs] == [("block 1", None), ("block 2", None)]
    assert executor.every(abs, [(executor.keep(-4),), (-5,), (6,), (-7,), (8,)]) == [4, 5, 6, 7, 8]


def test_tasks_have_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1003.0)
    assert allowance.in_time(begin, 1003.0, 1, 7, 10.0) == ("block 7", 10.0)
    assert allowance.in_time(begin, 1003.0, 2, 7, 10.0) == ("block 7", 5.0)
    assert allowance.in_time(begin, 996.0, 2, 7, 10.0) == ("block 7", 3.0)
    assert allowance.in_time(begin, 900.0, 1, 7, 10.0) == ("block 7", 0.0)
    assert allowance.in_time(begin, 900.0, 1, 7, None) == ("block 7", None)
    options = Options(time_limit=10.0)
    assert allowance.in_time(better, 999.0, 1, options) == 6.0
    assert allowance.in_time(better, 999.0, 1, replace(options, work_limit=1.0)) == 10.0


def test_fewer_processors_share_the_time(ray: StandIn) -> None:
    executor = OnRay("local", 2)
    ray.processors = 1
    assert all(found <= 5.0 for found in executor.every(better, [(Options(time_limit=10.0),)] * 2))


def waits(value: int) -> int:
    if value < 0:
        raise Waits
    return value


@pytest.mark.parametrize("stubborn", [False, True])
def test_what_is_under_way_is_called_off(monkeypatch: pytest.MonkeyPatch, stubborn: bool) -> None:
    ray = StandIn(2, stubborn)
    use(monkeypatch, ray)
    monkeypatch.setattr(on_ray, "GRACE_S", 0.0)
    executor, stop = OnRay("local", 2), threading.Event()
    ray.refs.clear()
    stop.set()
    # Four are sent, for two processors; what is done counts, what was never sent is as good as called off.
    assert executor.every(waits, [(1,), (-1,), (2,), (-1,), (3,), (4,)], stop) == [1, None, 2, None, None, None]
    asked = [ref.asked for ref in ray.refs if ref.asked]
    assert asked == [[False, True] if stubborn else [False]] * 2


def fails(error: Callable[[], Exception]) -> int:
    raise error()


def test_errors_of_tasks_come_through(ray: StandIn) -> None:
    executor = OnRay("local", 2)
    with pytest.raises(ValueError, match="wrong"):
        executor.every(fails, [(lambda: ValueError("wrong"),)])
    with pytest.raises(WorkerCrashedError):
        executor.every(fails, [(WorkerCrashedError,)])


def test_a_task_that_was_called_off_may_say_so_itself(ray: StandIn) -> None:
    executor, stop = OnRay("local", 1), threading.Event()
    stop.set()
    given = [(lambda: RayTaskError(TaskCancelledError()),) for _ in range(3)]
    with pytest.raises(TaskCancelledError):
        executor.every(fails, given)
    assert executor.every(fails, [(Waits,), *given], stop) == [None] * 4


def test_an_error_is_the_same_after_its_way_from_another_process() -> None:
    error = rp.InputError([rp.Defect("code", "cadres", 3, "id", "x", "It is wrong.", "Mend it.")])
    again = pickle.loads(pickle.dumps(error))
    assert (again.defects, str(again)) == (error.defects, str(error))


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(rp.InputError, match=r"pip install 'rotation-planner\[ray\]'"):
        rp.solve(rp.generate("province", cadres=60, seed=5), engine="partitioned", ray_address="local")


def test_a_broken_ray_is_not_a_missing_one(monkeypatch: pytest.MonkeyPatch, ray: StandIn) -> None:
    monkeypatch.setitem(sys.modules, "ray.exceptions", None)
    with pytest.raises(ModuleNotFoundError):
        OnRay("local")


@pytest.mark.parametrize("address", ["ray://host:10001", "host", "host:", ":1", "host:port"])
def test_what_is_no_address_is_refused(ray: StandIn, address: str) -> None:
    with pytest.raises(rp.InputError, match="HOST:PORT"):
        OnRay(address)


def test_a_cluster_that_cannot_be_joined_is_told(ray: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(rp.InputError, match="Nobody answers there"):
            OnRay(address)
        monkeypatch.setenv("RAY_ADDRESS", address)
        with pytest.raises(rp.InputError, match="Nobody answers there"):
            OnRay("auto")
        closed.listen()
        OnRay(address)
        assert ray.initialised is not None
        assert ray.initialised["address"] == address
    with pytest.raises(rp.InputError, match="connected to a cluster already"):
        OnRay("local")
    ray.shutdown()
    ray.refused = RuntimeError("Version mismatch:\n Python 3.12")
    with pytest.raises(rp.InputError, match=r"joined \(Version mismatch: Python 3.12\)"):
        OnRay("local")


def test_machines_that_differ_are_named(ray: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def other() -> alike.Machine:
        return alike.Machine("another", 0.0)

    monkeypatch.setattr("rotation_planner.partition.joining.machine", other)
    with pytest.raises(rp.InputError, match=r"one \(127.0.0.2\): its rotation-planner is another version; .*clock"):
        OnRay("local")
    assert not ray.is_initialized()

    def broken() -> alike.Machine:
        raise WorkerCrashedError("trace\nNo module named rotation_planner")

    monkeypatch.setattr("rotation_planner.partition.joining.machine", broken)
    with pytest.raises(rp.InputError, match=r"cannot run .*No module named rotation_planner"):
        OnRay("local")
    assert alike.differences(machine(), time.time()) == []


def test_signals_are_answered_as_before(ray: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def init(**_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    before = signal.getsignal(signal.SIGTERM)
    with monkeypatch.context() as patch:
        patch.setattr(ray, "init", init)
        OnRay("local")
    assert signal.getsignal(signal.SIGTERM) is before
    thread = threading.Thread(target=OnRay, args=("local",))
    thread.start()
    thread.join()


def test_what_ray_tells_of_is_logged(ray: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    with OnRay("local"):
        ray._private.worker.print_to_stdstream({"lines": ["a node is lost\nits log"]}, ignore_prefix=False)
    assert caplog.messages == ["Ray: a node is lost"]
    assert ray._private.worker.print_to_stdstream is print
