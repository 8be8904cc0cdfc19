"""What a host keeps of a network, and finding one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.state.records import Event, Stored

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

FROM = c.VIR_FROM_NETWORK
_OPEN_TAGS = frozenset({"ip", "portgroup", "bandwidth"})
_MADE = "default network"  # the setting that says that the first network was made, or is not wanted
_DEFAULT = """
<network>
  <name>default</name>
  <uuid>{uuid}</uuid>
  <forward mode='nat'/>
  <bridge name='virbr0'/>
  {mac}
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp>
  </ip>
</network>
"""
_TEST_UUID = "dd8fe884-6c02-601e-7551-cca97df1c5df"


@dataclass
class NetworkRecord(Stored):
    """One network; its key is its UUID.

    Attributes:
        name: its name.
        definition: the document in force: of an active network, the live one.
        saved: the document of the next start, where that is another one.
        active: whether it runs.
        persistent: whether it stays when it stops.
        autostart: whether it starts with the host.
        leases: what its DHCP server gave out: see ``leases``.
        ports: what is plugged in: see ``ports``.
    """

    kind: ClassVar[str] = "network"
    name: str = ""
    definition: str = ""
    saved: str | None = None
    active: bool = False
    persistent: bool = False
    autostart: bool = False
    leases: list[dict[str, Any]] = field(default_factory=list)
    ports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def inactive(self) -> str:
        """The document of the next start."""
        return self.definition if self.saved is None else self.saved

    @property
    def tree(self) -> etree._Element:
        """The document in force as a tree: to be read, never changed."""
        return tree_of(self.definition)


@lru_cache(maxsize=512)
def tree_of(text: str) -> etree._Element:
    """Return the tree of a document that libvirt wrote: to be read, never changed."""
    from virtkit.tree import parse

    return parse(text)


def text_of(tree: etree._Element) -> str:
    """Return the document *tree* as libvirt prints it."""
    from virtkit.fake.state.printing import print_xml

    return print_xml(tree, _OPEN_TAGS)


def announce(session: Session, record: NetworkRecord, event: int) -> None:
    """Tell that *record* was defined, started, ..."""
    number = c.VIR_NETWORK_EVENT_ID_LIFECYCLE
    session.emit(Event(number, record.name, record.key, -1, (event, 0), family="network"))


def networks(host: Host, session: Session) -> list[NetworkRecord]:
    """Return the networks of *host*."""
    if not session.setting(_MADE):
        _make_default(host, session)
    return session.objects(NetworkRecord)


def by_name(host: Host, session: Session, name: str) -> NetworkRecord | None:
    """Return the network called *name*."""
    return next((record for record in networks(host, session) if record.name == name), None)


def required(host: Host, session: Session, name: str) -> NetworkRecord:
    """Return the network called *name*, or raise that there is none."""
    record = by_name(host, session, name)
    if record is None:
        source = FROM if host.personality.guest_decides else host.personality.source
        fail(c.VIR_ERR_NO_NETWORK, source, f"no network with matching name '{name}'")
    return record


def _make_default(host: Host, session: Session) -> None:
    """Give a host the network of a fresh install, active and started with it."""
    session.put_setting(_MADE, True)
    if not host.default_network:
        return
    from virtkit.fake.network import definition, state

    if host.personality.guest_decides:
        import uuid

        identity = uuid.uuid5(uuid.UUID(host.uuid), "network default")
        address = ":".join(f"{byte:02x}" for byte in identity.bytes[:3])
        xml = _DEFAULT.format(uuid=identity, mac=f"<mac address='52:54:00:{address}'/>")
        text = text_of(definition.read(xml))
        record = NetworkRecord(str(identity), "default", text, text, persistent=True, autostart=True)
        record.definition = state.started(text)
    else:
        text = text_of(definition.read(_DEFAULT.format(uuid=_TEST_UUID, mac="")))
        record = NetworkRecord(_TEST_UUID, "default", text, persistent=True)
    record.active = True
    session.put(record)
