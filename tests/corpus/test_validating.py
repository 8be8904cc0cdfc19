"""`validate` is right about libvirt's own documents, and about what is wrong in them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import validating

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_GOAL = 0.98


def test_no_false_alarm_and_planted_faults_at_their_line(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all kinds of documents, in any order of children; the typed views give no false alarm either."""
    monkeypatch.setenv("VIRTKIT_SCHEMAS", str(source / "src/conf/schemas"))
    report = validating.report(source)
    sys.stdout.write(f"{report.text()}\n")
    assert report.documents["domain"] >= 2000
    assert report.alarms == []
    assert report.model_alarms == []
    assert report.share >= _GOAL, report.text()
