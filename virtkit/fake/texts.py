"""libvirt's words: every message of the fake comes from here."""

from __future__ import annotations

# code: the message without a detail, the message around one
PREFIXES: dict[int, tuple[str, str]] = {
    1: ("internal error", "internal error: %s"),
    2: ("out of memory", "out of memory: %s"),
    3: (
        "this function is not supported by the connection driver",
        "this function is not supported by the connection driver: %s",
    ),
    5: ("no connection driver available", "no connection driver available for %s"),
    6: ("invalid connection pointer in", "invalid connection pointer in %s"),
    7: ("invalid domain pointer in", "invalid domain pointer in %s"),
    8: ("invalid argument", "invalid argument: %s"),
    9: ("operation failed", "operation failed: %s"),
    21: ("missing name information", "missing name information in %s"),
    27: ("XML description is invalid or not well formed", "XML error: %s"),
    29: ("operation forbidden", "operation forbidden: %s"),
    35: ("invalid XML document", "%s"),
    38: ("system call error", "%s"),
    39: ("RPC error", "%s"),
    42: ("Domain not found", "Domain not found: %s"),
    45: ("authentication failed", "authentication failed: %s"),
    55: ("Requested operation is not valid", "Requested operation is not valid: %s"),
    67: ("unsupported configuration", "unsupported configuration: %s"),
    68: ("Timed out during operation", "Timed out during operation: %s"),
    74: ("argument unsupported", "argument unsupported: %s"),
    78: ("operation aborted", "operation aborted: %s"),
    80: ("metadata not found", "metadata not found: %s"),
    84: ("Operation not supported", "Operation not supported: %s"),
    86: ("Guest agent is not responding", "Guest agent is not responding: %s"),
}
UNKNOWN = ("unknown error", "%s")

# VIR_FROM_*: how libvirt calls that part when it prints an error
DOMAINS: dict[int, str] = {
    5: "XML Util",
    6: "Domain",
    7: "XML-RPC",
    9: "Config File",
    10: "QEMU Driver",
    11: "Network",
    12: "Test Driver",
    13: "Remote Driver",
    17: "LXC Driver",
    18: "Storage Driver",
    19: "Network Driver",
    20: "Domain Config",
    22: "Node Device Driver",
    24: "Security Driver",
    26: "Network Interface Driver",
    30: "Secrets Driver",
    31: "CPU Driver",
    33: "Network Filter Driver",
    35: "Domain Snapshot",
    38: "I/O Stream Utils",
    40: "Event Loop",
    45: "URI Utils",
    46: "Authentication Utils",
    69: "Domain Checkpoint",
}
