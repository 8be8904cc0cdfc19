"""How a stream answers: one that goes through the daemon, and one that is a file of this process."""

from __future__ import annotations

from dataclasses import dataclass

from virtkit.fake import constants as c


@dataclass(frozen=True)
class Manners:
    """What differs.

    Attributes:
        source: who reports what is wrong with a callback.
        closed: what is said of a stream that was finished: its code, who reports it, its words.
        again: whether a stream may be finished and aborted again and again.
        callback_twice: a second callback.
        callback_none: no callback.
    """

    source: int
    closed: tuple[int, int, str]
    again: bool
    callback_twice: str
    callback_none: str


REMOTE = Manners(
    source=c.VIR_FROM_RPC,
    closed=(c.VIR_ERR_OPERATION_FAILED, c.VIR_FROM_RPC, "stream is closed"),
    again=False,
    callback_twice="multiple stream callbacks not supported",
    callback_none="no stream callback registered",
)
LOCAL = Manners(
    source=c.VIR_FROM_STREAMS,
    closed=(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_STREAMS, "stream is not open"),
    again=True,
    callback_twice="stream already has a callback registered",
    callback_none="stream does not have a callback registered",
)
