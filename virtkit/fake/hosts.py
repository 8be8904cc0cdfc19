"""Which host an URI means."""

from __future__ import annotations

import os
import re
import sys
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from virtkit.fake import constants as c
from virtkit.fake import rules, uris
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.host import Host
from virtkit.fake.store.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Collection

_hosts: dict[str, Host] = {}
_lock = threading.RLock()
_PORT = 16509
_ADDRESS = re.compile(r"[\d.]+$|[\da-f:]+$")  # a name makes a host, a number does not
SYSTEM = "VIRTKIT_FAKE_URI"  # a file's URI, if several processes are to share qemu:///system


def check_uri(uri: Any, function: str) -> None:
    """Raise what the binding raises of an URI that *function* does not take."""
    if uri is not None and not isinstance(uri, str):
        raise TypeError(f"{function}() argument 1 must be str or None, not {type(uri).__name__}")
    if uri and "\0" in uri:
        raise ValueError("embedded null character")


def find(uri: str) -> Host:
    """Return the host that *uri* means, made when it is asked for first.

    Programs that name a real host get a fake one: ``qemu+ssh://NAME/system`` is ``fake:///NAME``, and
    ``qemu:///system`` is ``fake:///system``, or what VIRTKIT_FAKE_URI says. ``qemu:///session`` is another
    host, ``fake:///session``.

    Raises:
        libvirtError: no driver of the fake serves the URI.
    """
    parts = uris.split(uri)
    uris.check_driver(uri, parts)
    path = unquote(parts.path)
    if parts.scheme == "test":
        if path in {"", "/"}:
            message = "testOpen: supply a path or use test:///default"
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_TEST, message)
        host = _test_host(path)
        _configure(host, uri, "")
        return host
    if parts.scheme.partition("+")[0] == "qemu":
        if path not in {"/system", "/session"}:
            message = f"unexpected qemu URI path '{path}', try qemu:///system"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, message)
        return _qemu_host(uri, parts.hostname, parts.port or _PORT, session=path == "/session")
    if parts.scheme != "fake":
        fail(c.VIR_ERR_NO_CONNECT, c.VIR_FROM_NONE, uri)
    name = path.strip("/") or parts.netloc
    is_file = path.count("/") > 1 or path.endswith(".db")
    host = _file_host(path) if is_file else named(name or "system")
    _configure(host, uri, parts.query)
    return host


def _qemu_host(uri: str, name: str | None, port: int, *, session: bool) -> Host:
    if not name and not session:
        there = os.environ.get(SYSTEM) or "fake:///system"
        if not there.startswith("fake:"):
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, f"{SYSTEM}={there}: expected fake:///...")
        return find(there)
    if name and name not in _hosts and _ADDRESS.match(name):
        message = f"unable to connect to server at '{name}:{port}'"
        fail(c.VIR_ERR_SYSTEM_ERROR, c.VIR_FROM_RPC, f"{message}: Connection refused")
    host = _session(name) if session else named(name or "")
    _configure(host, uri, "")  # a query is for the real libvirt
    return host


def _session(name: str | None) -> Host:
    """Return the host that the libvirt of a user on *name* is: it has nothing of the system's."""
    with _lock:
        own = f"{name}-session" if name else "session"
        is_new = own not in _hosts
        host = named(own)
        if is_new:
            host.default_network = False
        return host


def check_flags(uri: str, flags: int) -> None:
    """Refuse flags that the driver for *uri* does not know."""
    unknown = flags & ~c.VIR_CONNECT_RO & 0xFFFFFFFF
    if unknown and uri.startswith("test:"):
        function = "testConnectOpen"
        fail_argument(
            c.VIR_FROM_TEST, f"unsupported flags ({unknown:#x}) in function {function}", function, "flags"
        )


def _configure(host: Host, uri: str, query: str) -> None:
    """Set what is asked for from outside, if anything is."""
    asked = query or os.environ.get("VIRTKIT_FAKE_FAULTS") or os.environ.get("VIRTKIT_FAKE_CLOCK")
    if asked or (host.store.shared and host.store.peek("clock")):
        from virtkit.fake import outside

        outside.configure(host, uri, query)


def named(name: str) -> Host:
    """Return the host in memory called *name*, as ``fake:///NAME`` does; make it if it is new."""
    with _lock:
        host = _hosts.get(name)
        if host is None:
            host = _hosts[name] = Host(name, MemoryStore(), rules.QEMU, uri=f"fake:///{name}")
        return host


def _file_host(path: str) -> Host:
    with _lock:
        host = _hosts.get(path)
        if host is None or host.store.stale():
            if host is not None:
                _let_go(host)
            from virtkit.fake.store.sqlite import SQLiteStore
            from virtkit.fake.store.watching import Watcher

            store = SQLiteStore(path, rules.QEMU)
            host = _hosts[path] = Host(_name_of(path), store, rules.QEMU, uri=f"fake://{path}")
            host.watcher = Watcher(host, store)
        return host


def _name_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".db") or "fake"


def _test_host(path: str) -> Host:
    from virtkit.fake import testdriver

    if path != "/default":
        from virtkit.fake import testfile

        return testfile.file_host(path)
    key = "test:///default"
    with _lock:
        host = _hosts.get(key)
        if host is None:
            host = _hosts[key] = testdriver.default_host()
        return host


def released(host: Host) -> None:
    """Forget the test driver's state when its last connection closes, as libvirt does."""
    if host.personality is rules.TEST:
        with _lock:
            if _hosts.get("test:///default") is host:
                del _hosts["test:///default"]


def known() -> list[Host]:
    """Return every host that there is."""
    with _lock:
        return list(_hosts.values())


def reset(keep: Collection[Host] = ()) -> None:
    """Forget every host in memory, and let go of the files, but for those to *keep*."""
    outside = sys.modules.get("virtkit.fake.outside")
    if outside is not None and not keep:
        outside.reset()
    with _lock:
        gone = {key: host for key, host in _hosts.items() if host not in keep}
        for key in gone:
            del _hosts[key]
    for host in gone.values():
        _let_go(host)


def _let_go(host: Host) -> None:
    host.drop_connections()
    while host.screens:
        os.close(host.screens.pop())
    if host.watcher is not None:
        host.watcher.stop()
    host.store.close()


def destination(uri: str) -> Host:
    """Return the host that a migration to *uri* goes to: a fake URI, or any URI that names a fake host.

    Raises:
        libvirtError: nobody answers there.
    """
    parts = uris.split(uri)
    if parts.scheme in {"fake", "test"}:
        return find(uri)
    name = parts.hostname or ""
    if name in {"", "localhost", "127.0.0.1", "::1"}:
        message = "Attempt to migrate guest to the same host"
        fail_argument(c.VIR_FROM_DOMAIN, message, "virDomainMigrateCheckNotLocal", "dconnuri")
    with _lock:
        host = _hosts.get(name)
    if host is None:
        message = f"unable to connect to server at '{name}:{parts.port or _PORT}': No route to host"
        fail(c.VIR_ERR_SYSTEM_ERROR, c.VIR_FROM_RPC, message)
    return host
