"""What tests count is said at the end of the run, where nobody captures it, also by `make test` with its processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HUIS = Path(__file__).parents[1]
PROEF = """
from tests.conftest import pytest_terminal_summary, tell

def test_it_counts(tell):
    tell("one: 5%")

def test_it_counts_and_fails(tell):
    tell("two: 3%")
    assert False
"""


@pytest.mark.parametrize("processen", ["0", "2"])
def test_what_a_test_tells_is_said_at_the_end(tmp_path: Path, processen: str) -> None:
    (tmp_path / "test_proef.py").write_text(PROEF, encoding="utf-8")
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_terminal_summary", encoding="utf-8")
    opdracht = [sys.executable, "-m", "pytest", "-q", "-n", processen, "--rootdir", str(tmp_path), str(tmp_path)]
    omgeving = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HUIS), str(HUIS / "tests")])}
    uitkomst = subprocess.run(opdracht, cwd=tmp_path, env=omgeving, capture_output=True, text=True, check=False)
    regels = uitkomst.stdout.splitlines()
    begin = next(n for n, regel in enumerate(regels) if "what was counted" in regel)
    assert regels[begin + 1 : begin + 3] == ["one: 5%", "two: 3%"]
