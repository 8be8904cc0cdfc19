"""Streams: bytes between a program and a volume, a console or a screenshot.

A stream that was opened has an ``End``: what it reads from, or writes to. ``stream.open(end)`` is what
the calls do that take a stream.
"""

from __future__ import annotations

from virtkit.fake.streams.ends import Buffer, End, Pipe
from virtkit.fake.streams.stream import virStream

__all__ = ["Buffer", "End", "Pipe", "virStream"]
