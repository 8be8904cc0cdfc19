"""virDomain: the virtual CPUs that a guest uses, by what its agent says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.domain.asking import Asking, agent_call
from virtkit.fake.errors import fail, fail_argument, libvirtError

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class GuestCPUs(Asking):
    """guestVcpus, setGuestVcpus, and what vcpusFlags and setVcpusFlags do with VCPU_GUEST."""

    @agent_call("virDomainGetGuestVcpus")
    def _guest_vcpus(self, session: Session, record: DomainRecord, flags: int = 0) -> dict[str, str]:
        found = self._ask(session, record, "guest-get-vcpus")
        return {
            "vcpus": ranges(cpu["logical-id"] for cpu in found),
            "online": ranges(cpu["logical-id"] for cpu in found if cpu["online"]),
            "offlinable": ranges(cpu["logical-id"] for cpu in found if cpu["can-offline"]),
        }

    def guestVcpus(self, flags: int = 0) -> dict[str, str] | None:
        try:
            return self._guest_vcpus(flags)
        except libvirtError:
            return None  # libvirt-python reports the error, and does not raise it

    @agent_call("virDomainSetGuestVcpus")
    def setGuestVcpus(
        self, session: Session, record: DomainRecord, cpumap: str, state: int, flags: int = 0
    ) -> int:
        if state not in {0, 1}:
            source, function = self._host.personality.source, "qemuDomainSetGuestVcpus"
            fail_argument(source, "unsupported state value", function, "state")
        wanted = numbers(cpumap)
        found = self._ask(session, record, "guest-get-vcpus")
        for cpu in found:
            if cpu["logical-id"] in wanted and not state and not cpu["can-offline"]:
                message = f"vCPU '{cpu['logical-id']}' is not offlinable"
                self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        missing = wanted - {cpu["logical-id"] for cpu in found}
        if missing:
            self._refuse(f"guest is missing vCPUs '{ranges(missing)}'", c.VIR_ERR_INVALID_ARG)
        change = [{"logical-id": number, "online": bool(state)} for number in sorted(wanted)]
        if change:
            self._ask(session, record, "guest-set-vcpus", vcpus=change)
        return 0

    def _count_guest_vcpus(self, session: Session, record: DomainRecord, *, maximum: bool) -> int:
        """Return how many CPUs the guest uses, or (maximum) sees."""
        if not record.active:
            message = "vCPU count provided by the guest agent can only be requested for live domains"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)
        found = self._ask(session, record, "guest-get-vcpus")
        return sum(maximum or cpu["online"] for cpu in found)

    def _use_guest_vcpus(self, session: Session, record: DomainRecord, count: int) -> None:
        """Have the guest use *count* of its CPUs."""
        self._agent_there(record)
        if count > record.vcpus:
            message = "requested vcpu count is greater than the count of enabled vcpus in the domain"
            self._refuse(f"{message}: {count} > {record.vcpus}", c.VIR_ERR_INVALID_ARG)
        found = self._ask(session, record, "guest-get-vcpus")
        online = [cpu["logical-id"] for cpu in found if cpu["online"]]
        offline = [cpu["logical-id"] for cpu in found if not cpu["online"]]
        surplus = len(online) - count
        change = [number for number in online if number][: max(surplus, 0)] or offline[: max(-surplus, 0)]
        if change:
            vcpus = [{"logical-id": number, "online": surplus < 0} for number in change]
            self._ask(session, record, "guest-set-vcpus", vcpus=vcpus)


def ranges(found: Any) -> str:
    """Return numbers as libvirt writes a bitmap: ``0-3,5``."""
    parts: list[list[int]] = []
    for number in sorted(found):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def numbers(text: str) -> set[int]:
    """Return the numbers that the bitmap *text* names.

    Raises:
        libvirtError: it is none.
    """
    found: set[int] = set()
    try:
        for part in text.split(","):
            first, _, last = part.strip().removeprefix("^").partition("-")
            named = set(range(int(first), int(last or first) + 1))
            found = found - named if part.strip().startswith("^") else found | named
    except ValueError:
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, f"Failed to parse bitmap '{text}'")
    return found
