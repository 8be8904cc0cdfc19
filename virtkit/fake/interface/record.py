"""What a host keeps of its network interfaces, and those that it has to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake.interface.document import FROM, Description, parse
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_MADE = "interfaces made"
_TEST = """
<interface type='ethernet' name='eth1'>
  <start mode='onboot'/>
  <mac address='aa:bb:cc:dd:ee:ff'/>
  <mtu size='1492'/>
  <protocol family='ipv4'>
    <ip address='192.168.0.5' prefix='24'/>
    <route gateway='192.168.0.1'/>
  </protocol>
</interface>
"""
_LOOPBACK = """
<interface type='ethernet' name='lo'>
  <mtu size='65536'/>
  <link state='unknown'/>
  <mac address='00:00:00:00:00:00'/>
</interface>
"""
_ETHERNET = """
<interface type='ethernet' name='eth0'>
  <mtu size='1500'/>
  <link speed='10000' state='up'/>
  <mac address='{mac}'/>
</interface>
"""


@dataclass
class InterfaceRecord(Stored):
    """One interface; its key is its name."""

    kind: ClassVar[str] = "interface"
    mac: str = ""
    text: str = ""
    active: bool = False


def source_of(host: Host) -> int:
    """Return the VIR_FROM_* of the driver that serves interfaces on *host*."""
    return host.personality.source if host.personality.name == "test" else FROM


def define(session: Session, described: Description, *, active: bool | None = None) -> InterfaceRecord:
    """Keep an interface: a new one, inactive unless *active*; or a known one's new description."""
    record = session.object(InterfaceRecord, described.name)
    if record is None:
        record = InterfaceRecord(described.name)
    record.mac, record.text = described.mac, described.text
    record.active = record.active if active is None else active
    session.put(record)
    return record


def interfaces(session: Session, host: Host) -> list[InterfaceRecord]:
    """Return what *host* has, by name."""
    if session.setting(_MADE) is None:
        session.put_setting(_MADE, value=True)
        for xml, active in _to_begin_with(host):
            define(session, parse(xml), active=active)
    return sorted(session.objects(InterfaceRecord), key=lambda record: record.key)


def _to_begin_with(host: Host) -> list[tuple[str, bool]]:
    if host.personality.name == "test":
        return [(_TEST, True)] if host.uri == "test:///default" else []
    mac = "52:54:" + ":".join(host.uuid[at : at + 2] for at in (0, 2, 4, 6))
    return [(_ETHERNET.format(mac=mac), True), (_LOOPBACK, False)]
