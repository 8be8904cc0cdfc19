"""A domain with a guest in it that has an agent: what tests of the agent talk to."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.contract.driver import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.driver import Driver
    from tests.lab.images import BootImage

NAME = "inhabited"  # not cleaned away between tests: booting a real guest takes seconds
_UUID = "6c0f9a52-58a8-4d8e-9d1b-1f3c7d5e2a90"
CHANNEL = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
# what the fake's guest is to be like: as the lab's
_MANNERS = "<guest xmlns='urn:virtkit:fake:guest' hostname='(none)' boot_time='0.3' shutdown_time='0.05'/>"


def document(name: str, disk: str, image: BootImage | None = None) -> str:
    """Return the XML of a domain that boots *image* (the fake boots anything) and has an agent."""
    kernel, initrd, cmdline = "/boot/kernel", "/boot/initrd", "console=ttyS0"
    if image is not None:
        kernel, initrd, cmdline = str(image.kernel), str(image.initrd), image.cmdline
    return (
        f"<domain type='qemu'><name>{name}</name><uuid>{_UUID}</uuid><metadata>{_MANNERS}</metadata>"
        "<memory unit='MiB'>192</memory><vcpu>2</vcpu>"
        f"<os><type arch='x86_64' machine='q35'>hvm</type><kernel>{kernel}</kernel>"
        f"<initrd>{initrd}</initrd><cmdline>{cmdline}</cmdline></os>"
        "<features><acpi/><apic/></features>"
        f"<devices><disk type='file'><source file='{disk}'/><target dev='vda' bus='virtio'/></disk>"
        f"{CHANNEL}<serial type='pty'/><console type='pty'/>"
        "<video><model type='vga'/></video><graphics type='vnc'/></devices></domain>"
    )


class Inhabited:
    """A domain whose guest's agent is there, and what happened to it."""

    def __init__(self, driver: Driver, domain: Any) -> None:
        self.driver, self.domain = driver, domain
        kind = "libvirt_qemu" if driver.name == "qemu" else "virtkit.fake.libvirt_qemu"
        self.past_libvirt = import_module(kind)
        self._seen: list[tuple[Any, ...]] = []
        self._changed = threading.Condition()

    def hear(self, kind: str) -> Callable[..., None]:
        """Return a callback that records events as *kind*, with their arguments."""

        def heard(_conn: Any, _domain: Any, *arguments: Any) -> None:
            with self._changed:
                self._seen.append((kind, *arguments[:-1]))
                self._changed.notify_all()

        return heard

    def clear(self) -> None:
        """Forget what happened."""
        with self._changed:
            self._seen.clear()

    def until(self, *event: Any) -> list[tuple[Any, ...]]:
        """Wait for *event*; return what happened up to it."""
        with self._changed:
            assert self._changed.wait_for(lambda: event in self._seen, PATIENCE), (event, self._seen)
            return self._seen[: self._seen.index(event) + 1]

    def ask(self, command: str, **arguments: Any) -> Any:
        """Return what the agent returns."""
        named = {key.replace("_", "-"): value for key, value in arguments.items()}
        request = {"execute": command, "arguments": named} if named else {"execute": command}
        reply = self.past_libvirt.qemuAgentCommand(self.domain, json.dumps(request), 10, 0)
        return json.loads(reply)["return"]

    def shell(self, command: str) -> None:
        """Have a real guest's shell do *command*."""
        pid = self.ask("guest-exec", path="/bin/sh", arg=["-c", command])["pid"]
        while not (status := self.ask("guest-exec-status", pid=pid))["exited"]:
            time.sleep(0.05)
        assert status["exitcode"] == 0, command

    def mount(self) -> None:
        """Have the domain's disk mounted at /mnt, and nothing else."""
        if self.driver.name == "qemu":
            self.shell("mkdir -p /mnt; grep -q /mnt /proc/mounts || mount -t ext4 /dev/vda /mnt")
        else:
            mounted = {"mountpoint": "/mnt", "type": "ext4", "disk": "vda", "name": "vda"}
            self.control().filesystems(mounted)

    def unmount(self) -> None:
        """Have nothing mounted."""
        if self.driver.name == "qemu":
            self.shell("umount /mnt")
        else:
            self.control().filesystems()

    def give_root_an_account(self) -> None:
        """Have the guest know root, and nobody else."""
        if self.driver.name == "qemu":
            self.shell("mkdir -p /etc /root; echo root:x:0:0:root:/root:/bin/sh > /etc/passwd")

    def control(self) -> Any:
        """Return the hold that a test has on a fake's guest."""
        return self.driver.module.host(self.driver.conn.getURI()).domain(NAME)

    def boot(self) -> None:
        """Start the domain, and wait for its agent."""
        self.clear()
        if not self.domain.isActive():
            self.domain.create()
        if "state='connected'" not in self.domain.XMLDesc():
            self.until("agent", 1, 2)


@contextmanager
def inhabited(driver: Driver, disk: str, image: BootImage | None) -> Iterator[Inhabited]:
    """Define a domain with a guest that has an agent; remove it at the end."""
    domain = driver.conn.defineXML(document(NAME, disk, image))
    guest = Inhabited(driver, domain)
    if driver.name != "qemu":
        guest.unmount()
    kinds = ("lifecycle", "reboot", "agent_lifecycle", "pmsuspend", "pmwakeup", "rtc_change")
    numbers = [
        driver.conn.domainEventRegisterAny(
            domain,
            driver.constant(f"DOMAIN_EVENT_ID_{kind.upper()}"),
            guest.hear(kind.partition("_")[0]),
            None,
        )
        for kind in kinds
    ]
    try:
        yield guest
    finally:
        for number in numbers:
            driver.conn.domainEventDeregisterAny(number)
        if domain.isActive():
            domain.destroy()
        domain.undefineFlags(driver.constant("DOMAIN_UNDEFINE_MANAGED_SAVE"))
