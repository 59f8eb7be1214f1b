"""YAML as knowledge is written in it: safe, and only `true` and `false` are booleans.

YAML 1.1 also takes yes, no, on and off, which are words of this rule language. What PyYAML composes is built into
plain data here: its own constructors take three times as long, and loading counts for every start.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

_STR = "tag:yaml.org,2002:str"
_MAP = "tag:yaml.org,2002:map"
_SEQ = "tag:yaml.org,2002:seq"
_BOOL = "tag:yaml.org,2002:bool"
_MERGE = "tag:yaml.org,2002:merge"
# More values than any real file has, aliases written out: an alias bomb is refused before anything walks it.
_MOST_VALUES = 500_000


class TooLargeError(ValueError):
    """A text has more values than any file of knowledge."""


@cache
def loader_class() -> Any:
    """PyYAML's loader for this language."""
    import yaml

    resolvers: dict[str, list[tuple[str, Any]]] = {
        first: [(tag, pattern) for tag, pattern in found if tag != _BOOL or first in "tTfF"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers = resolvers

        def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
            """PyYAML's own, without what this language has no use for: it is asked for every value."""
            if kind is not yaml.ScalarNode:
                return _SEQ if kind is yaml.SequenceNode else _MAP
            if implicit[0]:
                for tag, pattern in resolvers.get(value[:1], ()):
                    if pattern.match(value):
                        return tag
            return _STR

    return Loader


def read(text: str) -> tuple[Any, Any]:
    """(data, node tree) of a text; aliases are shared, merge keys merged.

    Raises:
        yaml.YAMLError: it is not YAML.
        ValueError: it is too large with its aliases written out, or a value cannot be read.
        RecursionError: it is nested too deep, or a value contains itself.
    """
    loader = loader_class()(text)
    try:
        node = loader.get_single_node()
        if "*" in text and _size(node, {}) > _MOST_VALUES:
            raise TooLargeError("it is too large with its aliases written out")
        return (None if node is None else _data(node, loader)), node
    finally:
        loader.dispose()


@lru_cache(maxsize=64)
def composed(text: str) -> Any:
    """The node tree of a text with line and column of every key and value, None where it is not YAML."""
    import yaml

    try:
        return read(text)[1]
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _data(node: Any, loader: Any) -> Any:
    tag = node.tag
    if tag == _STR:
        return node.value
    if tag == _MAP and node.id == "mapping":
        if any(key.tag == _MERGE for key, _ in node.value):
            loader.flatten_mapping(node)
        try:
            return {_data(key, loader): _data(value, loader) for key, value in node.value}
        except TypeError:  # a mapping or list as a key: let PyYAML say so
            return loader.construct_object(node, deep=True)
    if tag == _SEQ and node.id == "sequence":
        return [_data(item, loader) for item in node.value]
    return loader.construct_object(node, deep=True)


def _size(node: Any, known: dict[int, int]) -> int:
    """How many values a node has with its aliases written out.

    Raises:
        RecursionError: a value contains itself.
    """
    if node is None or node.id == "scalar":
        return 1
    if id(node) in known:
        if known[id(node)] == 0:
            raise RecursionError
        return known[id(node)]
    known[id(node)] = 0
    children = [child for pair in node.value for child in pair] if node.id == "mapping" else node.value
    known[id(node)] = 1 + sum(_size(child, known) for child in children)
    return known[id(node)]
