"""With ``fake_libvirt = true``: tests that ask for no fixture do not see each other's hosts either."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from virtkit.fake import hosts

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _hosts_end_with_the_test() -> Iterator[None]:
    """Forget the hosts that a test made; those of a fixture for a module or the run stay."""
    before = hosts.known()
    yield
    hosts.reset(keep=before)
