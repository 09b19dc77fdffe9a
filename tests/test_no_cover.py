"""Under ``no_cover`` nothing is traced, in one process or in several; afterwards it goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CASES = '''
import sys
import pytest

@pytest.mark.no_cover
def test_nothing_is_traced():
    assert sys.gettrace() is None

@pytest.mark.skipif(sys.version_info >= (3, 14), reason="coverage no longer traces there")
def test_afterwards_it_goes_on():
    assert sys.gettrace() is not None
    import measured
    measured.double(2)
'''


@pytest.mark.parametrize("processes", [[], ["-n", "1"]], ids=["one", "more"])
def test_marked_tests_are_not_measured_and_later_ones_are(root: Path, tmp_path: Path, processes: list[str]) -> None:
    (tmp_path / "conftest.py").write_bytes((root / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_some.py").write_text(CASES)
    (tmp_path / "measured.py").write_text("def double(x):\n    return 2 * x\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    (tmp_path / ".coveragerc").write_text("[run]\nbranch = true\nsource_pkgs = measured\npatch = subprocess\n")
    options = ["-q", "-p", "no:cacheprovider", "--cov", "--cov-config=.coveragerc", "--cov-fail-under=100", *processes]
    outer = ("COV", "PYTEST_")  # what measures this run is not to measure that one
    environment = {name: value for name, value in os.environ.items() if not name.startswith(outer)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
