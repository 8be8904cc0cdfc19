"""A host of the test driver that a file describes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from virtkit import fake
from virtkit.fake import __main__ as runner

_BODY = "<memory>65536</memory><os><type>hvm</type></os>"
_NODE = f"""<node>
  <cpu><nodes>1</nodes><sockets>1</sockets><cores>4</cores><threads>1</threads></cpu>
  <domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
    <name>paused</name>{_BODY}<test:runstate>3</test:runstate></domain>
  <domain file='other.xml'/>
  <network><name>lan</name></network>
</node>"""
_OTHER = f"<domain type='test'><name>other</name>{_BODY}</domain>"
_AUTH = "<node><auth><user password='secret'>me</user></auth></node>"


@pytest.fixture
def uri(tmp_path: Path) -> str:
    """The URI of a file with two domains and a network."""
    (tmp_path / "node.xml").write_text(_NODE)
    (tmp_path / "other.xml").write_text(_OTHER)
    return f"test://{tmp_path}/node.xml"


def test_what_the_file_says(uri: str) -> None:
    """Domains in their state, also from another file; networks; the node."""
    conn = fake.open(uri)
    assert {domain.name(): domain.state()[0] for domain in conn.listAllDomains()} == {"paused": 3, "other": 1}
    assert conn.listNetworks() == ["lan"]
    assert conn.getInfo()[2] == 4


def test_each_connection_has_its_own(uri: str) -> None:
    """Unlike those to test:///default."""
    one, two = fake.open(uri), fake.open(uri)
    one.lookupByName("other").destroy()
    assert two.lookupByName("other").isActive()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Is told by its name."""
    fake.registerErrorHandler(lambda *_: None, None)
    with pytest.raises(fake.libvirtError, match=r"failed to parse xml document '.*none\.xml'"):
        fake.open(f"test://{tmp_path}/none.xml")
    fake.registerErrorHandler(None, None)


def test_users(tmp_path: Path) -> None:
    """A wrong password opens nothing."""
    (tmp_path / "node.xml").write_text(_AUTH)
    passwords = iter(["wrong", "secret"])

    def ask(credentials: list[list[Any]], _opaque: Any) -> int:
        for credential in credentials:
            credential[4] = "me" if credential[0] == 2 else next(passwords)
        return 0

    fake.registerErrorHandler(lambda *_: None, None)
    with pytest.raises(fake.libvirtError) as caught:
        fake.openAuth(f"test://{tmp_path}/node.xml", [[2, 5], ask, None])
    assert caught.value.get_error_code() == 45
    assert fake.openAuth(f"test://{tmp_path}/node.xml", [[2, 5], ask, None]).isAlive()
    fake.registerErrorHandler(None, None)


def test_what_a_running_domain_becomes(tmp_path: Path) -> None:
    """It was read again: the controllers that its disks imply stand in order."""
    devices = (
        "<controller type='usb'/><controller type='scsi' index='1'/><redirdev bus='usb' type='spicevmc'/>"
        "<disk type='file'><source file='/x'/><target dev='sda' bus='scsi'/>"
        "<address type='drive' controller='1'/></disk>"
    )
    domain = f"<domain type='test'><name>one</name>{_BODY}<devices>{devices}</devices></domain>"
    (tmp_path / "one.xml").write_text(f"<node>{domain}</node>")
    found = fake.open(f"test://{tmp_path}/one.xml").lookupByName("one")
    live, inactive = found.XMLDesc(0), found.XMLDesc(fake.VIR_DOMAIN_XML_INACTIVE)
    first, second = "<controller type='scsi' index='0'/>", "<controller type='scsi' index='1'/>"
    assert live.index(first) > live.index(second)
    assert inactive.index(first) < inactive.index(second)
    assert "<redirdev bus='usb' type='spicevmc'>\n    </redirdev>" in inactive


def test_classes_are_libvirts_in_its_place() -> None:
    """Programs print and match their names."""
    shim = Path(runner.__file__).parent / "shim"
    command = [sys.executable, "-c", "import libvirt; print(libvirt.virDomain)"]
    environment = {**os.environ, "PYTHONPATH": f"{shim}{os.pathsep}{Path(fake.__file__).parents[2]}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "<class 'libvirt.virDomain'>\n"
