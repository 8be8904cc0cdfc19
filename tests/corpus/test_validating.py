"""`validate` is right about libvirt's own documents, and about what is wrong in them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import validating

if TYPE_CHECKING:
    from pathlib import Path

_GOAL = 0.98


def test_no_false_alarm_and_planted_faults_at_their_line(source: Path) -> None:
    """Of all kinds of documents, in any order of children; the typed views give no false alarm either."""
    report = validating.report(source)
    sys.stdout.write(f"{report.text()}\n")
    assert report.documents["domain"] >= 2000
    assert report.alarms == []
    assert report.model_alarms == []
    assert report.share >= _GOAL, report.text()
