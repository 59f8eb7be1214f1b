"""`show version` of the labelled corpus: every file parses, and its release is the labelled one.

The corpus is not part of the project; IPSECDX_CORPUS names its directory.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from engine.evidence.source import Section, Source
from engine.facts import Version
from engine.parsers.show_version import parse

_ROOT = os.environ.get("IPSECDX_CORPUS", "")
CORPUS = Path(_ROOT)
pytestmark = pytest.mark.skipif(not _ROOT, reason="IPSECDX_CORPUS is not set")

# Labels that the file itself contradicts: end of the file name, (os, version) that is printed, why.
WRONG_LABELS = {
    "iosxe_mock_data_isr.yaml__y1.txt": (
        "ios-xe",
        "3.9.1S",
        "the line `IOS XE Version: 03.09.01.S` prints the XE release",
    ),
    "cisco_ios_show_version2.raw": (
        "ios-xe",
        "3.9.1S",
        "the line `IOS XE Version: 03.09.01.S` prints the XE release",
    ),
    "cheetah_tests_ShowVersion_cli_equal_golden_1_output.txt": (
        "other",
        "17.15.0.10",
        "labelled with its U-Boot version",
    ),
    "ShowVersion_golden_wireless_ap_1_output.txt": ("other", "17.12.0.78", "labelled with a colon"),
    "iosxr_mock_reload.yaml__y1.txt": ("ios-xr", "5.3.1.20I", "labelled with its ROMMON version"),
    "ios_iol_mock_data.yaml__y1.txt": (
        "ios-xe",
        None,
        "17.1 with a release name in brackets is built from IOS XE",
    ),
}


def _labels() -> list[dict[str, str]]:
    if not _ROOT:
        return []
    with (CORPUS / "labels_versions.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


LABELS = _labels()


def _version(file: str) -> Version:
    source = Source(file, (CORPUS / "show_version" / file).read_bytes())
    facts = parse(Section(source, "show version", 1, source.line_count, closed=True))
    return next(fact for fact in facts if isinstance(fact, Version))


def _expected(label: dict[str, str]) -> tuple[str, str | None]:
    """Os and normalised version; None for builds that are no release."""
    for end, (os_name, version, _) in WRONG_LABELS.items():
        if label["file"].endswith(end):
            return os_name, version
    text = label["version_normalised"]
    no_release = "xperimental" in text or "NIGHTLY" in text
    return label["os_family"].lower(), None if no_release else text


def test_the_corpus_is_there_whole() -> None:
    files = {path.name for path in (CORPUS / "show_version").iterdir()}
    assert {label["file"] for label in LABELS} == files
    for end in WRONG_LABELS:
        assert sum(file.endswith(end) for file in files) == 1, end


@pytest.mark.parametrize("label", LABELS, ids=[label["file"][-60:] for label in LABELS])
def test_the_version_is_the_labelled_one(label: dict[str, str]) -> None:
    fact = _version(label["file"])
    os_name, version = _expected(label)
    assert fact.os == os_name
    if os_name in {"ios", "ios-xe"}:
        assert fact.release == version
    else:
        assert (fact.release, fact.printed) == (None, version)


@pytest.mark.parametrize("label", LABELS, ids=[label["file"][-60:] for label in LABELS])
def test_the_platform_is_the_labelled_one(label: dict[str, str]) -> None:
    # Where the label has only an image name, the labeller saw no hardware line.
    if label["os_family"] in {"IOS", "IOS-XE"} and not label["model"].startswith("image:"):
        assert _version(label["file"]).platform == label["model"]
