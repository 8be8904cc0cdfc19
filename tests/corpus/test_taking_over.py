"""Existing domains become specs, and lose nothing by it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import taking_over

if TYPE_CHECKING:
    from pathlib import Path

_GOAL = 0.7


def test_each_domain_comes_back_and_most_need_no_overlay(source: Path) -> None:
    """All valid domains of libvirt's tests: rendered, the spec is the document that it was made from."""
    report = taking_over.report(source)
    sys.stdout.write(f"{report.text()}\n")
    assert report.documents.total() >= 2000
    assert report.different == []
    assert report.share >= _GOAL, report.text()
