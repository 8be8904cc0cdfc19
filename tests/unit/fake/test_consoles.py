"""What a guest prints comes through a stream as it is printed; what is typed reaches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

if TYPE_CHECKING:
    from tests.unit.fake.conftest import Timeline

_CONSOLE = "<serial type='pty'/><console type='pty'/>"
_NOTHING_YET = -2


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A domain that runs, with a console, whose guest prints as it boots."""
    libvirt.host("one").guest.console = "0: BIOS\n2.5: Linux\nstarting\n10: login:"
    domain = conn.defineXML(domain_xml(devices=_CONSOLE))
    domain.create()
    return domain


def _open(conn: Any, domain: Any) -> Any:
    stream = conn.newStream(libvirt.VIR_STREAM_NONBLOCK)
    domain.openConsole(None, stream)
    return stream


def test_text_appears_over_time(conn: Any, domain: Any, held: Timeline) -> None:
    """Each line when the guest has run for so long."""
    stream = _open(conn, domain)
    held.advance(1)
    assert stream.recv(100) == b"BIOS\r\n"
    assert stream.recv(100) == _NOTHING_YET
    held.advance(2)
    assert stream.recv(100) == b"Linux\r\nstarting\r\n"
    held.advance(10)
    assert stream.recv(100) == b"login:\r\n"


def test_at_will(conn: Any, domain: Any) -> None:
    """A test has the guest print, and sees what was typed."""
    stream = _open(conn, domain)
    guest = libvirt.host("one").domain("web")
    stream.recv(100)
    guest.prints("# ")
    assert stream.recv(100) == b"# "
    stream.send(b"ls\r")
    assert guest.typed() == "ls\r"


def test_who_opens_late_missed_it(conn: Any, domain: Any, held: Timeline) -> None:
    """As with a terminal that nobody was at."""
    held.advance(5)
    stream = _open(conn, domain)
    assert stream.recv(100) == _NOTHING_YET


def test_the_line_ends_with_the_domain(conn: Any, domain: Any) -> None:
    """And is free for the next boot."""
    stream = _open(conn, domain)
    stream.recv(100)
    domain.destroy()
    assert stream.recv(100) == b""
    domain.create()
    assert _open(conn, domain).recv(100) != b""


def test_a_screen_is_a_png(conn: Any, domain: Any) -> None:
    """Of 720 by 400, as a text console's."""
    stream = conn.newStream(0)
    domain.undefine()
    other = conn.createXML(domain_xml("seen", devices="<video><model type='vga'/></video>"), 0)
    assert other.screenshot(stream, 0) == "image/png"
    data = stream.recv(1 << 20)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (720, 400)
