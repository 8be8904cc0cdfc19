"""virNetworkUpdate: one element put into, changed in or taken out of a network's document."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.network import addressing, definition, dns, values
from virtkit.fake.network.records import FROM, text_of, tree_of
from virtkit.fake.network.values import make, refuse
from virtkit.fake.reading import read_any

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_MODIFY, _DELETE = c.VIR_NETWORK_UPDATE_COMMAND_MODIFY, c.VIR_NETWORK_UPDATE_COMMAND_DELETE
_FIRST, _LAST = c.VIR_NETWORK_UPDATE_COMMAND_ADD_FIRST, c.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST
_ADD = {_FIRST, _LAST}
_BEFORE_DNS = ("domain", "mac", "mtu", "bridge", "forward", "metadata", "uuid")
_DNS_ORDER = ("forwarder", "txt", "srv", "host")
_DHCP_ORDER = ("range", "host", "bootp")


def updated(text: str, command: int, section: int, parent: int, xml: str, *, options: bool) -> str:
    """Return the document *text* with *xml* worked into it, if that can be a network.

    Raises:
        libvirtError: there is no such section or command, or the document does not allow it.
    """
    return text_of(definition.read(changed(text, command, section, parent, xml), options=options))


def changed(text: str, command: int, section: int, parent: int, xml: str) -> str:
    """Return the document *text* with *xml* worked into it, and no more looked at."""
    given = read_any(xml, "network_update_xml", FROM)
    tree = deepcopy(tree_of(text))
    handler = _SECTIONS.get(section)
    if section in _FIXED:
        _unable(f"can't update '{_FIXED[section]}' section of network '{tree.findtext('name')}'")
    if handler is None:
        _unable("can't update unrecognized section of network")
    handler(_Change(tree, command, parent, given))
    return text_of(tree)


class _Change:
    """One change: the tree that it is made to, the command, which parent, and the element."""

    def __init__(self, tree: etree._Element, command: int, parent: int, given: etree._Element) -> None:
        self.tree, self.command, self.parent, self.given = tree, command, parent, given
        self.name = tree.findtext("name") or ""

    @property
    def adds(self) -> bool:
        """Whether something is to be added."""
        return self.command in _ADD

    def check_tag(self, tag: str) -> None:
        """Refuse an element of another section."""
        if self.given.tag != tag:
            message = f"unexpected element <{self.given.tag!s}>, expecting <{tag}>"
            refuse(f"{message}, while updating network '{self.name}'")

    def check_command(self) -> None:
        """Refuse a command that there is not."""
        if self.command not in {_MODIFY, _DELETE, *_ADD}:
            _unable(f"unrecognized network update command code {self.command}")

    def insert(self, holder: etree._Element, new: etree._Element, order: tuple[str, ...]) -> None:
        """Put *new* first or last among its like in *holder*, whose children stand in *order*."""
        like = holder.findall(str(new.tag))
        if like and self.command == _FIRST:
            like[0].addprevious(new)
        elif like:
            like[-1].addnext(new)
        else:
            earlier = set(order[: order.index(str(new.tag))])
            holder.insert(sum(child.tag in earlier for child in holder), new)


def _unable(detail: str) -> NoReturn:
    refuse(detail, c.VIR_ERR_OPERATION_UNSUPPORTED)


def _invalid(detail: str) -> NoReturn:
    refuse(detail, c.VIR_ERR_OPERATION_INVALID)


def _ip(change: _Change) -> etree._Element:
    """Return the ip element that is meant: by its number, or the most fitting."""
    ips = change.tree.findall("ip")
    if change.parent >= 0:
        if change.parent >= len(ips):
            where = f"found at index {change.parent} in network '{change.name}'"
            _invalid(f"couldn't update dhcp host entry - no <ip> element {where}")
        return ips[change.parent]
    if not ips:
        where = f"found in network '{change.name}'"
        _invalid(f"couldn't update dhcp host entry - no <ip> element {where}")
    serving = [ip for ip in ips if ip.find("dhcp") is not None]
    return (serving or sorted(ips, key=addressing.family_of))[0]


def _check_other_dhcp(change: _Change, ip: etree._Element) -> None:
    family = addressing.family_of(ip)
    for other in change.tree.iterfind("ip"):
        if other is not ip and addressing.family_of(other) == family and other.find("dhcp") is not None:
            _invalid(f"dhcp is supported only for a single IPv{family} address on each network")


def _dhcp(ip: etree._Element) -> etree._Element:
    found = ip.find("dhcp")
    if found is None:
        found = make("dhcp")
        ip.append(found)
    return found


def _remove(entry: etree._Element) -> None:
    """Take *entry* out, and what held it if that is empty now."""
    holder = entry.getparent()
    assert holder is not None  # noqa: S101
    holder.remove(entry)
    empty = (
        not len(holder)
        if holder.tag == "dns"
        else holder.find("range") is None and not holder.findall("host")
    )
    above = holder.getparent()
    if holder.tag in {"dns", "dhcp"} and empty and not holder.attrib and above is not None:
        above.remove(holder)


def _same_mac(new: etree._Element, old: etree._Element) -> bool:
    first, second = new.get("mac"), old.get("mac")
    return first is not None and second is not None and values.mac(first) == values.mac(second)


def _same(new: etree._Element, old: etree._Element, key: str) -> bool:
    return new.get(key) is not None and new.get(key) == old.get(key)


def _dhcp_host(change: _Change) -> None:
    partial = change.command == _DELETE
    ip = _ip(change) if change.given.tag == "host" else None
    change.check_tag("host")
    assert ip is not None  # noqa: S101
    host = addressing.dhcp_host(change.name, ip, change.given, partial=partial)
    if not partial and values.given_address(host.get("ip", "")).version != addressing.family_of(ip):
        _family("a host entry IP")
    hosts = ip.findall("dhcp/host")
    alike = [
        old for old in hosts if _same_mac(host, old) or _same(host, old, "ip") or _same(host, old, "name")
    ]
    shown = [host.get("mac") or "unknown", host.get("name") or "(null)", host.get("ip")]
    if change.command == _MODIFY:
        if not alike:
            entry = "\"mac='{}'\" \"name='{}'\" \"ip='{}'\"".format(*shown)
            found = f"couldn't locate an existing dhcp host entry with {entry}"
            _invalid(f"{found} in network '{change.name}'")
        _dhcp(ip).replace(alike[0], host)
    elif change.adds:
        _check_other_dhcp(change, ip)
        if alike:
            entry = "\"<host mac='{}' name='{}' ip='{}'/>\"".format(*shown)
            where = f"in network '{change.name}' that matches {entry}"
            _invalid(f"there is an existing dhcp host entry {where}")
        change.insert(_dhcp(ip), host, _DHCP_ORDER)
    elif change.command == _DELETE:
        _delete_host(change, hosts, host)
    change.check_command()


def _delete_host(change: _Change, hosts: list[etree._Element], host: etree._Element) -> None:
    for old in hosts:
        macs = host.get("mac") is None or old.get("mac") is None or _same_mac(host, old)
        if macs and all(host.get(key) is None or _same(host, old, key) for key in ("name", "ip")):
            _remove(old)
            return
    _invalid(f"couldn't locate a matching dhcp host entry in network '{change.name}'")


def _family(what: str) -> NoReturn:
    _invalid(f"the address family of {what} must match the address family of the dhcp element's parent")


def _dhcp_range(change: _Change) -> None:
    ip = _ip(change) if change.given.tag == "range" else None
    change.check_tag("range")
    assert ip is not None  # noqa: S101
    if change.command == _MODIFY:
        _unable("dhcp ranges cannot be modified, only added or deleted")
    new = addressing.dhcp_range(change.name, ip, change.given)
    alike = [old for old in ip.iterfind("dhcp/range") if _same(new, old, "start") and _same(new, old, "end")]
    if change.adds:
        _check_other_dhcp(change, ip)
        if alike:
            entry = f"\"<range start='{new.get('start')}' end='{new.get('end')}'/>\""
            where = f"in network '{change.name}' that matches {entry}"
            _invalid(f"there is an existing dhcp range entry {where}")
        change.insert(_dhcp(ip), new, _DHCP_ORDER)
    elif change.command == _DELETE:
        if not alike:
            _invalid(f"couldn't locate a matching dhcp range entry in network '{change.name}'")
        _remove(alike[0])
    change.check_command()


def _interface(change: _Change) -> None:
    change.check_tag("interface")
    if change.command == _MODIFY:
        _unable("forward interface entries cannot be modified, only added or deleted")
    dev = change.given.get("dev")
    if dev is None:
        refuse("missing dev attribute in <interface> element")
    out = change.tree.find("forward")
    listed = [] if out is None else out.findall("interface")
    alike = [old for old in listed if old.get("dev") == dev]
    entry = f"<interface dev='{dev}'>"
    if change.adds:
        if alike:
            where = f"in network '{change.name}' that matches \"{entry}\""
            _invalid(f"there is an existing interface entry {where}")
        if out is not None:
            order = ("driver", "nat", "pf", "interface", "address")
            change.insert(out, make("interface", {"dev": dev}), order)
    elif change.command == _DELETE:
        if not alike:
            _invalid(f"couldn't find an interface entry in network '{change.name}' matching {entry}")
        alike[0].getparent().remove(alike[0])  # type: ignore[union-attr]
    change.check_command()
    if out is not None:
        _show_device(out)


def _show_device(out: etree._Element) -> None:
    first = out.find("interface")
    attributes = {str(key): str(text) for key, text in out.attrib.items() if key != "dev"}
    out.attrib.clear()
    if first is not None and out.find("pf") is None:
        out.set("dev", first.get("dev", ""))
    out.attrib.update(attributes)


def _portgroup(change: _Change) -> None:
    change.check_tag("portgroup")
    new = definition.portgroup(change.given)
    groups = change.tree.findall("portgroup")
    alike = [old for old in groups if _same(new, old, "name")]
    defaults = [old for old in groups if old.get("default") == "yes"]
    entry = f"<portgroup name='{new.get('name')}'>"
    if not alike and change.command in {_MODIFY, _DELETE}:
        _invalid(f"couldn't find a portgroup entry in network '{change.name}' matching {entry}")
    if alike and change.adds:
        where = f"in network '{change.name}' that matches \"{entry}\""
        _invalid(f"there is an existing portgroup entry {where}")
    if change.command != _DELETE and new.get("default") and defaults and defaults[-1:] != alike[-1:]:
        what = f"a different portgroup entry in network '{change.name}' is already set as the default."
        _invalid(f"{what} Only one default is allowed.")
    change.check_command()
    if change.command == _MODIFY:
        change.tree.replace(alike[-1], new)
    elif change.command == _DELETE:
        change.tree.remove(alike[-1])
    elif groups:
        groups[0].addprevious(new) if change.command == _FIRST else groups[-1].addnext(new)
    else:
        options = change.tree.find(f"{{{definition.DNSMASQ}}}options")
        change.tree.append(new) if options is None else options.addprevious(new)


def _names(change: _Change) -> etree._Element:
    found = change.tree.find("dns")
    if found is None:
        found = make("dns")
        before = next(each for tag in _BEFORE_DNS if (each := change.tree.find(tag)) is not None)
        before.addnext(found)
    return found


def _dns_host(change: _Change) -> None:
    _check_record(change, "HOST", "host")
    new = dns.host(change.name, change.given, partial=not change.adds)
    names = {each.text for each in new}
    alike = [
        old
        for old in change.tree.iterfind("dns/host")
        if _same(new, old, "ip") or (not change.adds and names & {each.text for each in old})
    ]
    _change_record(change, new, alike, "HOST", ("with a matching field", ""))


def _dns_srv(change: _Change) -> None:
    _check_record(change, "SRV", "srv")
    new = dns.srv(change.name, change.given, partial=not change.adds)
    keys = [key for key in ("domain", "service", "protocol", "target") if new.get(key) is not None]
    alike = [
        old for old in change.tree.iterfind("dns/srv") if all(new.get(key) == old.get(key) for key in keys)
    ]
    _change_record(change, new, alike, "SRV", ("matching all specified fields", "fields"))


def _check_record(change: _Change, kind: str, tag: str) -> None:
    if change.command == _MODIFY:
        _unable(f"DNS {kind} records cannot be modified, only added or deleted")
    change.check_tag(tag)


def _change_record(
    change: _Change, new: etree._Element, alike: list[etree._Element], kind: str, words: tuple[str, str]
) -> None:
    name = change.name
    if change.adds:
        if alike:
            _invalid(f"there is already at least one DNS {kind} record {words[0]} in network {name}")
        change.insert(_names(change), new, _DNS_ORDER)
    elif change.command == _DELETE:
        if not alike:
            _invalid(f"couldn't locate a matching DNS {kind} record in network {name}")
        if len(alike) > 1:
            if kind == "HOST":
                _invalid(f"multiple matching DNS HOST records were found in network {name}")
            _invalid(f"multiple DNS SRV records matching all specified fields were found in network {name}")
        _remove(alike[0])
    change.check_command()


def _dns_txt(change: _Change) -> None:
    _check_record(change, "TXT", "txt")
    new = dns.txt(change.name, change.given, partial=not change.adds)
    alike = [old for old in change.tree.iterfind("dns/txt") if _same(new, old, "name")]
    if change.adds:
        if alike:
            where = f"with name '{new.get('name')}' in network {change.name}"
            _invalid(f"there is already a DNS TXT record {where}")
        change.insert(_names(change), new, _DNS_ORDER)
    elif change.command == _DELETE:
        if not alike:
            _invalid(f"couldn't locate a matching DNS TXT record in network {change.name}")
        _remove(alike[0])
    change.check_command()


_FIXED = {
    c.VIR_NETWORK_SECTION_BRIDGE: "bridge",
    c.VIR_NETWORK_SECTION_DOMAIN: "domain",
    c.VIR_NETWORK_SECTION_IP: "ip",
    c.VIR_NETWORK_SECTION_FORWARD: "forward",
    c.VIR_NETWORK_SECTION_FORWARD_PF: "forward pf",
}
_SECTIONS: dict[int, Callable[[_Change], None]] = {
    c.VIR_NETWORK_SECTION_IP_DHCP_HOST: _dhcp_host,
    c.VIR_NETWORK_SECTION_IP_DHCP_RANGE: _dhcp_range,
    c.VIR_NETWORK_SECTION_FORWARD_INTERFACE: _interface,
    c.VIR_NETWORK_SECTION_PORTGROUP: _portgroup,
    c.VIR_NETWORK_SECTION_DNS_HOST: _dns_host,
    c.VIR_NETWORK_SECTION_DNS_TXT: _dns_txt,
    c.VIR_NETWORK_SECTION_DNS_SRV: _dns_srv,
}
