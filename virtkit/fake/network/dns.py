"""The dns element of a network: forwarders, and records of three kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.network import values
from virtkit.fake.network.values import make, refuse

if TYPE_CHECKING:
    from lxml import etree

_LETTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+/")
_LONGEST_SERVICE = 512 - 30
_LARGEST = 65535


def _detail(detail: str) -> NoReturn:
    refuse(detail, c.VIR_ERR_XML_DETAIL)


def read(network: str, given: etree._Element) -> etree._Element | None:
    """Return the dns element *given* as libvirt keeps it; None when it says nothing."""
    made = make("dns", {key: values.truth(given, key) for key in ("enable", "forwardPlainNames")})
    made.extend([_forwarder(network, each) for each in given.iterfind("forwarder")])
    hosts = [host(network, each) for each in given.iterfind("host")]
    services = [srv(network, each) for each in given.iterfind("srv")]
    made.extend([txt(network, each) for each in given.iterfind("txt")])
    made.extend(services)
    made.extend(hosts)
    if made.get("enable") == "no" and len(made):
        refuse(f"Extra data in disabled network '{network}'")
    return made if len(made) or made.attrib else None


def _forwarder(network: str, given: etree._Element) -> etree._Element:
    text, domain = given.get("addr"), given.get("domain")
    address = None if text is None else values.address(text)
    if text is not None and address is None:
        refuse(f"Invalid forwarder IP address '{text}' in network '{network}'")
    if not text and domain is None:
        refuse("Invalid forwarder element, must contain at least one of addr or domain")
    return make("forwarder", {"domain": domain, "addr": None if address is None else str(address)})


def host(network: str, given: etree._Element, *, partial: bool = False) -> etree._Element:
    """Return a host record as libvirt keeps it; *partial*: it is there to be looked for."""
    record = f"in network '{network}' DNS HOST record"
    text = given.get("ip")
    if text is None and not partial:
        _detail(f"Missing IP address {record}")
    address = None if text is None else values.address(text)
    if text is not None and address is None:
        _detail(f"Invalid IP address {record}")
    names = [name.text or "" for name in given.iterfind("hostname") if name.text or len(name)]
    if "" in names or (not names and not partial):
        _detail(f"Missing hostname {record}")
    if address is None and not names:
        _detail(f"Missing ip and hostname {record}")
    made = make("host", {"ip": None if address is None else str(address)})
    made.extend([values.text_element("hostname", name) for name in names])
    return made


def srv(network: str, given: etree._Element, *, partial: bool = False) -> etree._Element:
    """Return a service record as libvirt keeps it; *partial*: it is there to be looked for."""
    service, protocol = given.get("service"), given.get("protocol")
    if service is None and not partial:
        _detail(f"missing required service attribute in DNS SRV record of network '{network}'")
    if service is not None:
        if len(service) > _LONGEST_SERVICE:
            _detail(
                f"service attribute '{service}' in network '{network}' is too long, "
                f"limit is {_LONGEST_SERVICE} bytes"
            )
        if set(service) - _LETTERS - set("_*"):
            where = f"in DNS SRV record of network '{network}'"
            _detail(f"invalid character in service attribute '{service}' {where}")
    if protocol is None and not partial:
        where = f"in DNS SRV record '{service}' of network '{network}'"
        _detail(f"missing required protocol attribute {where}")
    if protocol is not None and set(protocol) - _LETTERS:
        where = f"in DNS SRV record of network '{network}'"
        _detail(f"invalid character in protocol attribute '{protocol}' {where}")
    made = make("srv", {"service": service, "protocol": protocol, "domain": given.get("domain")})
    target = given.get("target")
    if target is not None:
        made.set("target", target)
    for key in ("port", "priority", "weight"):
        value = _srv_number(given, key, f"for service '{service or '(null)'}' in network '{network}'")
        if value:
            made.set(key, str(value))
    return made


def _srv_number(given: etree._Element, key: str, where: str) -> int | None:
    text = given.get(key)
    if not text:
        return None
    value = values.number(text)
    if value is not None and given.get("target") is None:
        _detail(f"DNS SRV {key} attribute not permitted without target {where}")
    if value is None or value > _LARGEST or (key == "port" and value < 1):
        _detail(f"{'Invalid' if key == 'priority' else 'invalid'} DNS SRV {key} attribute {where}")
    return value


def txt(network: str, given: etree._Element, *, partial: bool = False) -> etree._Element:
    """Return a text record as libvirt keeps it; *partial*: it is there to be looked for."""
    name, value = given.get("name"), given.get("value")
    if name is None:
        _detail(f"missing required name attribute in DNS TXT record of network {network}")
    if set(name) & set(" ,"):
        _detail(f"prohibited character in DNS TXT record name '{name}' of network {network}")
    if value is None and not partial:
        _detail(f"missing required value attribute in DNS TXT record named '{name}' of network {network}")
    return make("txt", {"name": name, "value": value})
