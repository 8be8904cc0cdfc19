"""What libvirt-python does in Python: whole transfers, by the program's own functions."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import libvirtError

if TYPE_CHECKING:
    from collections.abc import Callable


BUFFER_SIZE = 262120  # what a packet of the protocol holds
_WOULD_BLOCK, _AT_HOLE = -2, -3


def _negative(answer: Any) -> bool:
    return isinstance(answer, int) and answer < 0


class Whole:
    """sendAll, recvAll and their sparse kin, over the calls that move one piece."""

    def send(self, data: bytes) -> int:
        raise NotImplementedError

    def recv(self, nbytes: int) -> bytes | int:
        raise NotImplementedError

    def recvFlags(self, nbytes: int, flags: int = 0) -> bytes | int:
        raise NotImplementedError

    def sendHole(self, length: int, flags: int = 0) -> int:
        raise NotImplementedError

    def recvHole(self, flags: int = 0) -> int:
        raise NotImplementedError

    def abort(self) -> int:
        raise NotImplementedError

    def recvAll(self, handler: Callable[[Any, bytes, Any], Any], opaque: Any) -> None:
        while True:
            got = self.recv(BUFFER_SIZE)
            if isinstance(got, int):
                raise libvirtError("cannot use recvAll with nonblocking stream")
            if not got:
                return
            with self._aborting():
                answer = handler(self, got, opaque)
                if _negative(answer):
                    raise RuntimeError(f"recvAll handler returned {answer}")

    def sendAll(self, handler: Callable[[Any, int, Any], bytes], opaque: Any) -> None:
        while True:
            with self._aborting():
                got = handler(self, BUFFER_SIZE, opaque)
            if not got:
                return
            if self.send(got) == _WOULD_BLOCK:
                raise libvirtError("cannot use sendAll with nonblocking stream")

    @contextlib.contextmanager
    def _aborting(self) -> Any:
        """Abort the stream if the program's function fails."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(Exception):
                self.abort()
            raise

    def sparseRecvAll(
        self,
        handler: Callable[[Any, bytes, Any], Any],
        holeHandler: Callable[[Any, int, Any], Any],
        opaque: Any,
    ) -> None:
        while True:
            got = self.recvFlags(BUFFER_SIZE, c.VIR_STREAM_RECV_STOP_AT_HOLE)
            if isinstance(got, bytes):
                if not got:
                    return
                self._check(handler(self, got, opaque), "sparseRecvAll handler")
            elif got == _AT_HOLE:
                self._check(holeHandler(self, self.recvHole(), opaque), "holeHandler handler")
            elif got == _WOULD_BLOCK:
                raise libvirtError("cannot use sparseRecvAll with nonblocking stream")
            else:
                raise ValueError(got)

    def sparseSendAll(
        self,
        handler: Callable[[Any, int, Any], bytes],
        holeHandler: Callable[[Any, Any], Any],
        skipHandler: Callable[[Any, int, Any], int],
        opaque: Any,
    ) -> None:
        while True:
            in_data, length = holeHandler(self, opaque)
            if not in_data and length > 0:
                if self.sendHole(length) < 0 or skipHandler(self, length, opaque) < 0:
                    self.abort()
                continue
            got = handler(self, min(BUFFER_SIZE, length), opaque)
            self._check(got, "sparseSendAll handler")
            if not got:
                return
            if self.send(got) == _WOULD_BLOCK:
                raise libvirtError("cannot use sparseSendAll with nonblocking stream")

    def _check(self, answer: Any, who: str) -> None:
        if _negative(answer):
            self.abort()
            raise RuntimeError(f"{who} returned {answer}")
