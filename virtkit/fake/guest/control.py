"""A test's hold on one guest: what is in it, what it does, what befalls it."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.guest import console, life, manners, mishaps
from virtkit.fake.settings import of_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session


class GuestControl:
    """A guest as a test has it: ``virtkit.fake.host("one").domain("web").crash()``.

    What happens to a guest needs one that runs: otherwise ValueError is raised, as it is for a name that
    no domain has. What is put into one (files, programs, accounts) stays when it is off.
    """

    def __init__(self, host: Host, name: str) -> None:
        self._host, self._name = host, name

    @contextmanager
    def _record(self, *, running: bool = False) -> Iterator[tuple[Session, DomainRecord]]:
        with self._host as session:
            record = session.find_name(self._name)
            if record is None:
                raise ValueError(f"host {self._host.name!r} has no domain {self._name!r}")
            if running and not record.active:
                raise ValueError(f"domain {self._name!r} is off")
            yield session, record

    # how it behaves

    def behave(self, **changes: Any) -> None:
        """Change how the guest behaves, by the attributes of ``Guest``: ``behave(acpi=False)``.

        This goes over the host's ``guest`` and over the domain's metadata.


        Raises:
            ValueError: a guest has no such attribute, or not of such a value.
        """
        changes = {name: of_guest(name, value) for name, value in changes.items()}
        with self._record() as (_, record):
            record.extra[manners.OWN] = {**record.extra.get(manners.OWN, {}), **changes}

    # what is in it

    def write_file(self, path: str, data: bytes | str) -> None:
        """Put a file on the guest's disk."""
        raw = data.encode() if isinstance(data, str) else data
        with self._record() as (_, record):
            files = life.disk_of(record).setdefault("files", {})
            files[path] = base64.b64encode(raw).decode()

    def read_file(self, path: str) -> bytes:
        """Return what is in a file on the guest's disk.

        Raises:
            FileNotFoundError: there is none.
        """
        with self._record() as (_, record):
            found = life.disk_of(record).get("files", {}).get(path)
        if found is None:
            raise FileNotFoundError(path)
        return base64.b64decode(found)

    def program(
        self,
        command: str,
        *,
        out: str = "",
        err: str = "",
        code: int = 0,
        signal: int = 0,
        time: float = 0.0,
    ) -> None:
        """Say what a program answers that the agent runs.

        Args:
            command: its path, alone (whatever the arguments) or with all of its arguments.
            out: what it prints.
            err: what it prints to stderr.
            code: its exit code.
            signal: the signal that ends it, instead.
            time: seconds that it takes.
        """
        answer = {"out": out, "err": err, "code": code, "signal": signal, "time": time}
        with self._record() as (_, record):
            life.disk_of(record).setdefault("programs", {})[command] = answer

    def account(self, user: str) -> None:
        """Give *user* an account. Every guest has ``root``'s."""
        with self._record() as (_, record):
            life.disk_of(record).setdefault("accounts", {"root": None}).setdefault(user, None)

    def password(self, user: str) -> str | None:
        """Return the password that was set for *user*, None if none was."""
        with self._record() as (_, record):
            found = life.disk_of(record).get("accounts", {}).get(user)
        return None if found is None else str(found["password"])

    def filesystems(self, *mounted: dict[str, Any]) -> None:
        """Say what is mounted: ``{"mountpoint": "/", "type": "xfs", "disk": "vda", "name": "vda2"}``, ...

        ``total`` and ``used`` are bytes. The default is an ext4 root on the first disk, and the others
        below /mnt.
        """
        with self._record() as (_, record):
            life.disk_of(record)["filesystems"] = list(mounted)

    def log_in(self, user: str) -> None:
        """Have *user* log in."""
        with self._record(running=True) as (_, record):
            life.session_of(record).setdefault("logged in", {})[user] = self._host.now()

    @property
    def frozen(self) -> bool:
        """Whether its filesystems are frozen."""
        with self._record() as (_, record):
            return bool(record.extra.get(power.BOOT, {}).get("frozen"))

    # what it does

    def shutdown(self) -> None:
        """The guest powers itself off, now."""
        with self._record(running=True) as (session, record):
            life.power_off(self._host, session, record)

    def reboot(self) -> None:
        """The guest reboots by itself, now."""
        with self._record(running=True) as (session, record):
            life.reboot(self._host, session, record)

    def agent_connects(self) -> None:
        """The agent comes, whatever the guest's manners say."""
        with self._record(running=True) as (session, record):
            if not record.facts.has_agent:
                raise ValueError(f"domain {self._name!r} has no channel for an agent")
            if not life.agent_connected(record):
                life.connect_agent(session, record)

    def agent_disconnects(self) -> None:
        """The agent goes: somebody ended it."""
        with self._record(running=True) as (session, record):
            life.disconnect_agent(session, record)

    def prints(self, text: str) -> None:
        """The guest prints *text* on its console."""
        with self._record(running=True) as (_, record):
            console.say(self._host, record, text)

    def typed(self) -> str:
        """Return what was typed on the guest's console since it booted."""
        with self._record() as (_, record):
            return str(record.extra.get(power.BOOT, {}).get("typed", ""))

    def set_clock(self, offset: int) -> None:
        """The guest sets its hardware clock to *offset* seconds from what it was."""
        with self._record(running=True) as (session, record):
            power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_RTC_CHANGE, offset)

    def balloon(self, kib: int) -> None:
        """The guest's balloon leaves it *kib* KiB of memory."""
        with self._record(running=True) as (session, record):
            mishaps.balloon(session, record, kib)

    def tray(self, disk: str, *, is_open: bool) -> None:
        """The guest opens or closes the tray of its drive *disk*, such as ``sda``."""
        with self._record(running=True) as (session, record):
            mishaps.tray(session, record, self._disk(record, disk), is_open=is_open)

    # what befalls it

    def crash(self) -> None:
        """The guest's kernel panics: what follows is in the domain's on_crash."""
        with self._record(running=True) as (session, record):
            mishaps.panic(self._host, session, record)

    def kill(self) -> None:
        """The process that runs the guest dies."""
        with self._record(running=True) as (session, record):
            mishaps.process_dies(self._host, session, record)

    def watchdog(self, action: str | None = None) -> None:
        """The watchdog bites: *action*, or what the domain's device says."""
        with self._record(running=True) as (session, record):
            device = record.document.tree().find("devices/watchdog")
            told = "reset" if device is None else device.get("action", "reset")
            mishaps.watchdog(self._host, session, record, action or told)

    def io_error(self, disk: str, *, action: str = "pause", reason: str = "") -> None:
        """A disk fails the guest.

        Args:
            disk: its target, such as ``vda``.
            action: ``pause``, ``report`` or ``none``.
            reason: ``enospc`` or nothing.
        """
        if action not in mishaps.IO_ERROR_ACTIONS:
            raise ValueError(f"action={action!r}: expected {', '.join(mishaps.IO_ERROR_ACTIONS)}")
        with self._record(running=True) as (session, record):
            mishaps.io_error(self._host, session, record, self._disk(record, disk), action, reason)

    def _disk(self, record: DomainRecord, dev: str) -> etree._Element:
        for disk in record.document.tree().iterfind("devices/disk"):
            if disk.find(f"target[@dev='{dev}']") is not None:
                return disk
        raise ValueError(f"domain {self._name!r} has no disk {dev!r}")
