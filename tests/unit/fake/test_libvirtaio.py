"""libvirt-python's own asyncio loop runs on the fake as it is."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import eventloop

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOUND = importlib.util.find_spec("libvirtaio")
pytestmark = pytest.mark.skipif(_FOUND is None, reason="libvirt-python is not installed")


@pytest.fixture
def libvirtaio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The real libvirtaio.py, for which libvirt is the fake."""
    assert _FOUND is not None
    assert _FOUND.loader is not None
    monkeypatch.setitem(sys.modules, "libvirt", sys.modules["virtkit.fake"])
    module = importlib.util.module_from_spec(_FOUND)
    _FOUND.loader.exec_module(module)
    before = eventloop.current()
    eventloop.use(None)
    yield module
    eventloop.use(before)


def test_events_arrive_in_the_loop(libvirtaio: Any) -> None:
    """In order, in the thread of the loop; when nobody listens any more it is idle."""

    async def main() -> list[tuple[int, int]]:
        loop = libvirtaio.virEventRegisterAsyncIOImpl()
        conn = libvirt.open("fake:///one")
        seen: list[tuple[int, int]] = []
        done = asyncio.Event()

        def hear(_conn: Any, _domain: Any, event: int, detail: int, _opaque: Any) -> None:
            seen.append((event, detail))
            if event == libvirt.VIR_DOMAIN_EVENT_STOPPED:
                done.set()

        number = conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, hear, None)
        assert not loop.is_idle()
        domain = conn.defineXML(domain_xml())
        domain.create()
        await asyncio.to_thread(domain.destroy)
        await asyncio.wait_for(done.wait(), 10)
        conn.domainEventDeregisterAny(number)
        await asyncio.wait_for(loop.drain(), 10)
        assert loop.is_idle()
        return seen

    assert asyncio.run(main()) == [(0, 0), (4, 0), (2, 0), (6, 2), (5, 1)]


def test_handles_and_timeouts(libvirtaio: Any) -> None:
    """A program's own, added through libvirt's functions."""

    async def main() -> tuple[bytes, int]:
        libvirtaio.virEventRegisterAsyncIOImpl()
        read, write = os.pipe()
        heard = asyncio.get_running_loop().create_future()
        ticks: list[int] = []
        watch = libvirt.virEventAddHandle(
            read,
            libvirt.VIR_EVENT_HANDLE_READABLE,
            lambda _watch, fd, _events, _opaque: heard.set_result(os.read(fd, 10)),
            None,
        )
        timer = libvirt.virEventAddTimeout(1, lambda timer, _opaque: ticks.append(timer), None)
        os.write(write, b"hello")
        found = await asyncio.wait_for(heard, 10)
        while not ticks:
            await asyncio.sleep(0.005)
        libvirt.virEventRemoveTimeout(timer)
        libvirt.virEventRemoveHandle(watch)
        os.close(read)
        os.close(write)
        return found, timer

    found, timer = asyncio.run(main())
    assert found == b"hello"
    assert timer > 0


def test_console_in_the_loop(libvirtaio: Any) -> None:
    """A stream calls back in the loop when a guest prints."""

    async def main() -> bytes:
        libvirtaio.virEventRegisterAsyncIOImpl()
        conn = libvirt.open("fake:///one")
        domain = conn.createXML(domain_xml(devices="<serial type='pty'/>"), 0)
        stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
        domain.openConsole(None, stream)
        heard = asyncio.get_running_loop().create_future()

        def readable(which: Any, _events: int, _opaque: Any) -> None:
            if not heard.done():
                heard.set_result(which.recv(100))

        stream.eventAddCallback(libvirt.VIR_STREAM_EVENT_READABLE, readable, None)
        libvirt.host("one").domain("web").prints("login: ")
        found: bytes = await asyncio.wait_for(heard, 10)
        stream.eventRemoveCallback()
        stream.abort()
        return found

    assert asyncio.run(main()) == b"login: "
