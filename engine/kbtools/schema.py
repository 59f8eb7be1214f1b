"""JSON Schema of the files of a knowledge base, for editors and other programs. Made from the types themselves."""

from __future__ import annotations

from typing import Any

import msgspec

from engine.knowledge.asides import EemTemplate, Plan, Symptom, Topic
from engine.knowledge.model import (
    Condition,
    Hypothesis,
    Matrix,
    MoreReleases,
    Ranking,
    Remedy,
    SeedStatement,
    SourceDocument,
    Summary,
    Table,
)
from engine.knowledge.written import Text

# By pattern of the path below kb/: what the whole file is.
FILES: dict[str, Any] = {
    r"^(bugs|causes|findings)/[^/]+/rule\.yaml$": Hypothesis,
    r"^bugs/[^/]+/releases\.yaml$": MoreReleases,
    r"^conditions/[^/]+\.yaml$": dict[str, Condition],
    r"^tables/[^/]+\.yaml$": dict[str, Table],
    r"^remedies/[^/]+\.yaml$": dict[str, Remedy],
    r"^matrix\.yaml$": Matrix,
    r"^summary\.yaml$": Summary,
    r"^ranking\.yaml$": Ranking,
    r"^sources\.yaml$": dict[str, SourceDocument],
    r"^seed\.yaml$": dict[str, SeedStatement],
    r"^symptoms\.yaml$": dict[str, Symptom],
    r"^interview\.yaml$": dict[str, Topic],
    r"^plan\.yaml$": Plan,
    r"^eem/[^/]+\.yaml$": EemTemplate,
    r"^(words|texts|problems)\.yaml$": dict[str, Text],
}


def schema() -> dict[str, Any]:
    """One schema for all files: an object by path, each checked by the pattern that its path has."""
    schemas, components = msgspec.json.schema_components(FILES.values(), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ipsecdx knowledge base, file by file",
        "type": "object",
        "patternProperties": dict(zip(FILES, schemas, strict=True)),
        "$defs": components,
    }
