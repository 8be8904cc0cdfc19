"""How a guest behaves: a host's manners, and a domain's own in its metadata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.settings import GUEST, of_guest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Store

NAMESPACE = "urn:virtkit:fake:guest"
_KEY = "guest"  # where a file keeps its own
OWN = "manners"  # where a record keeps what a test said of its guest


@dataclass
class Guest:
    """The manners of a guest: a host's, or one domain's, as attributes of an element in its metadata.

    ``<metadata><guest xmlns='urn:virtkit:fake:guest' acpi='no' boot_time='30'/></metadata>``

    In text (metadata, URI query) a truth is ``yes`` or ``no``, and commas part aliases.

    Attributes:
        boot_time: seconds from start until it heeds ACPI and has its addresses.
        shutdown_time: seconds from the request until it is off.
        acpi: whether it heeds the power button.
        dirty_rate: bytes a second that it writes to memory.
        memory_used: bytes of its memory that hold something; None: all.
        agent: whether it runs a guest agent, when the domain has the channel for one.
        agent_time: seconds after boot until the agent connects.
        agent_answers: whether a connected agent answers.
        unplug: whether it lets go of devices, or refuses; or the aliases of those that it does let go of.
        unplug_time: seconds from the request until a device is gone, or refused; libvirt waits for 5 of them,
            so a large number is a guest that never answers.
        hostname: what it calls itself; empty: the domain's name.
        os: its operating system, as the agent's ``id``.
        console: what it prints on its console: lines, each after ``SECONDS:`` since boot if it starts so.
    """

    boot_time: float = 0.0
    shutdown_time: float = 0.1
    acpi: bool = True
    dirty_rate: float = float(20 << 20)
    memory_used: int | None = None
    agent: bool = True
    agent_time: float = 0.0
    agent_answers: bool = True
    unplug: bool | list[str] = True
    unplug_time: float = 0.0
    hostname: str = ""
    os: str = "debian"
    console: str = ""

    if not TYPE_CHECKING:  # which finds a wrong name by itself

        def __setattr__(self, name: str, value: Any) -> None:
            object.__setattr__(self, name, of_guest(name, value))

    def unplugs(self, alias: str) -> bool:
        """Return whether it lets go of the device called *alias*."""
        return self.unplug if isinstance(self.unplug, bool) else alias in self.unplug


def changed(guest: Guest, texts: Mapping[str, Any]) -> Guest:
    """Return *guest* with the attributes that *texts* names."""
    return replace(guest, **texts)


class KeptGuest(Guest):
    """The manners of a file's guests: what is set here is set for every process that opens the file."""

    def __init__(self, store: Store) -> None:
        object.__setattr__(self, "_store", store)

    def __getattribute__(self, name: str) -> Any:
        if name in GUEST:
            return getattr(kept(object.__getattribute__(self, "_store")), name)
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        keep(object.__getattribute__(self, "_store"), {name: of_guest(name, value)})


def kept(store: Store) -> Guest:
    """Return the manners that the file of *store* keeps."""
    return Guest(**(store.peek(_KEY) or {}))


def keep(store: Store, changes: dict[str, Any]) -> None:
    """Have the file of *store* keep *changes* to its guests' manners."""
    session, done = store.begin(), False
    try:
        session.put_setting(_KEY, {**(session.setting(_KEY) or {}), **changes})
        done = True
    finally:
        store.finish(ok=done)


def of(host: Host, record: DomainRecord) -> Guest:
    """Return how the guest of *record* behaves."""
    guest = kept(host.store) if host.store.shared else host.guest
    document = record.document
    base = document.derived_from or document  # starting it changed no metadata
    element = base.tree().find(f"metadata/{{{NAMESPACE}}}guest")
    if element is not None:
        try:
            guest = changed(guest, {str(key): str(value) for key, value in element.attrib.items()})
        except ValueError as error:
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_QEMU, f"metadata of the fake's guest: {error}")
    told = record.extra.get(OWN)
    return replace(guest, **told) if told else guest
