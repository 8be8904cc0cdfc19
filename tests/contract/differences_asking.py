"""Where the test driver answers the smaller calls on a domain otherwise than libvirt's QEMU driver."""

from __future__ import annotations

from typing import Any

from tests.contract.difference import Difference

_FRONT, _TEST = 20, None
_LACKS = {
    "abort of no job, off": "AbortJobFlags",
    "abort of no job": "AbortJobFlags",
    "abort of no postcopy": "AbortJobFlags",
    "abort with a flag": "AbortJobFlags",
    "downtime off": "MigrateSetMaxDowntime",
    "downtime": "MigrateSetMaxDowntime",
    "downtime with a flag": "MigrateSetMaxDowntime",
    "labels off": "GetSecurityLabelList",
    "launch secret": "SetLaunchSecurityState",
    "launch secret of nothing known": "SetLaunchSecurityState",
    "launch secret with a flag": "SetLaunchSecurityState",
}
_FLAGS = {"control with a flag": (1, "GetControlInfo"), "messages with a flag": (4, "GetMessages")}


def _lacks(function: str) -> tuple[Any, ...]:
    return (3, f"this function is not supported by the connection driver: virDomain{function}", _FRONT)


def _unknown(flag: int, function: str) -> tuple[Any, ...]:
    return (8, f"unsupported flags ({flag:#x}) in function testDomain{function}", _TEST)


ASKING: dict[str, Difference] = {
    **{name: Difference(_lacks(function), "it has no such call") for name, function in _LACKS.items()},
    **{name: Difference(_unknown(*flag), "the name of its C function") for name, flag in _FLAGS.items()},
    "kind of guest": Difference("linux", "it says so of every domain"),
}
