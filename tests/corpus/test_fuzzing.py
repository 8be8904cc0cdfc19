"""Documents with random damage end in the library's own error, or in an answer that keeps its promises."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from . import fuzzing

if TYPE_CHECKING:
    from pathlib import Path


def test_no_damage_breaks_anything(source: Path) -> None:
    """Some of it; `python -m tests.corpus fuzz --minutes 10` does more."""
    report = fuzzing.fuzz(source, seed=1, cases=3000)
    sys.stdout.write(f"{report.text()}\n")
    assert report.cases == 3000
    assert report.outcomes["taken"] > 1000
    assert report.outcomes["refused"] > 300
    assert not report.faults, report.text()
