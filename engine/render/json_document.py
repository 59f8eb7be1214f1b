"""The document as JSON, for programs: the contract itself, byte for byte the same for the same document."""

from __future__ import annotations

import msgspec

from engine.diagnosis.document import Diagnosis


def render(document: Diagnosis) -> str:
    """The document as JSON, indented by two, with a final line feed."""
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:
        # A file name whose bytes are not UTF-8 reaches us as lone surrogates, which JSON cannot carry.
        encoded = msgspec.json.encode(_encodable(msgspec.to_builtins(document)))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return value
