"""One lab host: a real libvirtd with folders, network, processes and a host name of its own."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .processes import Process, name_of, wait_for
from .shell import ENVIRONMENT, LabError, run

if TYPE_CHECKING:
    from .network import Network

PORT = 16509
NAMESPACES = ("--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "--kill-child")
FOLDERS = ("etc/libvirt", "var/lib/libvirt", "var/log/libvirt", "var/cache/libvirt", "run/libvirt", "local")

LIBVIRTD_CONF = """\
listen_tls = 0
listen_tcp = 1
auth_tcp = "none"
auth_unix_rw = "none"
host_uuid = "{uuid}"
log_level = 3
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
"""
QEMU_CONF = """\
user = "root"
group = "root"
security_driver = "none"
stdio_handler = "file"
namespaces = []
cgroup_controllers = []
"""
LXC_CONF = """\
security_driver = "none"
"""
# Without spanning tree and dnsmasq's test ping a guest has its address at once, not after 6 s.
DEFAULT_NETWORK = """\
<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'>
  <name>default</name>
  <uuid>{uuid}</uuid>
  <forward mode='nat'/>
  <bridge name='virbr0' stp='off' delay='0'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.122.2' end='192.168.122.254'/>
    </dhcp>
  </ip>
  <dnsmasq:options>
    <dnsmasq:option value='no-ping'/>
  </dnsmasq:options>
</network>
"""


@dataclass(frozen=True)
class Host:
    """A running host.

    Attributes:
        name: "a", "b", ...
        hostname: What libvirt calls it; no name service knows it.
        address: IPv4 address, reached from the machine and from the other hosts.
        folder: What the host has as its own, seen from the machine: its logs are in
            folder/var/log/libvirt.
        cable: The machine's end of its network cable.
        supervisor: Its first process.
    """

    name: str
    hostname: str
    address: str
    folder: Path
    cable: str
    supervisor: Process

    @property
    def uri(self) -> str:
        """The QEMU driver's URI."""
        return f"qemu+tcp://{self.address}/system"

    @property
    def lxc_uri(self) -> str:
        """The LXC driver's URI."""
        return f"lxc+tcp://{self.address}/system"

    @property
    def migrate_uri(self) -> str:
        """Where other hosts send a migrating guest's memory."""
        return f"tcp://{self.address}"

    @property
    def local(self) -> Path:
        """The folder that this host, and no other, sees at `Lab.local`; seen from the machine."""
        return self.folder / "local"

    @property
    def libvirtd(self) -> Process | None:
        """Its libvirtd; None while it is down."""
        for pid in self.supervisor.children():
            if name_of(pid) == "libvirtd" and (process := Process.of(pid)).alive():
                return process
        return None

    def answers(self) -> bool:
        """Whether libvirtd takes connections."""
        try:
            with socket.create_connection((self.address, PORT), timeout=1):
                return True
        except OSError:
            return False

    def wait_until_up(self) -> None:
        """Wait until libvirtd takes connections."""
        try:
            wait_for(lambda: self.answers() or not self.supervisor.alive(), f"libvirtd of host {self.name}")
        except LabError as error:
            raise LabError(f"{error}; its logs end:\n{self.log_tail()}") from None
        if not self.supervisor.alive():
            raise LabError(f"host {self.name} did not start; its logs end:\n{self.log_tail()}")

    def kill(self) -> None:
        """Cut the power: libvirtd and every guest die at once."""
        self.supervisor.send(signal.SIGUSR1)
        wait_for(lambda: not self.supervisor.children(), f"the end of host {self.name}")

    def kill_libvirtd(self) -> None:
        """Kill libvirtd alone; guests run on."""
        if process := self.libvirtd:
            process.kill()

    def restart(self) -> None:
        """Start libvirtd, after stopping it if it runs; guests that are there run on."""
        if self.libvirtd:
            self.supervisor.send(signal.SIGTERM)
            wait_for(lambda: self.libvirtd is None, f"libvirtd of host {self.name} to stop")
        self.supervisor.send(signal.SIGUSR2)
        self.wait_until_up()

    def unplug(self) -> None:
        """Pull the network cable."""
        run("ip", "link", "set", self.cable, "down")

    def plug(self) -> None:
        """Plug the network cable in again."""
        run("ip", "link", "set", self.cable, "up")

    def run(self, *command: str | Path) -> str:
        """Run a program on the host (in its namespaces) and return its output."""
        namespaces = (
            "--mount",
            "--root",
            "--net",
            "--uts",
            "--ipc",
            "--pid",
        )  # the root: we may be in a chroot
        return run("nsenter", "--target", str(self.supervisor.pid), *namespaces, *command)

    def qemu_pid(self, domain: str) -> int | None:
        """The pid of a domain's QEMU as the host counts; kill it with `run("kill", ...)`."""
        with suppress(FileNotFoundError):
            return int((self.folder / f"run/libvirt/qemu/{domain}.pid").read_text())
        return None

    def log_tail(self) -> str:
        """The end of the supervisor's and libvirtd's logs."""
        logs = (self.folder / "supervisor.log", self.folder / "var/log/libvirt/libvirtd.log")
        return "\n".join(path.read_text(errors="replace")[-1500:] for path in logs if path.exists()).strip()

    def to_dict(self) -> dict[str, object]:
        """As plain data, for the lab's state file."""
        return asdict(self) | {"folder": str(self.folder)}


def start_host(
    name: str, index: int, network: Network, folder: Path, local: Path
) -> tuple[Host, subprocess.Popen[bytes]]:
    """Start a host, which may not take connections yet.

    Returns:
        The host, and the process that the caller has to wait for when the host has ended.
    """
    hostname = f"{network.bridge}-{name}"
    _write_files(folder)
    config = {
        "hostname": hostname,
        "address": network.address(index),
        "device": network.device(name),
        "local": str(local),
    }
    (folder / "config.json").write_text(json.dumps(config))
    unshare = _unshare(folder)
    stdin = unshare.stdin
    assert stdin is not None
    parent = Process.of(unshare.pid)
    wait_for(lambda: bool(parent.children()) or unshare.poll() is not None, f"host {name} to start")
    children = parent.children()
    if not children:
        raise LabError(f"host {name} did not start: {(folder / 'supervisor.log').read_text().strip()}")
    network.plug(name, children[0])
    with suppress(BrokenPipeError), stdin:
        stdin.write(b"plugged\n")
    host = Host(
        name=name,
        hostname=hostname,
        address=network.address(index),
        folder=folder,
        cable=network.cable(name),
        supervisor=Process.of(children[0]),
    )
    return host, unshare


def _unshare(folder: Path) -> subprocess.Popen[bytes]:
    """Start the supervisor in namespaces of its own."""
    supervisor = Path(__file__).with_name("supervisor.py")
    with (folder / "supervisor.log").open("wb") as log:
        return subprocess.Popen(
            ["unshare", *NAMESPACES, "--", sys.executable, "-I", supervisor, folder],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
        )


def _write_files(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    etc = folder / "etc/libvirt"
    (etc / "libvirtd.conf").write_text(LIBVIRTD_CONF.format(uuid=uuid.uuid4()))
    (etc / "qemu.conf").write_text(QEMU_CONF)
    (etc / "lxc.conf").write_text(LXC_CONF)
    filters = Path("/etc/libvirt/nwfilter")
    if filters.is_dir():
        shutil.copytree(filters, etc / "nwfilter")
    networks = etc / "qemu/networks"
    (networks / "autostart").mkdir(parents=True)
    (networks / "default.xml").write_text(DEFAULT_NETWORK.format(uuid=uuid.uuid4()))
    (networks / "autostart/default.xml").symlink_to("/etc/libvirt/qemu/networks/default.xml")
