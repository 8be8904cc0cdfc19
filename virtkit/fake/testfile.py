"""``test:///abs/path.xml``: the test driver's host as a file describes it, private to the connection."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power, rules
from virtkit.fake.callbacks import State
from virtkit.fake.errors import fail
from virtkit.fake.fill import defined_document
from virtkit.fake.host import Host
from virtkit.fake.reading import read_any
from virtkit.fake.state.records import DomainRecord
from virtkit.fake.store.testimages import TestStore
from virtkit.fake.testdriver import NODE, run_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.store.session import Session

_FROM = c.VIR_FROM_TEST
_SPACE = "{http://libvirt.org/schemas/domain/test/1.0}"
_LONGEST_MODEL = 31
_SHAPE = ("nodes", "sockets", "cores", "threads")


def file_host(path: str) -> Host:
    """Return a new host with what the file *path* says.

    Raises:
        libvirtError: the file cannot be read, or something in it is wrong.
    """
    tree = _parse(path, "node")
    host = Host("localhost", TestStore(), rules.TEST, uri=f"test://{path}")
    host.event_state = State(late=True)
    host.default_network = False
    host.memory, host.cpus = NODE[1] * 1024, NODE[2]
    host.test_node = _node(tree)
    with host as session:
        for tag, make in _MAKERS.items():
            for element in tree.findall(tag):
                make(host, session, _included(element, path), path)
        host.test_users = _users(tree)
    return host


def _parse(path: str, root: str) -> etree._Element:
    """Return the tree of a file with that root element."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except IsADirectoryError:
        fail(c.VIR_ERR_XML_DETAIL, _FROM, f"{path}:1: Document is empty\n(null)\n^")
    except OSError:
        fail(c.VIR_ERR_XML_ERROR, _FROM, f"failed to parse xml document '{path}'")
    tree = read_any(text, path, _FROM)
    if tree.tag != root:
        message = f"expecting root element of '{root}', not '{tree.tag!s}'"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    return tree


def _included(element: etree._Element, path: str) -> etree._Element:
    """Return what stands in the file that *element* names, else *element*."""
    other = element.get("file")
    if other is None:
        return element
    from lxml import etree

    return _parse(os.path.join(os.path.dirname(path), other), etree.QName(element).localname)  # noqa: PTH118, PTH120


def _text(element: etree._Element) -> str:
    from lxml import etree

    return etree.tostring(element, encoding="unicode", with_tail=False)


def _node(tree: etree._Element) -> list[Any]:
    """Return what getInfo is to say."""
    known = dict(zip(("model", "memory", "cpus", "mhz", *_SHAPE), NODE, strict=True))
    for key in _SHAPE:
        known[key] = _number(tree, f"cpu/{key}", known[key])
    known["cpus"] = known["nodes"] * known["sockets"] * known["cores"] * known["threads"]
    known["cpus"] = min(_number(tree, "cpu/active", known["cpus"]), known["cpus"])
    known["mhz"] = _number(tree, "cpu/mhz", known["mhz"])
    model = tree.findtext("cpu/model")
    if model:
        if len(model) > _LONGEST_MODEL:
            fail(c.VIR_ERR_INTERNAL_ERROR, _FROM, f"Model {model} too big for destination")
        known["model"] = model
    known["memory"] = _number(tree, "memory", known["memory"] * 1024) // 1024
    return list(known.values())


def _number(tree: etree._Element, path: str, default: int) -> int:
    text = tree.findtext(path)
    if not text:
        return default
    if not text.strip().isdigit():
        fail(c.VIR_ERR_XML_ERROR, _FROM, f"invalid node {path.replace('/', ' ')} value")
    return int(text)


def _users(tree: etree._Element) -> dict[str, str | None]:
    """Return who may connect: passwords by name."""
    found: dict[str, str | None] = {}
    for user in tree.iterfind("auth/user"):
        name = "".join(str(part) for part in user.itertext())
        if not name:
            fail(c.VIR_ERR_XML_ERROR, _FROM, "missing username in /node/auth/user field")
        found.setdefault(name, user.get("password"))
    return found


def _domain(host: Host, session: Session, element: etree._Element, path: str) -> None:
    from virtkit.fake.clashes import known

    document = defined_document(rules.TEST, _text(element))
    facts = document.facts()
    known(session, facts.uuid, facts.name)
    state = run_state(element)
    record = DomainRecord(facts.uuid, facts.name, config=document)
    session.insert(record)
    _snapshots(host, session, record, element, path)
    if state != c.VIR_DOMAIN_SHUTOFF:
        power.go_live(host, session, record, state, 0)
        power.set_state(host, record, state, 0)
        record.config = defined_document(rules.TEST, document.text())  # read again: controllers in order
    if element.find(f"{_SPACE}transient") is not None:
        record.config = None
    if element.find(f"{_SPACE}hasmanagedsave") is not None:
        from virtkit.fake.state.records import SavedImage

        record.managed_save = SavedImage(document, running=True)


def _snapshots(
    host: Host, session: Session, record: DomainRecord, element: etree._Element, path: str
) -> None:
    from virtkit.fake.snapshot import record as records
    from virtkit.fake.snapshot.document import parse

    found = element.findall(f"{_SPACE}domainsnapshot")
    if not found:
        return
    known = records.of(session, record.uuid)
    for each in found:
        tree = _included(each, path)
        text = _text(_bare(tree))
        snapshot = parse(host.personality, text, host.now(), redefine=True, offline=False, validate=False)
        active = tree.findtext("active", tree.findtext(f"{_SPACE}active", ""))
        if not active.strip().lstrip("-").isdigit():
            message = "Could not find 'active' element"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_DOMAIN_SNAPSHOT, message)
        known.check_new(snapshot.name)
        known.add(snapshot)
        if int(active):
            if known.current is not None:
                fail(c.VIR_ERR_INTERNAL_ERROR, _FROM, "more than one snapshot claims to be active")
            known.current = snapshot.name
    session.put(known)


def _bare(tree: etree._Element) -> etree._Element:
    """Return a copy whose root is in no namespace."""
    from copy import deepcopy

    from lxml import etree

    copy = deepcopy(tree)
    copy.tag = etree.QName(copy).localname
    return copy


def _network(host: Host, session: Session, element: etree._Element, _path: str) -> None:
    from virtkit.fake.network import definition
    from virtkit.fake.network.records import NetworkRecord, networks, text_of

    tree = definition.read(_text(element))
    networks(host, session)
    record = NetworkRecord(
        tree.findtext("uuid") or "", tree.findtext("name") or "", text_of(tree), persistent=True
    )
    record.active = True
    session.put(record)


def _interface(host: Host, session: Session, element: etree._Element, _path: str) -> None:
    from virtkit.fake.interface.document import parse
    from virtkit.fake.interface.record import define, interfaces

    interfaces(session, host)
    define(session, parse(_text(element)), active=True)


def _pool(host: Host, session: Session, element: etree._Element, path: str) -> None:
    from virtkit.fake.storage.testing import MockStorage

    for volume in element.findall("volume"):
        element.replace(volume, _included(volume, path))
    MockStorage(host, session).open_pool(element)


def _device(host: Host, session: Session, element: etree._Element, _path: str) -> None:
    from virtkit.fake.nodedev.inventory import devices
    from virtkit.fake.nodedev.parsing import existing

    devices(session, host)
    record = existing(_text(element), counts_ports=False)
    record.body = record.body.replace("    <firmware/>", "    <firmware>\n    </firmware>")
    session.put(record)


_MAKERS: dict[str, Callable[[Host, Session, etree._Element, str], None]] = {
    "domain": _domain,
    "network": _network,
    "interface": _interface,
    "pool": _pool,
    "device": _device,
}
