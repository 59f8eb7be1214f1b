"""Two kinds of test that do not always run: `slow` ones, and those that need durable_rules on this Python."""

from __future__ import annotations

import pytest

from engine.inference.durable_backend import DurableUnavailable, _library


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes minutes; runs only with `-m slow`")
    config.addinivalue_line("markers", "durable: needs durable_rules; skipped where it does not load")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow = "slow" in str(config.getoption("markexpr"))
    for item in items:
        if item.get_closest_marker("slow") and not slow:
            item.add_marker(pytest.mark.skip(reason="slow: run with -m slow"))
        if item.get_closest_marker("durable") and (reason := _missing()):
            item.add_marker(pytest.mark.skip(reason=reason))


def _missing() -> str:
    try:
        _library()
    except DurableUnavailable as error:
        return str(error)
    return ""
