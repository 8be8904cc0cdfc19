"""A filter's document, and a binding's: read, checked and written as libvirt does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import reading
from virtkit.fake.errors import fail
from virtkit.fake.network import values
from virtkit.fake.network.values import filled_text, make, text_element
from virtkit.fake.nwfilter.attributes import ATTRIBUTES, PROTOCOLS, normal, signs

if TYPE_CHECKING:
    from lxml import etree

FROM = c.VIR_FROM_NWFILTER
_ACTIONS = ("drop", "accept", "reject", "return", "continue")
_DIRECTIONS = ("in", "out", "inout")
_CHAINS = ("root", "mac", "vlan", "stp", "arp", "rarp", "ipv4", "ipv6")
_PRIORITIES = {
    "root": 0, "mac": -800, "vlan": -750, "ipv4": -700, "ipv6": -600, "arp": -500, "rarp": -400,
}  # fmt: skip
_LONGEST_CHAIN, _LARGEST, _USUAL = 12, 1000, 500
_CHAIN = re.compile(r"[a-zA-Z0-9_.:-]*\Z")
_NAME, _VALUE = re.compile(r"\w*\Z", re.ASCII), re.compile(r"[\w.:]+\Z", re.ASCII)
_INTEGER = re.compile(r"\s*[+-]?\d+\Z")
_WITH_PORTS = {6, 17, 33, 132}
_PORTS = {"srcportstart", "srcportend", "dstportstart", "dstportend"}


def _internal(detail: str) -> NoReturn:
    fail(c.VIR_ERR_INTERNAL_ERROR, FROM, detail)


def _invalid(detail: str) -> NoReturn:
    fail(c.VIR_ERR_INVALID_ARG, FROM, detail)


def read(xml: str, *, validate: bool = False) -> etree._Element:
    """Return the filter that *xml* describes, as libvirt keeps it.

    Raises:
        libvirtError: what libvirt says of a faulty one.
    """
    given = reading.read(xml, "nwfilter_definition", "filter", FROM, "nwfilter.rng" if validate else "")
    name = filled_text(given, "@name")
    if name is None:
        _internal("filter has no name")
    priority = _priority(filled_text(given, "@priority"))
    chain = filled_text(given, "@chain")
    if chain is None:
        priority = 0
    else:
        prefix = _chain_prefix(chain)
        if priority is None:
            priority = _PRIORITIES.get(prefix, 0)
    text = filled_text(given, "uuid")
    uuid = _new_uuid() if text is None else reading.parse_uuid(text)
    if uuid is None:
        fail(c.VIR_ERR_XML_ERROR, FROM, "malformed uuid element")
    shown = str(priority) if priority else None
    made = make("filter", {"name": name, "chain": chain or "root", "priority": shown})
    made.append(text_element("uuid", uuid))
    for child in given:
        if child.tag == "rule":
            made.append(_rule(child))
        elif child.tag == "filterref":
            made.append(_include(child))
    return made


def _new_uuid() -> str:
    from virtkit.fake.fill import new_uuid

    return new_uuid()


def _priority(text: str | None) -> int | None:
    if text is None:
        return None
    if not _INTEGER.match(text):
        _invalid(f"Could not parse chain priority '{text}'")
    value = int(text)
    if abs(value) > _LARGEST:
        _invalid(f"Priority '{value}' is outside valid range of [{-_LARGEST},{_LARGEST}]")
    return value


def _chain_prefix(chain: str) -> str:
    """Return which of libvirt's chains the name *chain* begins with."""
    if len(chain) > _LONGEST_CHAIN:
        _invalid(f"Name of chain is longer than {_LONGEST_CHAIN} characters")
    if not _CHAIN.match(chain):
        _invalid("Chain name contains invalid characters")
    if chain == "root":
        return chain
    found = next((prefix for prefix in _CHAINS[1:] if chain.startswith(prefix)), None)
    if found is None or chain.startswith("root"):
        wanted = "Please use a chain name called 'root' or any of the following prefixes"
        _invalid(f"Invalid chain name '{chain}'. {wanted}: {', '.join(_CHAINS[1:])}")
    return found


def _include(given: etree._Element) -> etree._Element:
    name = given.get("filter")
    if name is None:
        _internal("rule node requires action attribute")  # libvirt's own mistake
    return make("filterref", {"filter": name}, *parameters(given))


def parameters(given: etree._Element) -> list[etree._Element]:
    """Return the parameters of a reference to a filter as libvirt keeps them: sorted by name."""
    found: dict[str, list[str]] = {}
    for each in given.iterfind("parameter"):
        name, value = each.get("name"), each.get("value")
        if name is not None and value is not None and _NAME.match(name) and _VALUE.match(value):
            found.setdefault(name, []).append(value)
    return [
        make("parameter", {"name": name, "value": value}) for name in sorted(found) for value in found[name]
    ]


def _rule(given: etree._Element) -> etree._Element:
    action, direction = given.get("action"), given.get("direction")
    if action is None:
        _internal("rule node requires action attribute")
    if action not in _ACTIONS:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, FROM, "unknown rule action attribute value")
    if direction is None:
        _internal("rule node requires direction attribute")
    if direction not in _DIRECTIONS:
        fail(c.VIR_ERR_CONFIG_UNSUPPORTED, FROM, "unknown rule direction attribute value")
    text = given.get("priority") or ""
    priority = int(text) if _INTEGER.match(text) and abs(int(text)) <= _LARGEST else _USUAL
    state = given.get("statematch")
    made = make("rule", {"action": action, "direction": direction, "priority": str(priority)})
    if state is not None and (state == "0" or state.lower() == "false"):
        made.set("statematch", "false")
    protocol = next((str(child.tag) for child in given if child.tag in ATTRIBUTES), None)
    if protocol is not None:
        items: dict[str, tuple[str, bool]] = {}
        for child in given.iterfind(protocol):
            items.update(_details(protocol, child))
            _check_ports(protocol, items)
        made.extend(_shown(protocol, items))
    return made


def _details(protocol: str, given: etree._Element) -> dict[str, tuple[str, bool]]:
    """Return by attribute its value, and whether it is denied."""
    denied, found = given.get("match") == "no", {}
    faulty = None
    for name in ATTRIBUTES[protocol]:
        text = given.get(name)
        if text is None:
            continue
        value = normal(protocol, name, text)
        if value is None:
            faulty = f"{name} has illegal value {text}"
        else:
            found[name] = (value, denied)
    if faulty is not None:
        _internal(faulty)
    return found


def _check_ports(protocol: str, items: dict[str, tuple[str, bool]]) -> None:
    if protocol not in {"ip", "ipv6"} or not _PORTS & set(items):
        return
    text = items.get("protocol", ("", False))[0]
    number = PROTOCOLS.get(text, -1)
    if number == -1 and text and not text.startswith("$"):
        number = int(text, 0)
    if number not in _WITH_PORTS:
        needs = "requires protocol specification with protocol to be either one of"
        called = "IP" if protocol == "ip" else "IPv6"
        _internal(f"{called} rule with port specification {needs} tcp(6), udp(17), dccp(33), or sctp(132)")


def _shown(protocol: str, items: dict[str, tuple[str, bool]]) -> list[etree._Element]:
    """Return the elements that say what *items* do: what is denied and what is not stand apart."""
    for name, other in signs(protocol).items():
        if name in items:
            items[name] = (items[name][0], items.get(other, ("", False))[1])
    if not protocol.startswith(("all", "arp", "rarp", "mac", "vlan", "stp")) and "ipset" in items:
        if "ipsetflags" in items:
            del items["ipset"], items["ipsetflags"]
        else:
            items["ipsetflags"] = ("src", False)
    made: list[etree._Element] = []
    last: bool | None = None
    for name in ATTRIBUTES[protocol]:
        if name not in items:
            continue
        value, denied = items[name]
        if denied != last:
            made.append(make(protocol, {"match": "no" if denied else None}))
        made[-1].set(name, value)
        last = denied
    return made or [make(protocol)]


def read_binding(xml: str, *, validate: bool = False) -> etree._Element:
    """Return the binding of a filter that *xml* describes, as libvirt keeps it."""
    schema = "nwfilterbinding.rng" if validate else ""
    given = reading.read(xml, "nwfilterbinding_definition", "filterbinding", FROM, schema)
    port = filled_text(given, "portdev/@name")
    if port is None:
        _internal("filter binding has no port dev name")
    link = None
    if given.find("linkdev") is not None:
        link = filled_text(given, "linkdev/@name")
        if link is None:
            _internal("filter binding has no link dev name")
    owner = filled_text(given, "owner/name")
    if owner is None:
        _internal("filter binding has no owner name")
    text = filled_text(given, "owner/uuid")
    if text is None:
        _internal("filter binding has no owner UUID")
    uuid = reading.parse_uuid(text)
    if uuid is None:
        _internal(f"Unable to parse UUID '{text}'")
    address = filled_text(given, "mac/@address")
    if address is None:
        _internal("filter binding has no MAC address")
    mac = values.mac(address)
    if mac is None:
        _internal(f"Unable to parse MAC '{address}'")
    reference = given.find("filterref")
    name = filled_text(given, "filterref/@filter")
    if name is None or reference is None:
        _internal("filter binding has no filter reference")
    return binding((owner, uuid), port, link, mac, reference)


def binding(
    owner: tuple[str, str], port: str, link: str | None, mac: str, reference: etree._Element
) -> etree._Element:
    """Return the document of a binding."""
    name, uuid = owner
    return make(
        "filterbinding",
        None,
        make("owner", None, text_element("name", name), text_element("uuid", uuid)),
        make("portdev", {"name": port}),
        *([] if link is None else [make("linkdev", {"name": link})]),
        make("mac", {"address": mac}),
        make("filterref", {"filter": reference.get("filter")}, *parameters(reference)),
    )
