"""virDomain: what a guest tells of itself, as libvirt's typed parameters; its names and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.domain.asking import Asking, Silence, agent_call, disk_target
from virtkit.fake.errors import fail_argument
from virtkit.fake.network import leases

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

    Parameters = dict[str, Any]

_OS = ("id", "name", "pretty-name", "version", "version-id", "machine", "variant", "variant-id",
       "kernel-release", "kernel-version")  # fmt: skip


def _users(found: list[dict[str, Any]]) -> Parameters:
    made: Parameters = {"user.count": len(found)}
    for number, user in enumerate(found):
        made[f"user.{number}.name"] = user["user"]
        made[f"user.{number}.login-time"] = int(user["login-time"] * 1000)
    return made


def _system(found: dict[str, str]) -> Parameters:
    return {f"os.{key}": found[key] for key in _OS if key in found}


def _timezone(found: dict[str, Any]) -> Parameters:
    return {"timezone.name": found["zone"], "timezone.offset": found["offset"]}


def _hostname(found: dict[str, str]) -> Parameters:
    return {"hostname": found["host-name"]}


def _filesystems(found: list[dict[str, Any]]) -> Parameters:
    made: Parameters = {"fs.count": len(found)} if found else {}
    for number, each in enumerate(reversed(found)):
        prefix = f"fs.{number}"
        made[f"{prefix}.name"], made[f"{prefix}.mountpoint"] = each["name"], each["mountpoint"]
        made[f"{prefix}.fstype"] = each["type"]
        made[f"{prefix}.total-bytes"], made[f"{prefix}.used-bytes"] = each["total-bytes"], each["used-bytes"]
        made[f"{prefix}.disk.count"] = len(each["disk"])
        for place, disk in enumerate(each["disk"]):
            made[f"{prefix}.disk.{place}.alias"] = disk_target(disk["dev"])
            if "serial" in disk:
                made[f"{prefix}.disk.{place}.serial"] = disk["serial"]
            made[f"{prefix}.disk.{place}.device"] = disk["dev"]
    return made


def _disks(found: list[dict[str, Any]]) -> Parameters:
    made: Parameters = {"disk.count": len(found)} if found else {}
    for number, disk in enumerate(found):
        prefix = f"disk.{number}"
        made[f"{prefix}.name"], made[f"{prefix}.partition"] = disk["name"], disk["partition"]
        if disk["dependencies"]:
            made[f"{prefix}.dependency.count"] = len(disk["dependencies"])
        for place, name in enumerate(disk["dependencies"]):
            made[f"{prefix}.dependency.{place}.name"] = name
        address = disk.get("address")
        if address is not None:
            if "serial" in address:
                made[f"{prefix}.serial"] = address["serial"]
            made[f"{prefix}.alias"] = disk_target(disk["name"])
    return made


def _interfaces(found: list[dict[str, Any]]) -> Parameters:
    made: Parameters = {"if.count": len(found)} if found else {}
    for number, each in enumerate(found):
        addresses = each.get("ip-addresses", [])
        made[f"if.{number}.name"], made[f"if.{number}.hwaddr"] = each["name"], each["hardware-address"]
        made[f"if.{number}.addr.count"] = len(addresses)
        for place, address in enumerate(addresses):
            prefix = f"if.{number}.addr.{place}"
            made[f"{prefix}.type"] = address["ip-address-type"]
            made[f"{prefix}.addr"], made[f"{prefix}.prefix"] = address["ip-address"], address["prefix"]
    return made


# in the order in which libvirt asks
_KINDS: tuple[tuple[int, str, Callable[[Any], Parameters]], ...] = (
    (c.VIR_DOMAIN_GUEST_INFO_USERS, "guest-get-users", _users),
    (c.VIR_DOMAIN_GUEST_INFO_OS, "guest-get-osinfo", _system),
    (c.VIR_DOMAIN_GUEST_INFO_TIMEZONE, "guest-get-timezone", _timezone),
    (c.VIR_DOMAIN_GUEST_INFO_HOSTNAME, "guest-get-host-name", _hostname),
    (c.VIR_DOMAIN_GUEST_INFO_FILESYSTEM, "guest-get-fsinfo", _filesystems),
    (c.VIR_DOMAIN_GUEST_INFO_DISKS, "guest-get-disks", _disks),
    (c.VIR_DOMAIN_GUEST_INFO_INTERFACES, "guest-network-get-interfaces", _interfaces),
)
_KNOWN = sum(kind for kind, _, _ in _KINDS)
_FAMILIES = {"ipv4": c.VIR_IP_ADDR_TYPE_IPV4, "ipv6": c.VIR_IP_ADDR_TYPE_IPV6}


class GuestInfo(Asking):
    """guestInfo, and the agent's part of hostname and interfaceAddresses."""

    def _check_kinds(self, types: int = 0, _flags: int = 0) -> None:
        unknown = types & ~_KNOWN
        if unknown:
            message = f"unsupported guest information types '{unknown:#x}'"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)

    @agent_call("virDomainGetGuestInfo", before="_check_kinds")
    def guestInfo(
        self, session: Session, record: DomainRecord, types: int = 0, flags: int = 0
    ) -> dict[str, Any]:
        self._agent_there(record)
        made: dict[str, Any] = {}
        for kind, command, convert in _KINDS:
            if types & kind:
                made.update(convert(self._ask(session, record, command)))
            elif not types and (found := self._ask_if_it_can(session, record, command)) is not None:
                made.update(convert(found))
        return made

    def _agent_addresses(self, session: Session, record: DomainRecord) -> dict[str, Any]:
        """Return what interfaceAddresses gives, by the agent."""
        made: dict[str, Any] = {}
        for each in self._ask(session, record, "guest-network-get-interfaces"):
            addresses = [
                {
                    "addr": address["ip-address"],
                    "prefix": address["prefix"],
                    "type": _FAMILIES[address["ip-address-type"]],
                }
                for address in each.get("ip-addresses", [])
            ]
            made[each["name"]] = {"addrs": addresses or None, "hwaddr": each["hardware-address"]}
        return made

    def _source_known(self, source: int, flags: int = 0) -> None:
        if not self._host.personality.guest_decides and source > c.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP:
            self._unknown_source(source)

    @agent_call("virDomainInterfaceAddresses", write=False, before="_source_known")
    def interfaceAddresses(
        self, session: Session, record: DomainRecord, source: int, flags: int = 0
    ) -> dict[str, Any]:
        self._active(record)
        if not self._host.personality.guest_decides:
            return leases.invented(self._host, session, record)
        if source == c.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE:
            return leases.by_lease(self._host, session, record)
        if source == c.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT:
            return self._agent_addresses(session, record)
        if source == c.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP:
            return leases.by_arp(self._host, session, record)
        return self._unknown_source(source)

    def _unknown_source(self, source: int) -> NoReturn:
        self._refuse(f"Unknown IP address data source {source}", c.VIR_ERR_ARGUMENT_UNSUPPORTED)

    @agent_call("virDomainGetHostname")
    def hostname(self, session: Session, record: DomainRecord, flags: int = 0) -> str:
        lease, agent = c.VIR_DOMAIN_GET_HOSTNAME_LEASE, c.VIR_DOMAIN_GET_HOSTNAME_AGENT
        if flags & lease and flags & agent:
            first, second = "VIR_DOMAIN_GET_HOSTNAME_LEASE", "VIR_DOMAIN_GET_HOSTNAME_AGENT"
            message = f"Flags '{first}' and '{second}' are mutually exclusive"
            fail_argument(self._host.personality.source, message, "qemuDomainGetHostname", "ctl")
        self._active(record)
        if not self._host.personality.guest_decides:
            return f"{self._o.name}host"
        if not flags & lease:
            return self._agent_hostname(session, record)
        name = leases.hostname(self._host, session, record)
        if name is None:
            self._refuse(f"no hostname found for domain {record.name}", c.VIR_ERR_NO_HOSTNAME)
        return name

    def _agent_hostname(self, session: Session, record: DomainRecord) -> str:
        """Return the name that the agent tells. What keeps it from that is not told."""
        detail = f"no hostname found for domain {record.name}"
        try:
            found = self._ask_if_it_can(session, record, "guest-get-host-name")
        except Silence as silence:
            raise Silence(silence.seconds, c.VIR_ERR_NO_HOSTNAME, detail) from None
        if found is None:
            self._refuse(detail, c.VIR_ERR_NO_HOSTNAME)
        return str(found["host-name"])
