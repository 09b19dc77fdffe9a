"""Blocks on Ray: the same plan as in one process; a lost node costs time only."""

from __future__ import annotations

import threading

import pytest

import rotation_planner as rp
from rotation_planner.domain.plan import Provenance
from rotation_planner.engines import Options
from rotation_planner.partition import Executor, Serial, Split, plan_in_parts

pytestmark = pytest.mark.cluster


def plan(scenario: rp.Scenario, executor: Executor, at_once: int) -> rp.Plan:
    with executor:
        options, split = Options(work_limit=0.02, seed=3), Split(30, at_once)
        return plan_in_parts(
            scenario, options, split, executor, Provenance(), lambda *_: None, threading.Event()
        ).plan


@pytest.mark.timeout(600)
def test_a_cluster_makes_the_plan_of_one_process_though_a_node_is_lost() -> None:
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    from rotation_planner.partition.on_ray import OnRay

    scenario = rp.generate("province", cadres=60, seed=5)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    lost = cluster.add_node(num_cpus=1)
    executor = OnRay(cluster.address)
    assert executor.workers == 2
    timer = threading.Timer(12.0, cluster.remove_node, (lost,), {"allow_graceful": False})
    timer.start()
    try:
        found = plan(scenario, executor, 2)
    finally:
        timer.cancel()
        cluster.shutdown()
    expected = plan(scenario, Serial(), 2)
    for table in ("attendances", "opened", "study"):
        assert getattr(found, table) == getattr(expected, table)
