"""Stopping a domain for sure: ask, ask again, wait, and say why if it did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from virtkit import clock
from virtkit.binding.constants import ErrorCode, Shutdown
from virtkit.errors import AgentError, HostError, NotFound, NotSupported, OperationTimeout, WrongState

if TYPE_CHECKING:
    from virtkit.host.domain import Domain
    from virtkit.host.status import DomainStatus

Method = Literal["auto", "acpi", "agent"]
ASK_AGAIN = 15.0  # seconds; a guest that is booting has not heard the first time
POLL = 0.5


def stop(domain: Domain, timeout: float = 120, force: bool = False, method: Method = "auto") -> None:
    """Shut *domain* down and wait until it is off; `Domain.stop` describes it."""
    if not timeout >= 0:  # so written, it refuses NaN too
        raise ValueError(f"timeout={timeout!r}: give seconds, 0 or more")
    if method not in get_args(Method):
        raise ValueError(f"method={method!r}: choose one of {', '.join(map(repr, get_args(Method)))}")
    now = clock.current()
    end = now.monotonic() + timeout
    asked, ask_at = 0, now.monotonic()
    with domain.connection.events.of(domain.uuid) as event:
        while True:
            event.clear()
            if asked == 0 or ask_at <= now.monotonic() < end:
                asked += _ask(domain, method, again=asked > 0)
                ask_at = now.monotonic() + ASK_AGAIN
            status = _look(domain)
            if status is None or not status.active:
                return
            left = end - now.monotonic()
            if left <= 0 or (status.state == "paused" and asked == 0):
                break
            now.wait(event, min(POLL, left))
    if force:
        _destroy(domain)
        return
    if status.state == "paused":
        raise WrongState(
            f"it is {status}, and a paused guest hears nothing",
            uri=domain.connection.uri,
            operation="stop",
            name=domain.name,
            hint="resume it first; or force destroys it",
        )
    raise _not_stopped(domain, status, timeout, asked)


def _ask(domain: Domain, method: Method, *, again: bool) -> bool:
    """Ask the guest, and say whether it could be asked."""
    raw = domain.raw
    try:
        with domain.calling("stop"):
            if method == "agent":
                raw.shutdownFlags(Shutdown.GUEST_AGENT)
            elif method == "acpi" or again:  # an agent that hangs would block for a minute each time
                _press_button(domain)
            else:
                raw.shutdown()
    except (WrongState, NotFound):  # the state, read next, says which it is
        return False
    except AgentError as error:
        if "End of file" in error.message:  # the guest went down before its agent could answer
            return True
        if method == "agent":
            raise
        return False
    return True


def _press_button(domain: Domain) -> None:
    try:
        with domain.calling("stop"):
            domain.raw.shutdownFlags(Shutdown.ACPI_POWER_BTN)
    except WrongState:
        raise
    except HostError as error:  # containers have no such button; the test driver takes no flags
        if not isinstance(error, NotSupported) and error.code != ErrorCode.INVALID_ARG:
            raise
        domain.raw.shutdown()


def _look(domain: Domain) -> DomainStatus | None:
    try:
        return domain.status()
    except NotFound:  # transient: it has stopped, and that was all there was of it
        return None


def _destroy(domain: Domain) -> None:
    try:
        domain.destroy()
    except NotFound:
        return
    except WrongState:  # it stopped in this very moment, or else that is worth saying
        status = _look(domain)
        if status is not None and status.active:
            raise


def _not_stopped(domain: Domain, status: DomainStatus, timeout: float, asked: int) -> OperationTimeout:
    times = "once" if asked == 1 else f"{asked} times"
    why = [f"asked {times}", *_reasons(domain)]
    return OperationTimeout(
        f"still {status.state} after {timeout:g} s ({', '.join(why)})",
        uri=domain.connection.uri,
        operation="stop",
        name=domain.name,
        hint="is the guest booting or busy? A longer timeout waits on; force destroys it then",
    )


def _reasons(domain: Domain) -> list[str]:
    """What of its definition explains a guest that does not hear; best effort, for a message."""
    from virtkit import tree

    try:
        root = tree.parse(domain.xml(), "domain XML")
    except HostError:
        return []
    if root.get("type") not in {"kvm", "qemu", "hvf"}:
        return []
    agent = root.find("devices/channel/target[@name='org.qemu.guest_agent.0']")
    if agent is None:
        reasons = ["no guest agent channel"]
    elif agent.get("state") == "connected":
        reasons = ["guest agent connected"]
    else:
        reasons = ["guest agent not connected"]
    if root.find("features/acpi") is None:
        reasons.append("<acpi/> missing from its features, so it has no power button")
    return reasons
