"""What a host keeps of filters and of what they are bound to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.network.records import tree_of
from virtkit.fake.network.values import filled_text, make
from virtkit.fake.nwfilter.definition import FROM
from virtkit.fake.state.records import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.store.session import Session

_MADE = "built-in filters"  # the setting that says that they were installed
_LEARNT = {"MAC", "IP"}  # variables that libvirt finds out by itself


@dataclass
class FilterRecord(Stored):
    """One filter; its key is its UUID."""

    kind: ClassVar[str] = "nwfilter"
    name: str = ""
    text: str = ""

    @property
    def tree(self) -> etree._Element:
        """Its document as a tree: to be read, never changed."""
        return tree_of(self.text)


@dataclass
class BindingRecord(Stored):
    """A filter that was bound to a device by hand; or (``gone``) a domain's binding that was deleted.

    Its key is the device's name.
    """

    kind: ClassVar[str] = "nwfilterbinding"
    filter: str = ""
    text: str = ""
    gone: str = ""

    @property
    def owner(self) -> str:
        """The UUID of the domain that it is for."""
        return tree_of(self.text).findtext("owner/uuid") or ""

    @property
    def variables(self) -> set[str]:
        """The names of the variables that it gives values to."""
        return {each.get("name", "") for each in tree_of(self.text).iterfind("filterref/parameter")}


def text_of(tree: etree._Element) -> str:
    """Return a document as libvirt prints it."""
    from virtkit.fake.state.printing import print_xml

    return print_xml(tree)


def filters(host: Host, session: Session) -> list[FilterRecord]:
    """Return the filters of *host*."""
    if not session.setting(_MADE):
        session.put_setting(_MADE, True)
        _install(host, session)
    return session.objects(FilterRecord)


def _install(host: Host, session: Session) -> None:
    from virtkit.fake.nwfilter import builtin, definition

    for name, xml in builtin.documents().items():
        tree = definition.read(xml)
        key = str(uuid.uuid5(uuid.UUID(host.uuid), f"nwfilter {name}"))
        found = tree.find("uuid")
        assert found is not None  # noqa: S101
        found.text = key
        session.put(FilterRecord(key, name, text_of(tree)))


def by_name(host: Host, session: Session, name: str) -> FilterRecord | None:
    """Return the filter called *name*."""
    return next((record for record in filters(host, session) if record.name == name), None)


def bindings(host: Host, session: Session) -> list[BindingRecord]:
    """Return what filters are bound to: devices of running domains, and those that callers named."""
    kept = {record.key: record for record in session.objects(BindingRecord)}
    found = {key: record for key, record in kept.items() if not record.gone}
    for record in session.all():
        if not record.active or not record.facts.filters:
            continue
        for interface in record.document.tree().iterfind("devices/interface"):
            made = _of_domain((record.name, record.uuid), interface)
            if made is not None and not _is_gone(kept.get(made.key), record.uuid, record.id):
                found.setdefault(made.key, made)
    return list(found.values())


def gone(domain: str, number: int) -> str:
    """Return what marks a binding of a running domain as deleted."""
    return f"{domain} {number}"


def _is_gone(kept: BindingRecord | None, domain: str, number: int) -> bool:
    return kept is not None and kept.gone == gone(domain, number)


def _of_domain(owner: tuple[str, str], interface: etree._Element) -> BindingRecord | None:
    from virtkit.fake.nwfilter import definition

    reference, dev = interface.find("filterref"), filled_text(interface, "target/@dev")
    if reference is None or dev is None or interface.get("type") not in {"network", "bridge", "ethernet"}:
        return None
    mac = filled_text(interface, "mac/@address") or ""
    tree = instantiated(definition.binding(owner, dev, None, mac, reference))
    return BindingRecord(dev, reference.get("filter", ""), text_of(tree))


def instantiated(tree: etree._Element) -> etree._Element:
    """Return the binding *tree* as it is once its device is there: the MAC address is one of its values."""
    from virtkit.fake.nwfilter import definition

    reference = tree.find("filterref")
    assert reference is not None  # noqa: S101
    if reference.find("parameter[@name='MAC']") is None:
        reference.append(make("parameter", {"name": "MAC", "value": filled_text(tree, "mac/@address")}))
        reference[:] = definition.parameters(reference)
    return tree


def is_there(session: Session, dev: str) -> bool:
    """Return whether the host has the device *dev*: one of a running domain."""
    return any(
        filled_text(interface, "target/@dev") == dev
        for record in session.all()
        if record.active
        for interface in record.document.tree().iterfind("devices/interface")
    )


# what a filter comes to


def included(
    host: Host, session: Session, name: str, own: FilterRecord | None = None
) -> Iterator[FilterRecord]:
    """Yield the filter called *name* and all that it includes; *own*: one that takes the place of its name.

    Raises:
        libvirtError: one of them is missing.
    """
    known = {record.name: record for record in filters(host, session)}
    if own is not None:
        known[own.name] = own
    waiting, seen = [name], set()
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        record = known.get(current)
        if record is None:
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, f"referenced filter '{current}' is missing")
        yield record
        waiting.extend(each.get("filter", "") for each in record.tree.iterfind("filterref"))


def require_filter(
    host: Host,
    session: Session,
    name: str,
    given: Iterable[str] = (),
    own: FilterRecord | None = None,
) -> None:
    """Refuse to bind the filter *name* where one is missing, or a value that is not *given*."""
    needed: set[str] = set()
    inner = set(given) | _LEARNT
    for record in included(host, session, name, own):
        inner |= {each.get("name", "") for each in record.tree.iterfind("filterref/parameter")}
        for rule in record.tree.iterfind("rule/*"):
            texts = (str(text) for text in rule.attrib.values())
            needed |= {text[1:].partition("[")[0] for text in texts if text.startswith("$")}
    missing = sorted(needed - inner)
    if missing:
        fail(
            c.VIR_ERR_INTERNAL_ERROR,
            FROM,
            "Cannot instantiate filter due to unresolvable variables or unavailable list elements: "
            + ", ".join(missing),
        )


def in_use(host: Host, session: Session, record: FilterRecord) -> list[BindingRecord]:
    """Return the bindings to whose filters *record* belongs."""
    return [
        binding
        for binding in bindings(host, session)
        if record.name in _reached(host, session, binding.filter)
    ]


def _reached(host: Host, session: Session, name: str) -> set[str]:
    known = {record.name: record for record in filters(host, session)}
    waiting, seen = [name], set()
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            if current in known:
                waiting.extend(each.get("filter", "") for each in known[current].tree.iterfind("filterref"))
    return seen
