"""Rule data as YAML, read strictly: a mistake is named by file, line, value and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NoReturn

import yaml

from center.errors import BadRuleData

_DECIMAL: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands."""

    file: str
    line: int

    def refuse(self, sentence: str) -> NoReturn:
        """Raise :class:`BadRuleData` about this place."""
        raise BadRuleData(f"{self.file}:{self.line}: {sentence}")


class Value:
    """One YAML node with typed, strict access; a mapping's fields must all be taken before ``finish``."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.place = Place(file, node.start_mark.line + 1)
        self._node = node
        self._fields: dict[str, Value] | None = None

    def fields(self, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Value]:
        """The fields of a mapping; refuses doubles, unknown and missing names."""
        if not isinstance(self._node, yaml.MappingNode):
            self.place.refuse(f"{self.text()!r} stands where a mapping is needed")
        allowed = list(allowed)
        found: dict[str, Value] = {}
        for key_node, value_node in self._node.value:
            key = Value(key_node, self.place.file)
            name = key.text()
            if name in found:
                key.place.refuse(f"{name!r} stands twice")
            if name not in allowed:
                key.place.refuse(f"{name!r} is not known here; allowed are {', '.join(allowed)}")
            found[name] = Value(value_node, self.place.file)
        for name in required:
            if name not in found:
                self.place.refuse(f"{name!r} is missing")
        return found

    def items(self) -> list[Value]:
        """The entries of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            self.place.refuse(f"{self.text()!r} stands where a list is needed")
        return [Value(node, self.place.file) for node in self._node.value]

    def names(self) -> list[str]:
        """The keys of a mapping, in their order."""
        if not isinstance(self._node, yaml.MappingNode):
            self.place.refuse(f"{self.text()!r} stands where a mapping is needed")
        return [Value(key, self.place.file).text() for key, _ in self._node.value]

    def text(self, allowed: Iterable[str] | None = None) -> str:
        """A scalar as text, one of ``allowed`` if given."""
        if not isinstance(self._node, yaml.ScalarNode):
            return f"a {self._shape()}" if allowed is None else self.place.refuse(f"a {self._shape()} is no word")
        word: str = self._node.value
        if allowed is not None and word not in (choices := list(allowed)):
            self.place.refuse(f"{word!r} is not allowed; allowed are {', '.join(choices)}")
        return word

    def number(self, at_least: float = 0.0, at_most: float = 1e6) -> float:
        """A number within bounds."""
        plain = self._plain()
        if isinstance(plain, bool) or not isinstance(plain, int | float):
            self.place.refuse(f"{self.text()!r} is no number")
        if not at_least <= plain <= at_most:
            self.place.refuse(f"{plain!r} is not between {at_least:g} and {at_most:g}")
        return float(plain)

    def integer(self, at_least: int = 0, at_most: int = 10_000) -> int:
        """A whole number within bounds."""
        number = self.number(at_least, at_most)
        if number != int(number):
            self.place.refuse(f"{self.text()!r} is no whole number")
        return int(number)

    def decimal(self, at_most: int = 1_000_000) -> Decimal:
        """A number from 0 to a bound, exactly as it is written."""
        written = self.text()
        if not isinstance(self._node, yaml.ScalarNode) or _DECIMAL.fullmatch(written) is None:
            self.place.refuse(f"{written!r} is no decimal number")
        number = Decimal(written)
        if number > at_most:
            self.place.refuse(f"{written} is not between 0 and {at_most}")
        return number

    def boolean(self) -> bool:
        """true or false."""
        plain = self._plain()
        if not isinstance(plain, bool):
            self.place.refuse(f"{self.text()!r} is neither true nor false")
        return plain

    def day(self) -> date:
        """A calendar date, written YYYY-MM-DD."""
        plain = self._plain()
        if not isinstance(plain, date):
            self.place.refuse(f"{self.text()!r} is no date; write YYYY-MM-DD")
        return plain

    def _shape(self) -> str:
        return "list" if isinstance(self._node, yaml.SequenceNode) else "mapping"

    def _plain(self) -> object:
        if not isinstance(self._node, yaml.ScalarNode):
            self.place.refuse(f"a {self._shape()} stands where a single value is needed")
        return yaml.SafeLoader("").construct_object(self._node)


def read(path: Path) -> Value:
    """Read one document; raises :class:`BadRuleData` naming file and line."""
    try:
        return parse(path.read_bytes(), path.name)
    except OSError as error:
        raise BadRuleData(f"{path}: cannot be read: {error.strerror}") from error


def parse(data: bytes, file: str) -> Value:
    """Read one document from bytes; ``file`` is what messages call it."""
    try:
        node = yaml.compose(data.decode("utf-8"), Loader=yaml.CSafeLoader)
    except UnicodeDecodeError as error:
        raise BadRuleData(f"{file}: byte {error.start} is not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRuleData(f"{file}:{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BadRuleData(f"{file}: {error}") from error
    if node is None:
        raise BadRuleData(f"{file}:1: the file is empty")
    return Value(node, file)
