"""Attributes as libvirt's parsers read them: numbers, truths, addresses, MACs; and building elements."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING, TypeAlias

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from typing import NoReturn

    from lxml import etree

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

_MAC = re.compile(r"([0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){5})(?:[\0- ].*)?\Z", re.DOTALL)
_NUMBER = {10: re.compile(r"\s*\+?(\d+)\Z"), 0: re.compile(r"\s*\+?(0[xX][0-9a-fA-F]+|\d+)\Z")}
_WORD = (1 << 32) - 1
NUMBER = (1 << 64) - 1


def refuse(detail: str, code: int = c.VIR_ERR_XML_ERROR, source: int = c.VIR_FROM_NETWORK) -> NoReturn:
    """Raise that a document cannot be: an XML error of the network part, unless it says otherwise."""
    fail(code, source, detail)


def unsupported(detail: str) -> NoReturn:
    """Raise that a document asks for what libvirt does not support."""
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_NETWORK, detail)


def filled_text(element: etree._Element | None, path: str) -> str | None:
    """Return what ``string(path)`` of *element* is, None for nothing: attributes as ``@name``."""
    if element is None:
        return None
    way, _, attribute = path.partition("@")
    found = element.find(way.rstrip("/")) if way else element
    if found is None:
        return None
    text = found.get(attribute) if attribute else "".join(str(part) for part in found.itertext())
    return text or None


def number(text: str, *, base: int = 10, most: int = _WORD) -> int | None:
    """Return the unsigned number that *text* is, or None."""
    found = _NUMBER[base].match(text)
    if found is None:
        return None
    digits = found[1]
    if base == 0 and digits.lower().startswith("0x"):
        value = int(digits, 16)
    elif base == 0 and digits.startswith("0"):
        value = int(digits, 8) if set(digits) <= set("01234567") else most + 1
    else:
        value = int(digits)
    return value if value <= most else None


def unsigned(
    element: etree._Element,
    name: str,
    *,
    base: int = 10,
    required: bool = False,
    nonzero: bool = False,
    most: int = _WORD,
) -> int | None:
    """Return the attribute *name*, an unsigned number; None if it is not there."""
    text = element.get(name)
    tag = str(element.tag)
    if text is None:
        if required:
            refuse(f"Missing required attribute '{name}' in element '{tag}'", source=c.VIR_FROM_XML)
        return None
    value = number(text, base=base, most=most)
    where = f"Invalid value for attribute '{name}' in element '{tag}':"
    if value is None:
        refuse(f"{where} '{text}'. Expected non-negative integer value", source=c.VIR_FROM_XML)
    if nonzero and value == 0:
        refuse(f"{where} Zero is not permitted", source=c.VIR_FROM_XML)
    return value


def choice(element: etree._Element | None, name: str, choices: tuple[str, ...]) -> str | None:
    """Return the attribute *name*, which is one of *choices*; None if it is not there."""
    text = None if element is None else element.get(name)
    if text is not None and text not in choices and element is not None:
        message = f"Invalid value for attribute '{name}' in element '{element.tag!s}': '{text}'."
        refuse(message, source=c.VIR_FROM_XML)
    return text


def truth(element: etree._Element | None, name: str) -> str | None:
    """Return the attribute *name*, ``yes`` or ``no``; None if it is not there."""
    return choice(element, name, ("yes", "no"))


def address(text: str, family: int = socket.AF_UNSPEC) -> Address | None:
    """Return the IP address that *text* is in any notation, or None."""
    try:
        found = socket.getaddrinfo(text, None, family, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None
    return ipaddress.ip_address(str(found[0][4][0]).partition("%")[0])


def given_address(text: str) -> Address:
    """Return the IP address that *text* is, or raise what libvirt says of one that nobody explains."""
    found = address(text)
    if found is None:
        message = f"Cannot parse socket address '{text}': Name or service not known"
        refuse(message, c.VIR_ERR_SYSTEM_ERROR, c.VIR_FROM_NONE)
    return found


def mac(text: str) -> str | None:
    """Return the MAC address that *text* is, in libvirt's notation, or None."""
    found = _MAC.match(text)
    return None if found is None else ":".join(f"{int(part, 16):02x}" for part in found[1].split(":"))


def is_multicast(normal: str) -> bool:
    """Return whether the MAC address *normal* means many."""
    return bool(int(normal[:2], 16) & 1)


def make(
    tag: str, attributes: dict[str, str | None] | None = None, *children: etree._Element
) -> etree._Element:
    """Return an element with the attributes that are not None, and the children."""
    from lxml import etree

    made = etree.Element(tag, {key: text for key, text in (attributes or {}).items() if text is not None})
    made.extend(children)
    return made


def text_element(tag: str, text: str) -> etree._Element:
    """Return an element that holds *text*."""
    made = make(tag)
    made.text = text
    return made
