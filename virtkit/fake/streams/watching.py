"""A stream's callback: called by the event loop when the stream can be read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake import eventloop
    from virtkit.fake.streams.stream import virStream


class Watch:
    """A callback, and the timer of the loop that makes it run while there is something to say."""

    def __init__(
        self,
        loop: eventloop.Implementation,
        stream: virStream,
        events: int,
        call: Callable[[Any, int, Any], object],
        opaque: Any,
    ) -> None:
        self._loop, self._stream = loop, stream
        self._call, self._opaque = call, opaque
        self.events = events
        self._timer: int | None = loop.add_internal_timeout(self._fire)

    def look(self) -> None:
        """Have the loop call back at once, or not at all for now."""
        if self._timer is not None:
            self._loop.update_timeout(self._timer, 0 if self._happening() else -1)

    def _happening(self) -> int:
        now: int = self._stream._happening()  # noqa: SLF001
        return self.events & now

    def _fire(self) -> None:
        events = self._happening()
        if events and self._timer is not None:
            self._call(self._stream, events, self._opaque)
        self.look()

    def stop(self) -> None:
        """Call back no more."""
        timer, self._timer = self._timer, None
        if timer is not None:
            self._loop.remove_timeout(timer)
