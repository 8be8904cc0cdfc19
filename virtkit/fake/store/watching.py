"""Looking, now and then, at what other processes did to a file."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from virtkit import clock
from virtkit.fake.errors import libvirtError

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.store.sqlite import SQLiteStore

_EVERY = 0.02  # seconds, of real time: other processes do not know this one's clock


class Watcher:
    """A daemon thread that publishes other processes' events on *host*, while somebody here listens."""

    def __init__(self, host: Host, store: SQLiteStore) -> None:
        self._host = weakref.ref(host)
        self._store = store
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, from the present on."""
        if self._thread is None or not self._thread.is_alive():
            self._store.skip()
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="virtkit-fake-watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def _run(self) -> None:
        real = clock.SystemClock()
        while not real.wait(self._stop, _EVERY):
            host = self._host()
            if host is None:
                return
            try:
                self._look(host)
            except libvirtError:
                return  # the file is gone: the next call says so
            del host

    def _look(self, host: Host) -> None:
        if self._store.overdue(host.now()):
            host.settle()
        events = self._store.untold()
        if events:
            host.publish(events)
