"""What a guest is and has: its system, its name, its time, its CPUs and memory, its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.agent.protocol import AgentError, command
from virtkit.fake.guest.addresses import interfaces

if TYPE_CHECKING:
    from virtkit.fake.agent.protocol import Inside

_BLOCK = 128 << 20
_KERNEL = {"kernel-release": "6.1.0-28-amd64", "kernel-version": "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1"}
_SYSTEMS: dict[str, dict[str, str]] = {
    "debian": {
        "name": "Debian GNU/Linux",
        "pretty-name": "Debian GNU/Linux 12 (bookworm)",
        "version": "12 (bookworm)",
        "version-id": "12",
        **_KERNEL,
    },
    "ubuntu": {
        "name": "Ubuntu",
        "pretty-name": "Ubuntu 24.04.1 LTS",
        "version": "24.04.1 LTS (Noble Numbat)",
        "version-id": "24.04",
        "kernel-release": "6.8.0-49-generic",
        "kernel-version": "#49-Ubuntu SMP PREEMPT_DYNAMIC",
    },
    "fedora": {
        "name": "Fedora Linux",
        "pretty-name": "Fedora Linux 41 (Server Edition)",
        "version": "41 (Server Edition)",
        "version-id": "41",
        "variant": "Server Edition",
        "variant-id": "server",
        "kernel-release": "6.11.4-301.fc41.x86_64",
        "kernel-version": "#1 SMP PREEMPT_DYNAMIC",
    },
    "mswindows": {
        "name": "Microsoft Windows",
        "pretty-name": "Windows Server 2022 Standard",
        "version": "Microsoft Windows Server 2022",
        "version-id": "2022",
        "variant": "server",
        "variant-id": "server",
        "kernel-release": "20348",
        "kernel-version": "10.0",
    },
}


@command("guest-get-osinfo")
def system(inside: Inside) -> dict[str, str]:
    """Return which operating system it is."""
    name = inside.manners.os
    arch = inside.record.document.tree().find("os/type")
    machine = "x86_64" if arch is None else arch.get("arch", "x86_64")
    return {"id": name, "machine": machine, **_SYSTEMS.get(name, {"name": name, "pretty-name": name})}


@command("guest-get-host-name")
def hostname(inside: Inside) -> dict[str, str]:
    """Return what the guest calls itself."""
    return {"host-name": inside.hostname}


@command("guest-get-timezone")
def timezone(_inside: Inside) -> dict[str, Any]:
    """Return the zone: UTC, as in most images."""
    return {"zone": "UTC", "offset": 0}


@command("guest-get-time")
def get_time(inside: Inside) -> int:
    """Return the guest's time in nanoseconds since 1970."""
    return round((inside.host.now() + float(inside.boot.get("clock", 0.0))) * 1e6) * 1000


@command("guest-set-time", time="integer?")
def set_time(inside: Inside, time: int | None = None) -> None:
    """Set the guest's time and its hardware clock; without *time*, from the hardware clock."""
    if time is None:
        inside.boot.pop("clock", None)
        return
    if time < 0:
        raise AgentError(f"Time {time} is too far in the past")
    offset = time / 1e9 - inside.host.now()
    inside.boot["clock"] = offset
    power.emit(inside.session, inside.record, c.VIR_DOMAIN_EVENT_ID_RTC_CHANGE, round(offset))


@command("guest-get-vcpus")
def cpus(inside: Inside) -> list[dict[str, Any]]:
    """Return the CPUs; all but the first can be switched off."""
    offline = inside.boot.get("offline", [])
    return [
        {"logical-id": number, "online": number not in offline, "can-offline": number > 0}
        for number in range(inside.record.vcpus)
    ]


@command("guest-set-vcpus", vcpus="array")
def set_cpus(inside: Inside, vcpus: list[dict[str, Any]]) -> int:
    """Switch CPUs on and off; return how many were set before one could not be."""
    offline = set(inside.boot.get("offline", []))
    for done, cpu in enumerate(vcpus):
        number, online = cpu["logical-id"], cpu["online"]
        problem = ""
        if number >= inside.record.vcpus:
            problem = f'open("/sys/devices/system/cpu/cpu{number}/"): No such file or directory'
        elif not online and number == 0:
            problem = f"logical processor #{number} can't be offlined"
        if problem and not done:
            raise AgentError(problem)
        if problem:
            return done
        (offline.discard if online else offline.add)(number)
        inside.boot["offline"] = sorted(offline)
    return len(vcpus)


@command("guest-get-cpustats")
def cpu_statistics(inside: Inside) -> list[dict[str, Any]]:
    """Return how each CPU spent its time, in milliseconds."""
    spent = int(inside.record.cpu_seconds(inside.host.now()) * 1000)
    kinds = dict.fromkeys(("nice", "irq", "softirq", "steal", "iowait", "guest", "guestnice"), 0)
    times = {"user": spent // 2, "system": spent // 4, "idle": spent // 4, **kinds}
    return [{"type": "linux", "cpu": number, **times} for number in range(inside.record.vcpus)]


@command("guest-get-memory-block-info")
def memory_block_size(_inside: Inside) -> dict[str, int]:
    """Return how large a piece of memory is."""
    return {"size": _BLOCK}


@command("guest-get-memory-blocks")
def memory_blocks(inside: Inside) -> list[dict[str, Any]]:
    """Return the pieces of memory."""
    count = -(-inside.record.balloon * 1024 // _BLOCK)
    return [{"phys-index": number, "online": True, "can-offline": True} for number in range(count)]


@command("guest-set-memory-blocks", mem_blks="array")
def set_memory_blocks(_inside: Inside, mem_blks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Refuse: none can be taken."""
    return [{"phys-index": each.get("phys-index"), "response": "operation-failed"} for each in mem_blks]


@command("guest-network-get-interfaces")
def network(inside: Inside) -> list[dict[str, Any]]:
    """Return the interfaces with their addresses."""
    return interfaces(inside.host, inside.session, inside.record)
