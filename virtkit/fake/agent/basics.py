"""The agent itself, and the power switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake.agent.protocol import AgentError, command, load
from virtkit.fake.guest import life, mishaps

if TYPE_CHECKING:
    from virtkit.fake.agent.protocol import Inside

VERSION = "7.2.22"


@command("guest-ping", while_frozen=True)
def ping(_inside: Inside) -> None:
    """Show that the agent is there."""


@command("guest-sync", while_frozen=True, id="integer")
def sync(_inside: Inside, id: int) -> int:
    """Return the number that the caller gave."""
    return id


@command("guest-info", while_frozen=True)
def info(inside: Inside) -> dict[str, Any]:
    """Return the version and the commands."""
    frozen = bool(inside.boot.get("frozen"))
    commands = [
        {"enabled": each.while_frozen or not frozen, "name": name, "success-response": each.answers}
        for name, each in load().items()
    ]
    return {"version": VERSION, "supported_commands": commands}


@command("guest-shutdown", answers=False, mode="string?")
def shutdown(inside: Inside, mode: str = "powerdown") -> None:
    """Power off, halt or reboot."""
    if mode not in {"powerdown", "halt", "reboot"}:
        raise AgentError("mode is invalid (valid values are: halt|powerdown|reboot")
    if mode == "reboot":
        life.reboot_soon(inside.host, inside.session, inside.record)
    else:
        life.power_off_soon(inside.host, inside.session, inside.record)


@command("guest-suspend-ram", answers=False)
def suspend_ram(inside: Inside) -> None:
    """Sleep, with memory kept."""
    mishaps.fall_asleep(inside.host, inside.session, inside.record)


@command("guest-suspend-hybrid", answers=False)
def suspend_hybrid(inside: Inside) -> None:
    """Sleep, with memory kept and on disk too."""
    mishaps.fall_asleep(inside.host, inside.session, inside.record)


@command("guest-suspend-disk", answers=False)
def suspend_disk(inside: Inside) -> None:
    """Write memory to disk, and go off."""
    mishaps.hibernate(inside.host, inside.session, inside.record)
