"""What is plugged into a network: ports of the domains that run, and those that callers make."""

from __future__ import annotations

import uuid
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill.grants import port_id
from virtkit.fake.network import common, server, values
from virtkit.fake.network.forward import OWN_BRIDGE, mode_of
from virtkit.fake.network.records import FROM, NetworkRecord, text_of, tree_of
from virtkit.fake.network.values import filled_text, make, refuse, text_element, unsupported
from virtkit.fake.reading import parse_uuid, read

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

Port: TypeAlias = "dict[str, Any]"  # uuid, text, dev (of the network's pool), and of a domain's: domain, id
_PLUGS = ("none", "network", "bridge", "direct", "hostdev-pci")
_MODES = ("vepa", "private", "bridge", "passthrough")
_FIRST_CLASS = 3
_DIRECT = {"802.1Qbg", "802.1Qbh"}


def _internal(detail: str) -> NoReturn:
    refuse(detail, c.VIR_ERR_INTERNAL_ERROR)


def parse(xml: str, *, validate: bool = False) -> etree._Element:
    """Return the port that *xml* describes, as libvirt keeps it."""
    given = read(xml, "networkport_definition", "networkport", FROM, "networkport.rng" if validate else "")
    identity = _uuid(given, "uuid", "network port has no uuid")
    name = filled_text(given, "owner/name")
    if name is None:
        _internal("network port has no owner name")
    owner = _uuid(given, "owner/uuid", "network port has no owner UUID")
    group = filled_text(given, "group")
    profile = common.virtualport(given)
    text = filled_text(given, "mac/@address")
    if text is None:
        _internal("network port has no mac")
    mac = values.mac(text or "")
    if mac is None:
        _internal(f"Unable to parse MAC '{text}'")
    bandwidth = common.bandwidth(given, floor=True, class_id=True)
    vlan, isolated = common.vlan(given), common.isolated(given)
    trust = values.truth(given.find("rxfilters"), "trustGuest")
    filters = None if trust is None else make("rxfilters", {"trustGuest": trust})
    holder = make("owner", None, text_element("name", name or ""), text_element("uuid", owner))
    parts = [
        text_element("uuid", identity),
        holder,
        None if group is None else text_element("group", group),
        make("mac", {"address": mac}),
        *(profile, bandwidth, vlan, isolated, filters),
        _plug(given.find("plug")),
    ]
    return make("networkport", None, *(part for part in parts if part is not None))


def _uuid(given: etree._Element, path: str, missing: str) -> str:
    text = filled_text(given, path)
    if text is None:
        _internal(missing)
    found = parse_uuid(text or "")
    if found is None:
        _internal(f"Unable to parse UUID '{text}'")
    return found or ""


def _plug(given: etree._Element | None) -> etree._Element | None:
    kind = values.choice(given, "type", _PLUGS)
    if given is None or kind in {None, "none"}:
        return None
    if kind in {"network", "bridge"}:
        bridge, manager = given.get("bridge"), given.get("macTableManager")
        if bridge is None:
            refuse("Missing network port bridge name")
        if manager is not None and manager not in {"kernel", "libvirt"}:
            refuse(f"Invalid macTableManager setting '{manager}' in network port")
        return make("plug", {"type": kind, "bridge": bridge, "macTableManager": manager})
    if kind == "direct":
        dev, mode = given.get("dev"), given.get("mode")
        if dev is None:
            refuse("Missing network port link device name")
        if mode is not None and mode not in _MODES:
            refuse(f"Invalid mode setting '{mode}' in network port")
        return make("plug", {"type": kind, "dev": dev, "mode": mode or _MODES[0]})
    managed, driver = values.truth(given, "managed"), filled_text(given, "driver/@name")
    if driver is not None and driver not in {"kvm", "vfio"}:
        refuse("Missing network port driver name")
    address = given.find("address")
    if address is None:
        refuse("Missing network port PCI address")
    made = make("plug", {"type": kind, "managed": managed})
    if driver is not None:
        made.append(make("driver", {"name": driver}))
    made.append(make("address", common.pci_address(address)))
    return made


# of the domains


def of_domain(record: DomainRecord, interface: etree._Element) -> etree._Element:
    """Return the port that a domain asks for with *interface*."""
    source = interface.find("source")
    given = None if source is None else source.get("portid")
    mac = server.mac_of(interface)
    identity = given or port_id(record.uuid, record.id, mac)
    group = None if source is None else source.get("portgroup")
    trust = interface.get("trustGuestRxFilters")
    parts = [
        text_element("uuid", identity),
        make("owner", None, text_element("name", record.name), text_element("uuid", record.uuid)),
        None if group is None else text_element("group", group),
        make("mac", {"address": mac}),
        common.virtualport(interface),
        common.bandwidth(interface, floor=True),
        common.vlan(interface),
        common.isolated(interface),
        None if trust is None else make("rxfilters", {"trustGuest": trust}),
    ]
    return make("networkport", None, *(part for part in parts if part is not None))


def sync(session: Session, network: NetworkRecord) -> None:
    """Bring the ports of *network* up to date with the domains that run."""
    running = [record for record in session.all() if record.active and record.facts.links]
    there = {(record.uuid, record.id) for record in running}
    network.ports = [
        port for port in network.ports if "domain" not in port or (port["domain"], port["id"]) in there
    ]
    if not network.active:
        return
    known = {port["uuid"] for port in network.ports}
    for record in running:
        if ("network", network.name) not in record.facts.links:
            continue
        for interface in server.nics(server.source_of(record), network):
            if values.filled_text(interface, "source/@network") is None:
                continue
            port = of_domain(record, interface)
            if (port.findtext("uuid") or "") not in known:
                made = allocate(network, port)
                network.ports.append({**made, "domain": record.uuid, "id": record.id})


def check(
    session: Session, network: NetworkRecord, record: DomainRecord, interfaces: list[etree._Element]
) -> None:
    """Refuse to plug *interfaces* of a domain into *network* where they find no place there."""
    if mode_of(network.tree) in OWN_BRIDGE and network.tree.find("bandwidth") is None:
        return
    sync(session, network)
    trial = NetworkRecord(
        network.key, network.name, network.definition, active=True, ports=list(network.ports)
    )
    for interface in interfaces:
        if values.filled_text(interface, "source/@network") is not None:
            trial.ports.append(allocate(trial, of_domain(record, interface)))


# plugging in


def allocate(network: NetworkRecord, given: etree._Element) -> Port:
    """Return the port that *given* becomes when it is plugged into *network*."""
    tree, port = network.tree, deepcopy(given)
    name = filled_text(port, "group")
    groups = tree.findall("portgroup")
    chosen = (each for each in groups if (each.get("name") == name if name else each.get("default") == "yes"))
    group = next(chosen, None)
    _inherit(port, tree, group)
    profile, kind = port.find("virtualport"), None
    if profile is not None:
        kind = profile.get("type")
    mode, dev = mode_of(tree), ""
    if mode in OWN_BRIDGE:
        if profile is not None:
            what = f"<virtualport type='{kind or 'none'}'> not supported for network '{network.name}'"
            unsupported(f"{what} which uses IP forwarding")
        plug = _bridge_plug(tree, "network")
    elif mode == "hostdev":
        _check_profile(network, kind, profile, _DIRECT, "an SR-IOV Virtual Function via PCI passthrough")
        plug, dev = _hostdev_plug(network, tree)
    elif mode == "bridge" and tree.find("bridge[@name]") is not None:
        _check_profile(network, kind, profile, {"openvswitch"}, "a bridge device")
        plug = _bridge_plug(tree, "bridge")
    else:
        _check_profile(network, kind, profile, _DIRECT, "a macvtap device")
        dev = _direct_device(network, tree, mode, kind)
        plug = make("plug", {"type": "direct", "dev": dev, "mode": mode})
    check_bandwidth(network, port.find("bandwidth"), filled_text(port, "mac/@address") or "")
    bandwidth = port.find("bandwidth")
    if bandwidth is not None and common.rates(bandwidth.find("inbound")).get("floor"):
        used = {tree_of(each["text"]).find("bandwidth[@classID]") for each in network.ports} - {None}
        numbers = {each.get("classID") for each in used if each is not None}
        number = next(
            n for n in range(_FIRST_CLASS, len(numbers) + _FIRST_CLASS + 1) if str(n) not in numbers
        )
        bandwidth.set("classID", str(number))
    if profile is not None:
        _complete_profile(profile)
    port.append(plug)
    return {"uuid": port.findtext("uuid"), "text": text_of(port), "dev": dev}


def reclaim(network: NetworkRecord, port: etree._Element) -> Port:
    """Return the port that *port*, which says where it is plugged in, is."""
    plug = port.find("plug")
    assert plug is not None  # noqa: S101
    dev = ""
    if plug.get("type") in {"network", "bridge"}:
        if network.tree.find("bridge[@name]") is None:
            _internal("Unexpectedly got a network port without a network bridge")
    elif plug.get("type") == "direct":
        dev = plug.get("dev", "")
        if dev not in _pool(network.tree):
            found = f"doesn't have dev='{dev}' in use by network port '{port.findtext('uuid')}'"
            _internal(f"network '{network.name}' {found}")
        if _uses(network, dev) and mode_of(network.tree) == "passthrough":
            _internal(f"network '{network.name}' claims dev='{dev}' is already in use by a different port")
    else:
        dev = _place(plug.find("address"))
        if dev not in _pool(network.tree):
            _internal(f"network '{network.name}' doesn't have PCI device {dev} in use by network port")
    return {"uuid": port.findtext("uuid"), "text": text_of(port), "dev": dev}


def _inherit(port: etree._Element, tree: etree._Element, group: etree._Element | None) -> None:
    """Give *port* what its group or else the network says and it does not."""
    _default(port, group, None, "bandwidth")
    _default(port, group, tree, "vlan")
    if port.find("rxfilters") is None:
        for holder in (group, tree):
            trust = None if holder is None else holder.get("trustGuestRxFilters")
            if trust is not None:
                _insert(port, make("rxfilters", {"trustGuest": trust}))
                break
    _default(port, None, tree, "port")
    for holder in (tree, group):
        profile = None if holder is None else holder.find("virtualport")
        own = port.find("virtualport")
        if profile is not None and own is None:
            _insert(port, deepcopy(profile))
        elif profile is not None and own is not None:
            _merge(own, profile)


def _default(
    port: etree._Element, first: etree._Element | None, second: etree._Element | None, tag: str
) -> None:
    if port.find(tag) is None:
        for holder in (first, second):
            found = None if holder is None else holder.find(tag)
            if found is not None:
                _insert(port, deepcopy(found))
                return


_ORDER = ("uuid", "owner", "group", "mac", "virtualport", "bandwidth", "vlan", "port", "rxfilters", "plug")


def _insert(port: etree._Element, part: etree._Element) -> None:
    rank = _ORDER.index(str(part.tag))
    port.insert(sum(_ORDER.index(str(child.tag)) < rank for child in port), part)


def _merge(own: etree._Element, other: etree._Element) -> None:
    first, second = own.get("type"), other.get("type")
    if first and second and first != second:
        refuse(
            f"attempt to merge virtualports with mismatched types ({first} and {second})",
            source=c.VIR_FROM_NET,
        )
    if second:
        own.set("type", second)
    given = other.find("parameters")
    if given is None:
        return
    kept = own.find("parameters")
    if kept is None:
        kept = make("parameters")
        own.append(kept)
    for key, text in given.attrib.items():
        old = kept.get(key)
        if old is not None and old != text:
            shown = f"{old} and {text}" if text.isdigit() else f"'{old}' and '{text}'"
            refuse(f"attempt to merge virtualports with mismatched {key}s ({shown})", source=c.VIR_FROM_NET)
        kept.set(key, text)


def _complete_profile(profile: etree._Element) -> None:
    kind, parameters = profile.get("type"), profile.find("parameters")
    needed = {"802.1Qbg": ("managerid", "typeid", "typeidversion"), "802.1Qbh": ("profileid",)}
    for key in needed.get(kind or "", ("interfaceid",) if kind == "midonet" else ()):
        if parameters is None or not parameters.get(key):
            refuse(f"missing {key} in <virtualport type='{kind}'>", source=c.VIR_FROM_NET)
    made = {"802.1Qbg": "instanceid", "openvswitch": "interfaceid"}.get(kind or "")
    if made is not None:
        if parameters is None:
            parameters = make("parameters")
            profile.append(parameters)
        if parameters.get(made) is None:
            parameters.set(made, str(uuid.uuid4()))


def _check_profile(
    network: NetworkRecord, kind: str | None, profile: etree._Element | None, allowed: set[str], what: str
) -> None:
    if profile is not None and kind not in allowed:
        unsupported(
            f"<virtualport type='{kind or 'none'}'> not supported for network '{network.name}' "
            f"which uses {what}"
        )


def _bridge_plug(tree: etree._Element, kind: str) -> etree._Element:
    bridge = tree.find("bridge")
    assert bridge is not None  # noqa: S101
    manager = bridge.get("macTableManager")
    return make("plug", {"type": kind, "bridge": bridge.get("name"), "macTableManager": manager})


def _place(address: etree._Element | None) -> str:
    if address is None:
        return ""
    parts = [int(address.get(key, "0"), 16) for key in ("domain", "bus", "slot", "function")]
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*parts)


def _pool(tree: etree._Element) -> dict[str, etree._Element]:
    """Return the devices of a network's pool by name or place."""
    forward = tree.find("forward")
    if forward is None:
        return {}
    found = {each.get("dev", ""): each for each in forward.iterfind("interface")}
    return {**found, **{_place(each): each for each in forward.iterfind("address")}}


def _uses(network: NetworkRecord, dev: str) -> int:
    return sum(port["dev"] == dev for port in network.ports)


def _exclusive(network: NetworkRecord, pool: dict[str, etree._Element]) -> str:
    dev = next((dev for dev in pool if not _uses(network, dev)), None)
    if dev is None:
        what = "requires exclusive access to interfaces, but none are available"
        _internal(f"network '{network.name}' {what}")
    return dev or ""


def _hostdev_plug(network: NetworkRecord, tree: etree._Element) -> tuple[etree._Element, str]:
    pool = _pool(tree)
    dev = _exclusive(network, pool)
    forward = tree.find("forward")
    assert forward is not None  # noqa: S101
    plug = make("plug", {"type": "hostdev-pci", "managed": forward.get("managed")})
    driver = filled_text(forward, "driver/@name")
    if driver is not None:
        plug.append(make("driver", {"name": driver}))
    place = {key: str(text) for key, text in pool[dev].attrib.items() if key != "type"}
    plug.append(make("address", dict(place)))
    return plug, dev


def _direct_device(network: NetworkRecord, tree: etree._Element, mode: str, kind: str | None) -> str:
    pool = _pool(tree)
    if not pool:
        what = "uses a direct mode, but has no forward dev and no interface pool"
        _internal(f"network '{network.name}' {what}")
    if mode == "passthrough" or (mode == "private" and kind == "802.1Qbh"):
        return _exclusive(network, pool)
    return min(pool, key=lambda dev: _uses(network, dev))


# bandwidth


def check_bandwidth(
    network: NetworkRecord, bandwidth: etree._Element | None, mac: str, *, but: str = ""
) -> None:
    """Refuse a guaranteed rate that *network* cannot give; *but*: the port that is to change."""
    floor = 0 if bandwidth is None else common.rates(bandwidth.find("inbound")).get("floor", 0)
    if not floor:
        return
    invalid = f"Invalid use of 'floor' on interface with MAC address {mac}"
    if mode_of(network.tree) not in OWN_BRIDGE:
        only = "'floor' is only supported for interface type 'network' with forward type"
        refuse(f"{invalid} - {only} 'nat', 'route', 'open' or none", c.VIR_ERR_OPERATION_UNSUPPORTED)
    own = network.tree.find("bandwidth/inbound")
    if own is None:
        refuse(
            f"{invalid} - network '{network.name}' has no inbound QoS set", c.VIR_ERR_OPERATION_UNSUPPORTED
        )
    rates = common.rates(own)
    total = floor
    for port in network.ports:
        if port["uuid"] != but:
            total += common.rates(tree_of(port["text"]).find("bandwidth/inbound")).get("floor", 0)
    key = "peak" if rates.get("peak") else "average"
    if total > rates[key]:
        bridge = filled_text(network.tree, "bridge/@name")
        fail(
            c.VIR_ERR_OPERATION_INVALID,
            FROM,
            f"Cannot plug '{mac}' interface into '{bridge}' because new combined inbound floor={total} "
            f"would overcommit {key}={rates[key]} on network '{network.name}'",
        )


def shown(network: NetworkRecord, *, inactive: bool) -> str:
    """Return the document of *network* with the numbers of what is plugged in, unless the *inactive* one."""
    if inactive:
        tree = tree_of(network.inactive)
        if tree.find("forward/pf") is None:
            return network.inactive
        tree = deepcopy(tree)
        for each in (*tree.findall("forward/interface"), *tree.findall("forward/address")):
            tree.find("forward").remove(each)  # type: ignore[union-attr]
        return text_of(tree)
    if not network.ports:
        return network.definition
    tree = deepcopy(network.tree)
    others = {str(key): str(text) for key, text in tree.attrib.items()}
    tree.attrib.clear()
    tree.attrib.update({"connections": str(len(network.ports)), **others})
    for each in tree.iterfind("forward/interface"):
        count = _uses(network, each.get("dev", ""))
        if count:
            each.set("connections", str(count))
    return text_of(tree)


def with_bandwidth(network: NetworkRecord, port: Port, parameters: dict[str, int]) -> str:
    """Return the document of *port* with the bandwidth of the typed *parameters* instead of its own."""
    found: dict[str, dict[str, int]] = {"inbound": {}, "outbound": {}}
    for name, value in parameters.items():
        way, _, key = name.partition(".")
        if way in found:
            found[way][key] = int(value)
    made = common.bandwidth_element(found["inbound"], found["outbound"])
    tree = deepcopy(tree_of(port["text"]))
    check_bandwidth(network, made, filled_text(tree, "mac/@address") or "", but=port["uuid"])
    old = tree.find("bandwidth")
    if old is not None:
        if old.get("classID") is not None and found["inbound"].get("floor"):
            made.set("classID", str(old.get("classID")))
        tree.remove(old)
    _insert(tree, made)
    return text_of(tree)
