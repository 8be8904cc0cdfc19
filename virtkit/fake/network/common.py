"""What networks, port groups and ports have in common: bandwidth, VLAN tags, virtual ports, PCI addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.network import values
from virtkit.fake.network.values import make, refuse
from virtkit.fake.reading import parse_uuid

if TYPE_CHECKING:
    from lxml import etree

_RATES = ("average", "peak", "burst", "floor")
_SHOWN_RATES = ("average", "peak", "floor", "burst")
_LARGEST_TAG = 4095
VPORTS = ("802.1Qbg", "802.1Qbh", "openvswitch", "midonet")
# by parameter of a virtual port: the largest number (None: no number), and the types that show it
_PARAMETERS: dict[str, tuple[int | None, tuple[str | None, ...]]] = {
    "managerid": (0xFF, ("802.1Qbg", None)),
    "typeid": (0xFFFFFF, ("802.1Qbg", None)),
    "typeidversion": (0xFF, ("802.1Qbg", None)),
    "instanceid": (None, ("802.1Qbg", None)),
    "interfaceid": (None, ("midonet", "openvswitch", None)),
    "profileid": (None, ("openvswitch", "802.1Qbh", None)),
}
_EXTRAS = {
    "802.1Qbg": ("profileid", "interfaceid"),
    "802.1Qbh": ("managerid", "typeid", "typeidversion", "instanceid", "interfaceid"),
    "openvswitch": ("managerid", "typeid", "typeidversion", "instanceid"),
}
_LONGEST_PROFILE = 39


def _fail(detail: str, code: int = c.VIR_ERR_XML_ERROR) -> NoReturn:
    refuse(detail, code, c.VIR_FROM_NONE)


def bandwidth(
    parent: etree._Element, *, floor: bool = False, class_id: bool = False
) -> etree._Element | None:
    """Return the bandwidth of *parent* as libvirt keeps it; *floor*: whether guarantees are allowed."""
    given = parent.find("bandwidth")
    if given is None:
        return None
    number = given.get("classID")
    if number is not None and not class_id:
        message = "classID attribute not supported on <bandwidth> in this usage context"
        _fail(message, c.VIR_ERR_XML_DETAIL)
    for way in ("inbound", "outbound"):
        if len(given.findall(way)) > 1:
            _fail(f"Only one child <{way}> element allowed", c.VIR_ERR_XML_DETAIL)
    inbound, outbound = (_rate(given.find(way)) for way in ("inbound", "outbound"))
    if inbound and inbound.get("floor") and not floor:
        _fail("floor attribute is not supported for this config", c.VIR_ERR_CONFIG_UNSUPPORTED)
    if outbound and outbound.get("floor"):
        _fail("'floor' attribute allowed only in <inbound> element", c.VIR_ERR_CONFIG_UNSUPPORTED)
    if inbound is None and outbound is None:
        return None
    made = bandwidth_element(inbound or {}, outbound or {})
    if number and number != "0":
        made.set("classID", number)
    return made


def bandwidth_element(inbound: dict[str, int], outbound: dict[str, int]) -> etree._Element:
    """Return the element of these rates; a rate of 0 is none."""
    made = make("bandwidth")
    for tag, rates in (("inbound", inbound), ("outbound", outbound)):
        if rates.get("average") or rates.get("floor"):
            shown = {key: str(rates[key]) for key in _SHOWN_RATES if rates.get(key)}
            made.append(make(tag, dict(shown)))
    return made


def rates(element: etree._Element | None) -> dict[str, int]:
    """Return the rates of an inbound or outbound element that libvirt keeps."""
    return {} if element is None else {key: int(element.get(key, "0")) for key in _RATES}


def _rate(given: etree._Element | None) -> dict[str, int] | None:
    if given is None:
        return None
    texts = {key: given.get(key) for key in _RATES}
    average = texts["average"]
    _convert(texts, "average")
    if average is None and texts["floor"] is None:
        _fail("Missing mandatory average or floor attributes", c.VIR_ERR_XML_DETAIL)
    if average is None and (texts["peak"] is not None or texts["burst"] is not None):
        _fail("'peak' and 'burst' require 'average' attribute", c.VIR_ERR_CONFIG_UNSUPPORTED)
    return {key: _convert(texts, key) for key in _RATES}


def _convert(texts: dict[str, str | None], key: str) -> int:
    text = texts[key]
    if text is None:
        return 0
    value = values.number(text, most=values.NUMBER)
    if value is None:
        _fail(f"could not convert bandwidth {key} value '{text}'", c.VIR_ERR_CONFIG_UNSUPPORTED)
    return value


def vlan(parent: etree._Element) -> etree._Element | None:
    """Return the VLAN tags of *parent* as libvirt keeps them."""
    given = parent.find("vlan")
    if given is None:
        return None
    tags = given.findall("tag")
    if not tags:
        _fail("missing tag id - each <vlan> must have at least one <tag id='n'/> subelement")
    made = make("vlan")
    native: tuple[int, str] | None = None
    numbers = []
    for tag in tags:
        number = values.unsigned(tag, "id", required=True) or 0
        if number > _LARGEST_TAG:
            _fail(f"vlan tag id {number} too large (maximum 4095)")
        mode = values.choice(tag, "nativeMode", ("tagged", "untagged"))
        if mode is not None:
            if native is not None:
                _fail("duplicate native vlan setting")
            native = (number, mode)
        numbers.append(number)
    if _is_trunk(values.filled_text(given, "@trunk"), len(tags), native is not None):
        made.set("trunk", "yes")
    for number in numbers:
        mode = native[1] if native is not None and native[0] == number else None
        made.append(make("tag", {"id": str(number), "nativeMode": mode}))
    return made


def _is_trunk(text: str | None, count: int, native: bool) -> bool:
    if text is None:
        return count > 1
    if text.lower() == "yes":
        return True
    if count > 1:
        _fail(f"invalid \"trunk='{text}'\" in <vlan> - trunk='yes' is required for more than one vlan tag")
    if native:
        _fail("invalid configuration in <vlan> - \"trunk='no'\" is not allowed with a native vlan id")
    if text.lower() != "no":
        _fail(f"invalid \"trunk='{text}'\" in <vlan> - must be yes or no")
    return False


def virtualport(parent: etree._Element, *, typed: bool = False) -> etree._Element | None:
    """Return the virtual port of *parent* as libvirt keeps it; *typed*: whether it must say its type."""
    given = parent.find("virtualport")
    if given is None:
        return None
    kind = given.get("type")
    if kind is not None and kind not in VPORTS:
        _fail(f"unknown virtualport type {kind}", c.VIR_ERR_CONFIG_UNSUPPORTED)
    if kind is None and typed:
        _fail("missing required virtualport type")
    parameters = given.find("parameters")
    texts = (
        {}
        if parameters is None
        else {key: str(parameters.get(key)) for key in _PARAMETERS if key in parameters.attrib}
    )
    kept = {key: _parameter(key, text) for key, text in texts.items()}
    for key in _EXTRAS.get(kind or "", ()):
        if kept.get(key):
            message = f"extra {key} unsupported in <virtualport type='{kind}'>"
            refuse(message, source=c.VIR_FROM_NET)
    shown = {key: text for key, text in kept.items() if kind in _PARAMETERS[key][1] and text}
    if kind is None and not any(kept.values()):
        return None
    made = make("virtualport", {"type": kind})
    if any(kept.values()):
        made.append(make("parameters", dict(shown)))
    return made


def _parameter(key: str, text: str) -> str:
    largest = _PARAMETERS[key][0]
    if largest is not None:
        value = values.number(text, base=0)
        if value is None:
            _fail(f"cannot parse value of {key} parameter")
        if value > largest:
            _fail(f"value {'for' if key == 'typeid' else 'of'} {key} out of range")
        return str(value)
    if key == "profileid":
        if len(text) > _LONGEST_PROFILE:
            _fail("profileid parameter too long")
        return text
    identity = parse_uuid(text)
    if identity is None:
        _fail(f"cannot parse {key} parameter as a uuid")
    return identity


def isolated(parent: etree._Element) -> etree._Element | None:
    """Return the element that says whether ports are kept from each other, if it says so."""
    text = values.truth(parent.find("port"), "isolated")
    return None if text is None else make("port", {"isolated": text})


def pci_address(given: etree._Element) -> dict[str, str | None]:
    """Return the attributes of the PCI address *given* as libvirt writes them."""
    parts = {key: values.unsigned(given, key, base=0) or 0 for key in ("domain", "bus", "slot", "function")}
    if any(parts[key] for key in ("domain", "bus", "slot")):
        for key, most in (("bus", 0xFF), ("slot", 0x1F), ("function", 7)):
            if parts[key] > most:
                shown = f"{parts[key]:#x}" if key == "function" else f"'{parts[key]:#x}'"
                limit = str(most) if key == "function" else f"0x{most:X}"
                message = f"Invalid PCI address {key}={shown}, must be <= {limit}"
                refuse(message, source=c.VIR_FROM_NONE)
    return {
        "domain": f"0x{parts['domain']:04x}",
        "bus": f"0x{parts['bus']:02x}",
        "slot": f"0x{parts['slot']:02x}",
        "function": f"0x{parts['function']}",
    }
