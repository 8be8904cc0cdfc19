"""Which operation a driver takes in which state, and what it answers when it does not.

One row per operation: what happens to a domain that is off, running, paused. ``None`` goes ahead,
``NOTHING`` succeeds without doing anything, else it is the error: its code, its text ({name}: the
domain's) and which part of libvirt reports it (None: the driver).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from virtkit.fake import constants as c

Answer: TypeAlias = "tuple[int, str, int | None] | None"
Row: TypeAlias = "tuple[Answer, Answer, Answer]"

NOTHING: Answer = (0, "", None)
_OFF = (c.VIR_ERR_OPERATION_INVALID, "domain is not running", c.VIR_FROM_DOMAIN)
_ON = (c.VIR_ERR_OPERATION_INVALID, "domain is already running", None)
_NOT_RUNNING = (c.VIR_ERR_OPERATION_INVALID, "domain is not running", None)
_NEEDS_ACTIVE: Row = (_OFF, None, None)
_TEST_NOT_RUNNING = (c.VIR_ERR_INTERNAL_ERROR, "domain '{name}' not running", None)
_TEST_NOT_PAUSED = (c.VIR_ERR_INTERNAL_ERROR, "domain '{name}' not paused", None)
_TEST_RUNNING = (c.VIR_ERR_INTERNAL_ERROR, "Domain '{name}' is already running", None)

_COMMON: dict[str, Row] = {
    "destroy": _NEEDS_ACTIVE,
    "reboot": _NEEDS_ACTIVE,
    "reset": _NEEDS_ACTIVE,
    "save": _NEEDS_ACTIVE,
    "managedSave": _NEEDS_ACTIVE,
    "migrate": _NEEDS_ACTIVE,
    "live": _NEEDS_ACTIVE,
}
_QEMU: dict[str, Row] = {
    **_COMMON,
    "create": (None, _ON, _ON),
    "shutdown": (_NOT_RUNNING, None, _NOT_RUNNING),
    "suspend": (_OFF, None, NOTHING),
    "resume": (_OFF, _ON, None),
}
_TEST: dict[str, Row] = {
    **_COMMON,
    "create": (None, _TEST_RUNNING, _TEST_RUNNING),
    "shutdown": (_TEST_NOT_RUNNING, None, None),
    "suspend": (_TEST_NOT_RUNNING, None, _TEST_NOT_RUNNING),
    "resume": (_TEST_NOT_PAUSED, _TEST_NOT_PAUSED, None),
}

# what the test driver does not have, of what the fake models
_TEST_LACKS = """
    virConnectGetDomainCapabilities virConnectSetKeepAlive virConnectCompareCPU
    virDomainAbortJob virDomainAbortJobFlags virDomainGetJobInfo virDomainGetJobStats virDomainMigrate
    virDomainMigrate2 virDomainMigrate3 virDomainMigrateGetMaxSpeed virDomainMigrateSetMaxSpeed
    virDomainMigrateSetMaxDowntime virDomainMigrateGetMaxDowntime virDomainMigrateStartPostCopy
    virDomainSaveParams virDomainRestoreParams virDomainManagedSaveGetXMLDesc
    virDomainManagedSaveDefineXML virDomainQemuAgentCommand virDomainQemuMonitorCommand
    virConnectDomainQemuMonitorEventRegister
"""


@dataclass(frozen=True)
class Personality:
    """How one libvirt driver answers, where drivers differ."""

    name: str
    source: int  # VIR_FROM_*: who reports the driver's errors
    prefix: str  # of its C functions, as its messages name them
    rules: dict[str, Row]
    type_name: str
    lacks: frozenset[str] = field(default=frozenset())
    names_missing: bool = True  # "Domain not found" says which
    guest_decides: bool = True  # shutdown and reboot are requests
    tells_steps: bool = True  # the CPUs' start and stop are events of their own
    blind: dict[str, Any] = field(default_factory=dict)  # C functions that answer of a domain that is gone


QEMU = Personality(name="qemu", source=c.VIR_FROM_QEMU, prefix="qemu", rules=_QEMU, type_name="QEMU")
TEST = Personality(
    name="test",
    source=c.VIR_FROM_TEST,
    prefix="test",
    rules=_TEST,
    type_name="TEST",
    lacks=frozenset(_TEST_LACKS.split()),
    names_missing=False,
    guest_decides=False,
    tells_steps=False,
    blind={
        "virDomainGetOSType": "linux",
        "virDomainIsUpdated": 0,
        "virDomainGetLaunchSecurityInfo": {},
        "virDomainGetSchedulerType": ("fair", 1),
    },
)
