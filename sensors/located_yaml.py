"""YAML that knows its lines, read without YAML 1.1's surprises, so that every mistake can be shown where it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar, Final

import yaml

_STEP: Final = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")


class BadYaml(ValueError):
    """A file that is no mapping in YAML; the text names file and line."""


class _Loader(yaml.SafeLoader):
    """Without YAML 1.1's surprises: a time such as 1:2:3 is a text, and so is ``no``."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}  # type: ignore[misc]


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?[0-9]+", "-0123456789"),
    ("null", r"null|~|", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), list(_first))


class LocatedYaml:
    """A file's document, and the line of every place in it."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`BadYaml`, also for a key that is there twice."""
        self._root = _parse(path)
        constructor = _Loader("")
        try:
            self.document: Any = constructor.construct_document(self._root)
        except yaml.MarkedYAMLError as error:
            raise _refusal(path, error) from error
        finally:
            constructor.dispose()

    def find(self, place: str) -> tuple[int, str | None]:
        """Line of a place such as ``.devices[0].key``, or of the nearest one around it; its value if that is plain."""
        node = self._root
        for name, index in _STEP.findall(place):
            if isinstance(node, yaml.MappingNode):
                found = next((value for key, value in node.value if key.value == name), None)
            elif isinstance(node, yaml.SequenceNode) and index:
                found = node.value[int(index)]
            else:
                found = None
            if found is None:
                break
            node = found
        return node.start_mark.line + 1, node.value if isinstance(node, yaml.ScalarNode) else None


def _parse(path: Path) -> yaml.Node:
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=_Loader)
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader)):
            raise BadYaml(f"{path}: aliases (*name) have no place here")
    except (OSError, UnicodeDecodeError) as error:
        raise BadYaml(f"{path}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        raise _refusal(path, error) from error
    except yaml.YAMLError as error:
        raise BadYaml(f"{path}: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise BadYaml(f"{path}:1: holds no mapping")
    _refuse_doubles(path, root)
    return root


def _refusal(path: Path, error: yaml.MarkedYAMLError) -> BadYaml:
    line = error.problem_mark.line + 1 if error.problem_mark else 1
    return BadYaml(f"{path}:{line}: {error.problem}")


def _refuse_doubles(path: Path, node: yaml.Node) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_doubles(path, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise BadYaml(f"{path}:{line}: a key is a plain word")
            if key.value in seen:
                raise BadYaml(f"{path}:{line}: {key.value!r} is there more than once")
            seen.add(key.value)
            _refuse_doubles(path, value)
