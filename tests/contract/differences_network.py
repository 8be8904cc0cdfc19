"""Where the test driver's networks are not like those of libvirt's network driver."""

from __future__ import annotations

from tests.contract.difference import Difference

TEST = 12  # VIR_FROM_TEST
_INVALID = "Requested operation is not valid: "
_NO_CHECK = "it takes whatever its parser takes"
_NO_BRIDGE = "it makes no bridge"

NETWORK: dict[str, Difference] = {
    "network create active": Difference(
        (55, TEST, _INVALID + "Network '{name}' is already running"), "its own check, with its own words"
    ),
    "network destroy inactive": Difference(None, "it does not look"),
    "network undefine active": Difference(
        (55, TEST, _INVALID + "Network '{name}' is still running"), "its own check, with its own words"
    ),
    "network undefine transient": Difference(
        (55, TEST, _INVALID + "Network '{name}' is still running"), "it asks only whether it runs"
    ),
    "network setAutostart transient": Difference(None, "it does not look"),
    "network gone": Difference(
        (43, TEST, "Network not found: no network with matching name '{name}'"), "it looks for the name"
    ),
    "network gone by uuid": Difference(
        (43, TEST, "Network not found: no network with matching uuid '{uuid}'"), "it forgets the name"
    ),
    "network validation": Difference(None, _NO_CHECK),
    "network live ports": Difference("", "it has no firewall whose ports it could tell of"),
    "network same address": Difference(None, _NO_BRIDGE),
    "network redefined": Difference(("one", "one", "one"), "it never takes the new document into force"),
    "network inactive flag": Difference(
        (8, TEST, "unsupported flags (0x1) in function testNetworkGetXMLDesc"), "it has one document"
    ),
    "network bridge": Difference(None, _NO_BRIDGE),
    "network start of domain": Difference(None, "its domains have no need of networks"),
    "network events of a stop": Difference(["STOPPED"], "it stops what does not run"),
}
