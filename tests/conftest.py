"""What all tests share: reproducible property tests, no silent skip where none is allowed, who runs beside whom."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "project",
    deadline=None,  # two busy cores say nothing about a single example
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")

NO_SKIP = os.environ.get("ROTATION_PLANNER_NO_SKIP") == "1"
ROOT = Path(__file__).resolve().parent.parent


def _as_failure(report: Any) -> None:
    """Turn a skip into a failure that keeps its reason."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"skipping is not allowed in this run (ROTATION_PLANNER_NO_SKIP=1): {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Refuse skipped tests where the environment says so."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        _as_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """Refuse skipped files where the environment says so."""
    report = yield
    if NO_SKIP and report.skipped:
        _as_failure(report)
    return report


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Trace nothing under ``no_cover``.

    pytest-cov pauses its own measurement; in a parallel run the one that coverage starts in every child would go on.
    """
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file in one process, so that what its tests share is made once; what looks at the clock is one group."""
    for item in items:
        clock = item.get_closest_marker("clock") is not None
        item.add_marker(pytest.mark.xdist_group("clock" if clock else item.path.stem))


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the source tree."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of reference data that is not part of the project (``ROTATION_PLANNER_DATA``)."""
    folder = os.environ.get("ROTATION_PLANNER_DATA")
    if not folder:
        pytest.skip("ROTATION_PLANNER_DATA names no folder of reference data")
    path = Path(folder)
    assert path.is_dir(), f"ROTATION_PLANNER_DATA names a folder that is not there: {path}"
    return path
