"""The event loop as programs use it: events of domains, networks and pools, timers and handles."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import libvirt

from tests.programs.scenarios.telling import attempt, say, small, uri

if TYPE_CHECKING:
    from collections.abc import Callable

NETWORK = """<network><name>n</name><bridge name='virbr77'/>
<ip address='10.7.7.1' netmask='255.255.255.0'/></network>"""
POOL = "<pool type='dir'><name>p</name><target><path>/pools/p</path></target></pool>"


def main() -> None:
    """Register for all there is, do things, and say what came in which order."""
    libvirt.virEventRegisterDefaultImpl()
    conn = libvirt.open(uri())
    seen: list[object] = []

    def hear(kind: str) -> Callable[..., None]:
        return lambda _conn, subject, *rest: seen.append([kind, subject.name(), rest])

    for number in (libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE):
        conn.domainEventRegisterAny(None, number, hear("domain"), number)
    conn.networkEventRegisterAny(None, libvirt.VIR_NETWORK_EVENT_ID_LIFECYCLE, hear("network"), "n")
    for number in (libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, libvirt.VIR_STORAGE_POOL_EVENT_ID_REFRESH):
        conn.storagePoolEventRegisterAny(None, number, hear("pool"), number)
    reader, writer = os.pipe()

    def readable(_watch: int, fd: int, ready: int, opaque: str) -> None:
        seen.append(["handle", os.read(fd, 9).decode(), ready, opaque])

    def tick(timer: int, opaque: str) -> None:
        seen.append(["timer", opaque])
        libvirt.virEventUpdateTimeout(timer, -1)

    libvirt.virEventAddHandle(reader, libvirt.VIR_EVENT_HANDLE_READABLE, readable, "mine")
    libvirt.virEventAddTimeout(0, tick, "tick")
    os.write(writer, b"hello")
    attempt("round", libvirt.virEventRunDefaultImpl)
    happen(conn)
    for each in seen:
        say("event", each)
    attempt("deregister", conn.domainEventDeregisterAny, 0)
    attempt("deregister twice", conn.domainEventDeregisterAny, 0)


def happen(conn: libvirt.virConnect) -> None:
    """Have a domain, a network and a pool live their lives; run the loop until all is told."""
    domain = conn.defineXML(small(conn))
    domain.create()
    domain.suspend()
    domain.resume()
    config = libvirt.VIR_DOMAIN_AFFECT_CONFIG
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "a title", None, None, config)
    network = conn.networkDefineXML(NETWORK)
    network.create()
    network.destroy()
    network.undefine()
    pool = conn.storagePoolDefineXML(POOL)
    pool.build(0)
    pool.create()
    pool.refresh()
    pool.destroy()
    pool.undefine()
    domain.destroy()
    domain.undefine()
    for _ in range(50):
        keep = libvirt.virEventAddTimeout(0, lambda *_: None, None)
        libvirt.virEventRunDefaultImpl()
        libvirt.virEventRemoveTimeout(keep)


main()
