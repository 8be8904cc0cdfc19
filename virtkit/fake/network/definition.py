"""A network's document: read and checked as libvirt does, in the order in which libvirt writes it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake import reading
from virtkit.fake.errors import fail
from virtkit.fake.network import addressing, common, dns, forward, values
from virtkit.fake.network.values import filled_text, make, refuse, text_element, unsupported

if TYPE_CHECKING:
    from lxml import etree

DNSMASQ = "http://libvirt.org/schemas/network/dnsmasq/1.0"
_MANAGERS = {"kernel", "libvirt"}


def read(xml: str, *, options: bool = True, validate: bool = False) -> etree._Element:
    """Return the document that defining *xml* gives, without what the driver adds.

    Args:
        xml: what the caller gave.
        options: whether dnsmasq's options are kept: the test driver does not.
        validate: whether the document must fit libvirt's schema.

    Raises:
        libvirtError: what libvirt says of a faulty document.
    """
    given = reading.read(
        xml, "network_definition", "network", c.VIR_FROM_NETWORK, "network.rng" if validate else ""
    )
    name, uuid = _identity(given)
    parts = _Parts(name, given)
    parts.read_first()
    parts.read_layers()
    mode = forward.mode_of(make("network", None, *parts.of("forward")))
    bridge = _bridge(given, mode)
    _check_mode(name, given, mode, parts)
    made = make("network", parts.attributes)
    made.append(text_element("name", name))
    made.append(text_element("uuid", uuid))
    metadata = _metadata(given)
    extras = _options(given) if options else None
    if extras is not None:
        made = _with_namespace(made)
    sections = [
        *([] if metadata is None else [metadata]),
        *parts.of("forward"),
        *([] if bridge is None else [bridge]),
        *parts.of("mtu", "mac", "domain", "dns", "vlan", "bandwidth", "port"),
        *parts.of("ip", "route", "virtualport", "portgroup"),
    ]
    made.extend(sections)
    if extras is not None:
        made.append(extras)
    return made


def _identity(given: etree._Element) -> tuple[str, str]:
    name = filled_text(given, "name")
    if name is None:
        fail(c.VIR_ERR_NO_NAME, c.VIR_FROM_NETWORK)
    if "/" in name:
        refuse("invalid char in name: /", c.VIR_ERR_XML_DETAIL, c.VIR_FROM_XML)
    text = filled_text(given, "uuid")
    if text is None:
        from virtkit.fake.fill import new_uuid

        return name, new_uuid()
    uuid = reading.parse_uuid(text)
    if uuid is None:
        refuse("malformed uuid element", c.VIR_ERR_INTERNAL_ERROR)
    return name, uuid


class _Parts:
    """The elements of a network as libvirt keeps them, read in the order in which libvirt reads them."""

    def __init__(self, name: str, given: etree._Element) -> None:
        self.name, self.given = name, given
        self.attributes: dict[str, str | None] = {}
        self._made: dict[str, list[etree._Element]] = {}

    def of(self, *tags: str) -> list[etree._Element]:
        """Return the elements of these tags, in this order."""
        return [element for tag in tags for element in self._made.get(tag, ())]

    def _keep(self, element: etree._Element | None) -> None:
        if element is not None:
            self._made.setdefault(str(element.tag), []).append(element)

    def read_first(self) -> None:
        """Read what concerns the network and its bridge."""
        given, name = self.given, self.name
        six = filled_text(given, "@ipv6")
        if six not in {None, "yes", "no"}:
            refuse(f"Invalid ipv6 setting '{six}' in network '{name}'")
        self.attributes["ipv6"] = "yes" if six == "yes" else None
        self.attributes["trustGuestRxFilters"] = values.truth(given, "trustGuestRxFilters")
        domain = given.find("domain")
        if domain is not None:
            local, called = values.truth(domain, "localOnly"), domain.get("name")
            if called is not None:
                self._keep(make("domain", {"name": called, "localOnly": local}))
        for part in (common.bandwidth(given), common.vlan(given), common.isolated(given)):
            self._keep(part)
        _check_bridge(name, given)
        self._keep(_mac(name, given))
        self._keep(_mtu(name, given))

    def read_layers(self) -> None:
        """Read names, ports, addresses, and the way out."""
        given, name = self.given, self.name
        names = given.find("dns")
        if names is not None:
            self._keep(dns.read(name, names))
        self._keep(common.virtualport(given, typed=True))
        for group in given.iterfind("portgroup"):
            self._keep(portgroup(group))
        for ip in given.iterfind("ip"):
            self._keep(addressing.read(name, ip))
        for route in given.iterfind("route"):
            self._keep(addressing.route(name, route))
        for route in self.of("route"):
            self._check_gateway(route)
        out = given.find("forward")
        if out is not None:
            self._keep(forward.read(name, out))

    def _check_gateway(self, route: etree._Element) -> None:
        gateway = ipaddress.ip_address(route.get("gateway", ""))
        if not any(gateway in addressing.net_of(ip) for ip in self.of("ip")):
            unsupported(f"unreachable static route gateway '{gateway}' specified for network '{self.name}'")


def _check_bridge(name: str, given: etree._Element) -> None:
    delay = filled_text(given, "bridge/@delay")
    if delay is not None and values.number(delay, most=values.NUMBER) is None:
        refuse(f"Invalid delay value in network '{name}'")
    manager = filled_text(given, "bridge/@macTableManager")
    if manager is not None and manager not in _MANAGERS:
        refuse(f"Invalid macTableManager setting '{manager}' in network '{name}'")


def _mac(name: str, given: etree._Element) -> etree._Element | None:
    text = filled_text(given, "mac/@address")
    if text is None:
        return None
    normal = values.mac(text)
    if normal is None:
        refuse(f"Invalid bridge mac address '{text}' in network '{name}'")
    if values.is_multicast(normal):
        refuse(f"Invalid multicast bridge mac address '{text}' in network '{name}'")
    return make("mac", {"address": normal})


def _mtu(name: str, given: etree._Element) -> etree._Element | None:
    text = filled_text(given, "mtu/@size")
    if text is None:
        return None
    size = values.number(text)
    if size is None:
        refuse(f"Invalid mtu size '{text}' in network '{name}'")
    return make("mtu", {"size": str(size)}) if size else None


def portgroup(given: etree._Element) -> etree._Element:
    """Return the port group *given* as libvirt keeps it."""
    name = filled_text(given, "@name")
    if name is None:
        refuse("Missing required name attribute in portgroup")
    default = "yes" if (given.get("default") or "").lower() == "yes" else None
    trust = values.truth(given, "trustGuestRxFilters")
    virtualport, bandwidth = common.virtualport(given), common.bandwidth(given)
    parts = [part for part in (common.vlan(given), virtualport, bandwidth) if part is not None]
    return make("portgroup", {"name": name, "default": default, "trustGuestRxFilters": trust}, *parts)


def _check_mode(name: str, given: etree._Element, mode: str, parts: _Parts) -> None:
    """Refuse what does not go with the forward *mode*."""
    devices = [each for out in parts.of("forward") for each in out if each.tag in {"interface", "address"}]
    functions = [each for out in parts.of("forward") for each in out.iterfind("pf")]
    if mode in {"route", "nat", "open"}:
        if not parts.of("ip"):
            refuse(f"{mode} forwarding requested, but no IP address provided for network '{name}'")
        if len(devices) > 1:
            what = "multiple forwarding interfaces specified"
            refuse(f"{what} for network '{name}', only one is supported")
        if mode == "open" and devices:
            refuse(f"forward dev not allowed for network '{name}' with forward mode='{mode}'")
    bridge = filled_text(given, "bridge/@name")
    if mode in {"private", "vepa", "passthrough", "hostdev"}:
        for key, what in (
            ("name", "name"),
            ("zone", "zone"),
            ("macTableManager", "macTableManager setting"),
        ):
            if filled_text(given, f"bridge/@{key}") is not None:
                refuse(f"bridge {what} not allowed in {mode} mode (network '{name}')")
    if mode not in forward.OWN_BRIDGE:
        delay, stp, zone = (filled_text(given, f"bridge/@{key}") for key in ("delay", "stp", "zone"))
        if int(delay or 0) or stp is not None or zone is not None:
            only = "bridge delay/stp/zone options only allowed in route, nat, and isolated mode"
            refuse(f"{only}, not in {mode} (network '{name}')")
        if bridge is not None and (devices or functions):
            refuse(
                f"A network with forward mode='{mode}' can specify a bridge name or a forward dev, "
                f"but not both (network '{name}')"
            )
        if parts.of("mtu"):
            only = "mtu size only allowed in open, route, nat, and isolated mode"
            refuse(f"{only}, not in {mode} (network '{name}')")


def _bridge(given: etree._Element, mode: str) -> etree._Element | None:
    texts = {key: filled_text(given, f"bridge/@{key}") for key in ("name", "zone", "macTableManager")}
    own = mode in forward.OWN_BRIDGE
    if not own and texts["name"] is None and texts["macTableManager"] is None:
        return None
    stp = "off" if filled_text(given, "bridge/@stp") == "off" else "on"
    delay = values.number(filled_text(given, "bridge/@delay") or "0", most=values.NUMBER)
    return make(
        "bridge",
        {
            "name": texts["name"],
            "zone": texts["zone"],
            "stp": stp if own else None,
            "delay": str(delay) if own else None,
            "macTableManager": texts["macTableManager"],
        },
    )


def _metadata(given: etree._Element) -> etree._Element | None:
    found = given.find("metadata")
    if found is None:
        return None
    from copy import deepcopy

    from lxml import etree

    made, spaces = deepcopy(found), set()
    made.tail = None
    for child in list(made):
        space = str(child.tag).partition("}")[0] if str(child.tag).startswith("{") else ""
        if not space or space in spaces:
            made.remove(child)
        spaces.add(space)
    for child in made:
        etree.indent(child, level=2)
    return made


def _options(given: etree._Element) -> etree._Element | None:
    found = given.findall(f"{{{DNSMASQ}}}options/{{{DNSMASQ}}}option")
    if not found:
        return None
    from lxml import etree

    made = etree.Element(f"{{{DNSMASQ}}}options", nsmap={"dnsmasq": DNSMASQ})
    for each in found:
        value = each.get("value")
        if value is None:
            refuse("No dnsmasq options value specified", c.VIR_ERR_INTERNAL_ERROR)
        etree.SubElement(made, f"{{{DNSMASQ}}}option", {"value": value})
    return made


def _with_namespace(bare: etree._Element) -> etree._Element:
    """Return *bare* as an element that declares dnsmasq's namespace."""
    from lxml import etree

    made = etree.Element("network", dict(bare.attrib), nsmap={"dnsmasq": DNSMASQ})
    made.extend(list(bare))
    return made
