"""`diff` is silent about what libvirt makes of its own documents, and sees each leaf that is changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from . import comparing

if TYPE_CHECKING:
    from pathlib import Path

_GOAL = 0.99


@pytest.fixture(scope="module")
def summary(source: Path) -> comparing.Summary:
    """What came of all pairs; it takes a minute or two."""
    found = comparing.Summary(comparing.outcomes(source))
    sys.stdout.write(f"{found.text()}\n")
    return found


def test_what_libvirt_makes_of_a_document_is_no_difference(summary: comparing.Summary) -> None:
    """Of all its domains but one in a hundred, and of all its other documents but few."""
    domains = summary.of("domains")
    assert domains.pairs >= 615
    assert domains.silent / domains.pairs >= _GOAL
    others = [each for each in summary.outcomes if each.kind not in ("domains", "wrong filters")]
    assert sum(each.pairs for each in others) >= 290
    assert sum(len(each.alarms) for each in others) <= 1


@pytest.mark.parametrize("action", ["changed", "removed", "added"])
def test_a_single_leaf_is_seen(summary: comparing.Summary, action: str) -> None:
    """Wherever libvirt keeps what is said; where it does not is listed with the reason."""
    assert summary.share(action) >= _GOAL


def test_a_document_differs_from_itself_in_nothing(source: Path) -> None:
    """Of all kinds."""
    assert list(comparing.unequal(source)) == []


def test_what_was_laid_over_a_document_is_in_it(source: Path) -> None:
    """Each document laid over the one beside it."""
    assert list(comparing.unmerged(source)) == []
