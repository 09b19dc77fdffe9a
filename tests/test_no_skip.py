"""Where no skip is allowed, a skip fails; elsewhere it stays a skip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = '''
import pytest

def test_skips():
    pytest.skip("nothing to test with")

@pytest.mark.skip(reason="not today")
def test_marked():
    raise AssertionError

@pytest.mark.xfail(strict=True, reason="known")
def test_known_fault():
    assert False

def test_fine():
    pass
'''
WHOLE_FILE = 'import pytest\npytest.skip("no such program", allow_module_level=True)\n'


@pytest.mark.parametrize("processes", [[], ["-n", "2", "--dist", "loadgroup"]], ids=["one", "two"])
@pytest.mark.parametrize(
    ("no_skip", "code", "says"),
    [
        ("0", 0, ["1 passed", "3 skipped", "1 xfailed"]),
        ("1", 1, ["1 passed", "1 failed", "2 errors", "1 xfailed", "nothing to test with", "not today", "no such pro"]),
    ],
)
def test_skips_count_as_the_run_says(
    root: Path, tmp_path: Path, no_skip: str, code: int, says: list[str], processes: list[str]
) -> None:
    shutil.copy(root / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_some.py").write_text(CASES)
    (tmp_path / "test_file.py").write_text(WHOLE_FILE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    options = ["-ra", "-vv", "-p", "no:cacheprovider", "--continue-on-collection-errors", *processes]
    environment = os.environ | {"ROTATION_PLANNER_NO_SKIP": no_skip}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )
    assert done.returncode == code, done.stdout
    for words in says:
        assert words in done.stdout, done.stdout
