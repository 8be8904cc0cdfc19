"""virConnect: streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.call import connection_call
from virtkit.fake.connection.base import ConnectionBase

if TYPE_CHECKING:
    from virtkit.fake.store.session import Session
    from virtkit.fake.streams import virStream


class Streams(ConnectionBase):
    """newStream."""

    @connection_call("virStreamNew")
    def newStream(self, session: Session, flags: int = 0) -> virStream:
        from virtkit.fake.streams.stream import NewStream, virStream

        return virStream(self, NewStream(flags))  # type: ignore[arg-type]
