"""The documents of what exists on a connection: of domains, networks, pools and all else that has one."""

from __future__ import annotations

from virtkit.cli.exits import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lxml import etree

    from virtkit.host import Connection


class Kind:
    """How one kind is found.

    Attributes:
        what: what messages call it.
        find: takes libvirt's connection and the name, or both parts of the name.
        name: where its document has its name.
        parts: what the name is made of, where that is not all in the document.
        inactive: the flag that asks for its definition, if it has another state.
    """

    def __init__(
        self, what: str, find: Callable[..., Any], *, name: str = "name", parts: str = "", inactive: int = 0
    ) -> None:
        self.what = what
        self.find = find
        self.name = name
        self.parts = parts
        self.inactive = inactive


_INACTIVE = 1  # of networks, pools and interfaces alike

KINDS = {
    "network": Kind("network", lambda raw, name: raw.networkLookupByName(name), inactive=_INACTIVE),
    "pool": Kind("storage pool", lambda raw, name: raw.storagePoolLookupByName(name), inactive=_INACTIVE),
    "volume": Kind(
        "volume",
        lambda raw, pool, name: raw.storagePoolLookupByName(pool).storageVolLookupByName(name),
        parts="POOL/VOLUME",
    ),
    "domainsnapshot": Kind(
        "snapshot",
        lambda raw, domain, name: raw.lookupByName(domain).snapshotLookupByName(name),
        parts="DOMAIN/SNAPSHOT",
    ),
    "domaincheckpoint": Kind(
        "checkpoint",
        lambda raw, domain, name: raw.lookupByName(domain).checkpointLookupByName(name),
        parts="DOMAIN/CHECKPOINT",
    ),
    "filter": Kind("filter", lambda raw, name: raw.nwfilterLookupByName(name), name="@name"),
    "filterbinding": Kind(
        "filter binding", lambda raw, name: raw.nwfilterBindingLookupByPortDev(name), name="portdev/@name"
    ),
    "secret": Kind("secret", lambda raw, uuid: raw.secretLookupByUUIDString(uuid), name="uuid"),
    "interface": Kind(
        "interface", lambda raw, name: raw.interfaceLookupByName(name), name="@name", inactive=_INACTIVE
    ),
    "device": Kind("node device", lambda raw, name: raw.nodeDeviceLookupByName(name)),
}
"""By the root of the document. A domain is found by itself."""


def name_in(root: etree._Element) -> str:
    """Return the name that the document *root* gives itself.

    Raises:
        UsageError: it gives none, or one that does not say where to look.
    """
    from virtkit.model import identity, nodes

    kind = KINDS.get(str(root.tag))
    if kind is not None and kind.parts:
        raise UsageError(f"say which {kind.what} is meant: {kind.parts}")
    name = identity.value(root, kind.name if kind is not None else "name")
    if name is None:
        raise UsageError(f"this <{nodes.local(root)}> has no name: say what it is to be compared with")
    return name


def document(host: Connection, tag: str, name: str, *, live: bool = False) -> str:
    """Return the XML of what is called *name* and has documents with the root *tag*.

    Args:
        host: where it is.
        tag: ``domain``, or one of `KINDS`.
        name: its name; ``POOL/VOLUME``, ``DOMAIN/SNAPSHOT``; the UUID of a secret.
        live: what it is now, not what it will be after its next start.

    Raises:
        NotFound: there is no such thing.
        UsageError: there is nothing of this kind on hosts, or *name* is only half of one.
    """
    if tag == "domain":
        return host.domains[name].xml(inactive=not live, secure=not host.readonly)
    kind = KINDS.get(tag)
    if kind is None:
        raise UsageError(f"no host has anything with a <{tag}> by name")
    raw: Any = host.raw
    names = name.split("/", 1) if kind.parts else [name]
    if kind.parts and len(names) < 2:
        raise UsageError(f"{name!r} does not say which {kind.what} is meant: {kind.parts}")
    with host.calling(f"find {kind.what}", name):
        found = kind.find(raw, *names)
    with host.calling(f"read the XML of {kind.what}", name):
        return _text(found, 0 if live else kind.inactive)


def _text(found: Any, flags: int) -> str:
    reads = getattr(found, "XMLDesc", None) or found.getXMLDesc
    return str(reads(flags))
