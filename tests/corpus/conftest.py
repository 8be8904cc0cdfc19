"""The corpus tests: only where libvirt's source is at hand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from virtkit.fake import errors

from .fetching import cache, found

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the source is."""
    parser.addoption("--libvirt-source", metavar="FOLDER", help="libvirt 9.0.0's source, for tests/corpus")


@pytest.fixture(scope="session")
def source(request: pytest.FixtureRequest) -> Iterator[Path]:
    """libvirt's source: by option, by VIRTKIT_LIBVIRT_SOURCE, or what `python -m tests.corpus fetch` got.

    Its schemas are those that count.
    """
    given = request.config.getoption("--libvirt-source") or os.environ.get("VIRTKIT_LIBVIRT_SOURCE")
    place = found(Path(given) if given else cache())
    if place is None:
        if given:
            pytest.fail(f"{given} is not the source of libvirt 9.0.0")
        pytest.skip("no source of libvirt: python -m tests.corpus fetch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VIRTKIT_SCHEMAS", str(place / "src/conf/schemas"))
        yield place


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """Refusals are counted, not printed."""
    errors.register_handler(lambda *_: None, None)
