"""The filters that a fresh libvirt has, in few words.

A line is a filter: its name, its chain with the priority if that is not the chain's own, its entries. An
entry is ``+FILTER``, or a rule: the action's and the direction's first letters, the priority, then what it
looks at.
"""

from __future__ import annotations

_ACTIONS = {"a": "accept", "d": "drop", "r": "return"}
_DIRECTIONS = {"i": "in", "o": "out", "b": "inout"}
_ASK = "srcportstart=68 dstportstart=67"
_ANSWER = "protocol=udp srcportstart=67 dstportstart=68"
_ASK6 = "srcipaddr=fe80:: srcipmask=10 dstipaddr=ff02::1:2 protocol=udp srcportstart=546 dstportstart=547"
_ANSWER6 = "protocol=udp srcportstart=547 dstportstart=546"
_ANY_ASK = f"ao 100 ip srcipaddr=0.0.0.0 dstipaddr=255.255.255.255 protocol=udp {_ASK}"
_REST = "do 1000"
_RARP = (
    "dstmacaddr=ff:ff:ff:ff:ff:ff opcode=Request_Reverse arpsrcmacaddr=$MAC arpdstmacaddr=$MAC "
    "arpsrcipaddr=0.0.0.0 arpdstipaddr=0.0.0.0"
)
_FILTERS: dict[str, tuple[str, list[str]]] = {
    "allow-arp": ("arp", ["ab 500"]),
    "allow-dhcp": ("ipv4", [_ANY_ASK, f"ai 100 ip {_ANSWER}"]),
    "allow-dhcp-server": ("ipv4", [_ANY_ASK, f"ai 100 ip srcipaddr=$DHCPSERVER {_ANSWER}"]),
    "allow-dhcpv6": ("ipv6", [f"ao 100 ipv6 {_ASK6}", f"ai 100 ipv6 {_ANSWER6}"]),
    "allow-dhcpv6-server": (
        "ipv6",
        [f"ao 100 ipv6 {_ASK6}", f"ai 100 ipv6 srcipaddr=$DHCPSERVER {_ANSWER6}"],
    ),
    "allow-incoming-ipv4": ("ipv4", ["ai 500"]),
    "allow-incoming-ipv6": ("ipv6", ["ai 500"]),
    "allow-ipv4": ("ipv4", ["ab 500"]),
    "allow-ipv6": ("ipv6", ["ab 500"]),
    "clean-traffic": (
        "root",
        [
            *("+no-mac-spoofing", "+no-ip-spoofing", "ao -650 mac protocolid=ipv4", "+allow-incoming-ipv4"),
            *("+no-arp-spoofing", "ab -500 mac protocolid=arp", "+no-other-l2-traffic"),
            "+qemu-announce-self",
        ],
    ),
    "clean-traffic-gateway": (
        "root",
        [
            *("+no-mac-spoofing", "+no-ip-spoofing", "+no-arp-spoofing", "ab -500 mac protocolid=arp"),
            *("ai 500 mac srcmacaddr=$GATEWAY_MAC", "ao 500 mac dstmacaddr=$GATEWAY_MAC"),
            *("+no-other-l2-traffic", "+qemu-announce-self"),
        ],
    ),
    "no-arp-ip-spoofing": ("arp-ip -510", ["ro 400 arp arpsrcipaddr=$IP", _REST]),
    "no-arp-mac-spoofing": ("arp-mac -520", ["ro 350 arp arpsrcmacaddr=$MAC", _REST]),
    "no-arp-spoofing": ("root", ["+no-arp-mac-spoofing", "+no-arp-ip-spoofing"]),
    "no-ip-multicast": ("ipv4", ["do 500 ip dstipaddr=224.0.0.0 dstipmask=4"]),
    "no-ip-spoofing": (
        "ipv4-ip -710",
        ["ro 100 ip srcipaddr=0.0.0.0 protocol=udp", "ro 500 ip srcipaddr=$IP", _REST],
    ),
    "no-ipv6-multicast": ("ipv6", ["do 500 ipv6 dstipaddr=ff00:: dstipmask=8"]),
    "no-ipv6-spoofing": (
        "ipv6-ip -610",
        [
            "ro 100 ipv6 srcipaddr=fe80:: srcipmask=10 protocol=udp",
            "ro 500 ipv6 srcipaddr=$IPV6",
            _REST,
        ],
    ),
    "no-mac-broadcast": ("ipv4", ["do 500 mac dstmacaddr=ff:ff:ff:ff:ff:ff"]),
    "no-mac-spoofing": ("mac", ["ro 500 mac srcmacaddr=$MAC", "do 500 mac"]),
    "no-other-l2-traffic": ("root", ["db 1000"]),
    "no-other-rarp-traffic": ("rarp", ["db 1000"]),
    "qemu-announce-self": (
        "root",
        ["ao 500 mac protocolid=0x835", "+qemu-announce-self-rarp", "+no-other-rarp-traffic"],
    ),
    "qemu-announce-self-rarp": ("rarp", [f"ao 500 rarp srcmacaddr=$MAC {_RARP}", f"ai 500 rarp {_RARP}"]),
}


def documents() -> dict[str, str]:
    """Return the filters' documents by name, without UUIDs."""
    return {name: _document(name, *parts) for name, parts in _FILTERS.items()}


def _document(name: str, chain: str, entries: list[str]) -> str:
    suffix, _, priority = chain.partition(" ")
    given = f" priority='{priority}'" if priority else ""
    body = "".join(_entry(entry) for entry in entries)
    return f"<filter name='{name}' chain='{suffix}'{given}>{body}</filter>"


def _entry(text: str) -> str:
    if text.startswith("+"):
        return f"<filterref filter='{text[1:]}'/>"
    letters, priority, *looks = text.split()
    inner = ""
    if looks:
        attributes = "".join(" {}='{}'".format(*each.split("=", 1)) for each in looks[1:])
        inner = f"<{looks[0]}{attributes}/>"
    action, direction = _ACTIONS[letters[0]], _DIRECTIONS[letters[1]]
    return f"<rule action='{action}' direction='{direction}' priority='{priority}'>{inner}</rule>"
