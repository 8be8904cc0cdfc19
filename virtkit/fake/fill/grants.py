"""What a host lends to its running guests: numbers of taps, terminals and display ports."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.parts import Parts
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

KEY = "grants"  # of a record's extra
_TAPS = {"network", "bridge", "ethernet"}
_CHARACTERS = ("serial", "parallel", "channel", "console")
_FIRST_PORT = 5900
_NEXT_TAP, _TERMINALS, _PORTS = "next tap", "terminals", "display ports"


def wishes(parts: Parts) -> tuple[int, int, int]:
    """Return how many taps, terminals and ports a guest is lent."""
    taps = terminals = ports = 0
    serials = bool(parts.of("serial"))
    for device in parts.devices:
        tag = device.tag
        if tag == "interface":
            taps += device.get("type") in _TAPS
        elif tag == "graphics":
            ports += wants_port(device)
        elif tag in _CHARACTERS and device.get("type", "pty") == "pty":
            if tag == "console" and serials:
                target = device.find("target")
                terminals += target is not None and target.get("type", "serial") != "serial"
            else:
                terminals += 1
    return (taps, terminals, ports)


def wants_port(graphics: etree._Element) -> bool:
    """Return whether the host chooses the port of a display."""
    auto = graphics.get("autoport")
    if graphics.get("type") == "vnc":
        listen = graphics.find("listen")
        nowhere = listen is not None and listen.get("type") in {"socket", "none"}
        chosen = auto == "yes" or (auto != "no" and graphics.get("port") in {None, "-1"})
        return chosen and not nowhere and graphics.get("socket") is None
    return graphics.get("type") == "spice" and (
        auto == "yes" or (graphics.get("port") == "-1" and graphics.get("tlsPort") == "-1")
    )


def give(session: Session, record: DomainRecord, wanted: tuple[int, int, int]) -> dict[str, Any] | None:
    """Lend *record*'s guest what it wants, and return the numbers; None if it wants nothing."""
    if not any(wanted):
        return None
    taps, terminals, ports = wanted
    first = session.setting(_NEXT_TAP) or 0
    if taps:
        session.put_setting(_NEXT_TAP, first + taps)
    given = {
        "tap": first,
        "terminals": _take(session, _TERMINALS, terminals, 0),
        "ports": _take(session, _PORTS, ports, _FIRST_PORT),
    }
    record.extra[KEY] = given
    return given


def _take(session: Session, key: str, count: int, lowest: int) -> list[int]:
    """Take the *count* lowest free numbers."""
    if not count:
        return []
    taken = session.setting(key) or []
    busy, number = set(taken), lowest
    found: list[int] = []
    while len(found) < count:
        if number not in busy:
            found.append(number)
        number += 1
    session.put_setting(key, taken + found)
    return found


def port_id(domain: str, number: int, mac: str) -> str:
    """Return the UUID of the port that a domain's interface has while the domain has the id *number*."""
    return str(uuid.uuid5(uuid.UUID(domain), f"port {number} {mac}"))


def release(session: Session, record: DomainRecord) -> None:
    """Take back what *record*'s guest was lent."""
    given = record.extra.pop(KEY, None)
    if given is None:
        return
    for key, name in ((_TERMINALS, "terminals"), (_PORTS, "ports")):
        if given[name]:
            back = set(given[name])
            session.put_setting(key, [each for each in session.setting(key) or [] if each not in back])
