"""The shape of the tree: what a newcomer may count on without looking."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, modules_of, project_files

MODULES = modules_of(*PACKAGES, "benchmarks")
SHAPELESS_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"}

# What these test is not one module: the whole tree, the whole path, a golden recording.
UNMIRRORED = {"architecture", "end_to_end", "recordings"}

# The one reconnect loop over paho, what feeds it, and files: what acts in messages. The purity contract lists the rest.
ACTING_MESSAGES = {
    "messages",
    "messages.asyncapi",
    "messages.broker",
    "messages.intake_log",
    "messages.lane",
    "messages.link",
    "messages.mcap_walk",
    "messages.outbox",
    "messages.outbox_segments",
    "messages.recording",
    "messages.steered_clock",
    "messages.transmitter",
}


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__main__.py"], ids=str)
def test_a_module_opens_with_a_docstring(path: Path) -> None:
    assert ast.get_docstring(ast.parse((ROOT / path).read_text()))


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=str)
def test_an_init_holds_a_docstring_and_nothing_else(path: Path) -> None:
    body = ast.parse((ROOT / path).read_text()).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in MODULES if "migrations" not in path.parts}
    assert sorted(str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()) == []


def test_no_module_is_named_for_having_no_name() -> None:
    assert [str(path) for path in MODULES if SHAPELESS_NAMES & {path.stem, *path.parts}] == []


def test_folders_of_tests_are_no_packages() -> None:
    assert [str(path) for path in project_files() if path.parts[0] == "tests" and path.name == "__init__.py"] == []


def _mirrored(path: Path) -> Path:
    """Where the module that a test file is named for would be."""
    inside = path.relative_to("tests")
    folder = Path("tests") / inside.parent if inside.parent in (Path(), Path("services")) else inside.parent
    return folder / path.name.removeprefix("test_")


def _has_module(path: Path) -> bool:
    """Whether ``test_ordering_by_age.py`` has its ``ordering_by_age``, ``ordering_by`` or ``ordering``."""
    module = _mirrored(path)
    words = module.stem.split("_")
    names = ["_".join(words[:count]) for count in range(len(words), 0, -1)]
    return any(
        (ROOT / module.parent / f"{name}.py").is_file() or (ROOT / module.parent / name).is_dir() for name in names
    )


def test_tests_mirror_the_tree() -> None:
    files = [path for path in modules_of("tests") if path.name.startswith("test_") and path.parts[1] not in UNMIRRORED]
    assert [str(path) for path in files if not _has_module(path)] == []


def _held_by(contract_id: str) -> set[str]:
    """The modules that an import contract of pyproject.toml speaks for."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(set(contract["source_modules"]) for contract in contracts if contract["id"] == contract_id)


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def test_every_module_of_the_wire_contract_that_does_not_act_is_held_to_it() -> None:
    modules = {_dotted(path) for path in modules_of("messages")}
    assert sorted(modules - ACTING_MESSAGES - _held_by("pure-messages")) == []


def test_the_simulated_car_is_held_to_its_purity() -> None:
    modules = {_dotted(path) for path in modules_of("simulators")}
    assert sorted(modules & {"simulators.car"} - _held_by("pure-twins")) == []


def test_every_module_of_the_centre_that_calls_itself_pure_is_held_to_it() -> None:
    held = _held_by("pure-scoring") | _held_by("pure-casework")
    pure = [_dotted(path) for path in modules_of("center") if _calls_itself_pure(path)]
    assert len(pure) > 40
    assert [name for name in pure if not any(name == one or name.startswith(f"{one}.") for one in held)] == []


def _calls_itself_pure(path: Path) -> bool:
    said = ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""
    return re.search(r"\bPure\b", said) is not None
