"""Locks name exact versions and hashes and no address, so that any mirror of a registry serves them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, project_files

LOCKS = [Path("requirements/run.txt"), Path("requirements/dev.txt"), Path("package-lock.json")]

# Put together here, or this file would name them too.
_REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = re.compile(rb"(?<![\w-])(?:" + "|".join(map(re.escape, _REGISTRY_HOSTS)).encode() + rb")(?![\w-])")
    found = [str(path) for path in project_files() if hosts.search((ROOT / path).read_bytes())]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_holds_no_address(lock: Path) -> None:
    assert re.findall(r"https?://\S+", (ROOT / lock).read_text()) == []


@pytest.mark.parametrize("lock", LOCKS[:2], ids=str)
def test_every_python_package_is_pinned_with_hashes(lock: Path) -> None:
    logical_lines = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
    requirements = [line for line in logical_lines if line.strip() and not line.lstrip().startswith("#")]
    assert len(requirements) > 20
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


def test_every_browser_package_is_pinned_with_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert fetched
    assert [name for name, package in fetched.items() if not package.get("integrity", "").startswith("sha512-")] == []


def test_the_browser_lock_is_of_this_package_json() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert locked.get(kind, {}) == wanted.get(kind, {})


def test_every_dependency_has_its_licence_in_the_table() -> None:
    text = (ROOT / "docs/dependencies.md").read_text()
    listed = {name.lower() for name in re.findall(r"^\| ([\w.@/-]+) \|", text, flags=re.MULTILINE)}
    declared = re.findall(r"^  \"([\w.-]+)(?:\[\w+\])?>=", (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    browser = json.loads((ROOT / "package.json").read_text())
    wanted = {*map(str.lower, declared), *browser["dependencies"], *browser["devDependencies"]}
    assert sorted(wanted - listed) == []
