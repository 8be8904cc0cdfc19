"""The fake's test driver answers random sequences of calls exactly as libvirt's does."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.machine.families import FAMILIES
from tests.machine.hunt import Hunt
from tests.machine.side import makers

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = "all at once"


@pytest.fixture(autouse=True)
def default_handler() -> Iterator[None]:
    """Let each module print its errors again."""
    yield
    for name in ("libvirt", "virtkit.fake"):
        import_module(name).registerErrorHandler(None, None)


@pytest.mark.timeout(0)  # the time is the option's
@pytest.mark.parametrize("name", [*FAMILIES, ALL])
def test_the_fake_is_the_test_driver(name: str, request: pytest.FixtureRequest) -> None:
    """Answers, errors, events in their order, and what is known of every object afterwards."""
    libvirt: Any = pytest.importorskip("libvirt", reason="libvirt-python is not installed")
    seconds = request.config.getoption("--machine-time") / (len(FAMILIES) + 1)
    families = list(FAMILIES.values()) if name == ALL else [FAMILIES[name]]
    hunt = Hunt(makers(libvirt, import_module("virtkit.fake")), families)
    hunt.run(seconds, stop_at_first=True)
    assert not hunt.finds, "\n".join(str(find) for find in hunt.finds.values())
    assert hunt.steps
