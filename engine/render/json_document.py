"""The document as JSON, for programs: the contract itself, byte for byte the same for the same document."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engine.diagnosis.document import Diagnosis


def render(document: Diagnosis) -> str:
    """The document as JSON, indented by two, with a final line feed."""
    return "".join(parts(document))


def parts(document: Diagnosis) -> Iterator[str]:
    """The same, piece by piece: the document of a scan has hundreds of megabytes, which need not be held as a whole."""
    before = "{"
    for field in document.__struct_fields__:
        value = getattr(document, field)
        yield f'{before}\n  "{field}": '
        if isinstance(value, list) and value:
            yield from _items(value)
        else:
            yield _json(value, "\n  ")
        before = ","
    yield "\n}\n"


def _items(values: list[object]) -> Iterator[str]:
    before = "["
    for value in values:
        yield f"{before}\n    "
        yield _json(value, "\n    ")
        before = ","
    yield "\n  ]"


def _json(value: object, line: str) -> str:
    """One value, each further line of it behind `line`."""
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A file name whose bytes are not UTF-8 reaches us as lone surrogates, which JSON cannot carry.
        encoded = msgspec.json.encode(_encodable(msgspec.to_builtins(value)))
    # No text of JSON holds a line feed as it is, so each of them is between values.
    return msgspec.json.format(encoded, indent=2).decode().replace("\n", line)


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return value
