"""The fake's documents are libvirt's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from .reports import REPORTS, falls_short

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", REPORTS)
def test_most_pairs_are_reproduced_and_nothing_is_lost(name: str, source: Path) -> None:
    """What libvirt's own tests expect comes out, by meaning; what was stated is kept everywhere."""
    report = REPORTS[name].make(source)
    sys.stdout.write(f"{report.text()}\n")
    assert not falls_short(REPORTS[name], report), report.text()
