"""Names of libvirt-python that are no API, and that programs and event loops use all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")
_EventCB = Callable[[int, int, int, _T], None]
_TimerCB = Callable[[int, _T], None]
_EventAddHandleFunc = Callable[[int, int, _EventCB[_T], _T], int]
_EventUpdateHandleFunc = Callable[[int, int], None]
_EventRemoveHandleFunc = Callable[[int], int]
_EventAddTimeoutFunc = Callable[[int, _TimerCB[_T], _T], int]
_EventUpdateTimeoutFunc = Callable[[int, int], None]
_EventRemoveTimeoutFunc = Callable[[int], int]
_DomainCB = Callable[[Any, Any, int, int, _T], int | None]
_BlkioParameter = dict[str, Any]
_MemoryParameter = dict[str, Any]
_SchedParameter = dict[str, Any]
_TypedParameter = dict[str, str | int | float | bool]
_RawError = tuple[int, int, str, int, str | None, str | None, str | None, int, int]


def _eventInvokeHandleCallback(
    watch: int, fd: int, event: int, opaque: Any, opaquecompat: Any = None
) -> None:
    """Call back for a file handle, as a program's own event loop does."""
    callback, own = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    callback(watch, fd, event, own)


def _eventInvokeTimeoutCallback(timer: int, opaque: Any, opaquecompat: Any = None) -> None:
    """Call back for a timer, as a program's own event loop does."""
    callback, own = (opaque, opaquecompat) if opaquecompat else opaque[:2]
    callback(timer, own)


def _dispatchEventHandleCallback(watch: int, fd: int, events: int, cbData: dict[str, Any]) -> int:
    """Call a callback that was registered for a file handle."""
    cbData["cb"](watch, fd, events, cbData["opaque"])
    return 0


def _dispatchEventTimeoutCallback(timer: int, cbData: dict[str, Any]) -> int:
    """Call a callback that was registered for a timer."""
    cbData["cb"](timer, cbData["opaque"])
    return 0


NAMES = {name: value for name, value in globals().items() if name.startswith("_") and name[1] != "_"}
