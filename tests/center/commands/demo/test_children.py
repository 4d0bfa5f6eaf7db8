"""A demo's programs: one that ends before it is up is told of with its log, and all end with the demo."""

from __future__ import annotations

from pathlib import Path

import pytest

from center.commands.demo.children import Children
from center.errors import StorageFault


def test_a_program_that_ends_too_early_is_told_of_with_its_status_and_its_log(tmp_path: Path) -> None:
    children = Children(tmp_path)
    children.spawn("lost", ["no_such_program_of_ours"])
    with pytest.raises(StorageFault, match=r"ended with status 1: (?s:.*)lost\.log(?s:.*)No module named"):
        children.wait_for("it", lambda: False)
    children.end()


def test_what_is_up_is_not_waited_for_and_ends_with_the_demo(tmp_path: Path) -> None:
    children = Children(tmp_path)
    child = children.spawn("server", ["http.server", "0", "--bind", "127.0.0.1"])
    children.wait_for("the server", lambda: child.poll() is None)
    assert list(children) == [child]
    children.end()
    assert child.returncode is not None
