"""The API of libvirt-python's module ``libvirt_qemu``: past libvirt, to QEMU and the guest agent."""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from virtkit import clock
from virtkit.fake import constants as c
from virtkit.fake.call import connection_call
from virtkit.fake.errors import no_support
from virtkit.fake.monitor.events import NUMBERS, Filter, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.connection import virConnect
    from virtkit.fake.domain import virDomain
    from virtkit.fake.store.session import Session

VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_REGEX = 1
VIR_CONNECT_DOMAIN_QEMU_MONITOR_EVENT_REGISTER_NOCASE = 2
VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK = -2
VIR_DOMAIN_QEMU_AGENT_COMMAND_MIN = -2
VIR_DOMAIN_QEMU_AGENT_COMMAND_DEFAULT = -1
VIR_DOMAIN_QEMU_AGENT_COMMAND_NOWAIT = 0
VIR_DOMAIN_QEMU_AGENT_COMMAND_SHUTDOWN = 60
VIR_DOMAIN_QEMU_MONITOR_COMMAND_DEFAULT = 0
VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP = 1


def qemuAgentCommand(domain: virDomain, cmd: str, timeout: int, flags: int) -> str:
    """Return the guest agent's reply to the JSON *cmd*."""
    return domain._qemu_agent_command(cmd, timeout, flags)


def qemuMonitorCommand(domain: virDomain, cmd: str, flags: int) -> str:
    """Return what QEMU's monitor answers to *cmd*: JSON, or (flag HMP) a line as for people."""
    return domain._qemu_monitor_command(cmd, flags)


def qemuMonitorCommandWithFiles(
    domain: virDomain, cmd: str, files: list[int] | None = None, flags: int | None = 0
) -> tuple[str, list[IO[Any]]]:
    """Return what the monitor answers to *cmd*, and no files: QEMU gives none back. *files* are not used."""
    return (domain._qemu_monitor_command(cmd, flags or 0), [])


def qemuAttach(conn: virConnect, pid_value: int, flags: int) -> virDomain:
    """Raise that the driver does not do that any more."""
    no_support("virDomainQemuAttach", c.VIR_FROM_NONE)


@connection_call("virConnectDomainQemuMonitorEventRegister", write=True)
def _check(_conn: virConnect, _session: Session) -> None:
    """Check that the connection may listen to monitors."""


def qemuMonitorEventRegister(
    conn: virConnect,
    dom: virDomain | None,
    event: str | None,
    cb: Callable[..., Any],
    opaque: Any,
    flags: int | None = 0,
) -> int:
    """Have *cb* called as ``cb(conn, dom, event, seconds, micros, details, opaque)``; return a number.

    The fake's monitors tell of what libvirt tells of too: STOP, RESUME, RESET, SHUTDOWN and their like.
    """
    _check(conn)
    which = Filter(event, flags or 0)

    def listener(number: int) -> Callable[..., None]:
        def hear(own: virConnect, domain: virDomain, *arguments: Any) -> None:
            found = said(number, arguments[:-1])
            if found is not None and which.lets(found[0]):
                now = clock.current().time()
                cb(own, domain, found[0], int(now), int(now % 1 * 1e6), found[1], opaque)

        return hear

    uuid = None if dom is None else dom._o.uuid
    ids = [conn._events.register(each, uuid, listener(each), None, legacy=True) for each in NUMBERS]
    vars(conn).setdefault("qemuMonitorEventCallbackID", {})[ids[0]] = opaque
    vars(conn).setdefault("_monitor_callbacks", {})[ids[0]] = ids
    return ids[0]


def qemuMonitorEventDeregister(conn: virConnect, callbackID: int) -> None:
    """Have a callback not called any more."""
    for number in vars(conn).get("_monitor_callbacks", {}).pop(callbackID, [callbackID]):
        conn._events.deregister(number)
    vars(conn)["qemuMonitorEventCallbackID"].pop(callbackID, None)
