"""A child ends with its parent, also when the parent was gone before the child had begun."""

from __future__ import annotations

import os
import subprocess
import sys

_CHILD = (
    "import sys, time; from center.processes import die_with_parent; die_with_parent(int(sys.argv[1])); time.sleep(60)"
)


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    child = subprocess.run([sys.executable, "-c", _CHILD, str(gone.pid)], timeout=30, check=False)
    assert child.returncode == -9


def test_a_child_whose_parent_lives_goes_on() -> None:
    child = subprocess.Popen([sys.executable, "-c", _CHILD.replace("60", "0"), str(os.getpid())])
    assert child.wait(30) == 0
