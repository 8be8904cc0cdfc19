"""A lab: some hosts on one network, with a folder that all of them see."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from . import network
from .hosts import Host, start_host
from .images import Images
from .processes import Process
from .shell import LabError

if TYPE_CHECKING:
    import subprocess
    from types import TracebackType

RUNS = Path(os.environ.get("VIRTKIT_LAB_DIR") or "/var/tmp/virtkit-lab")  # short: sockets are below
CGROUPS = Path("/sys/fs/cgroup")


@dataclass
class Lab:
    """A running lab. As a context manager it is taken down at the end.

    Attributes:
        folder: Everything of this lab.
        hosts: The hosts, in order.
        owner: The process to which it belongs; None if it stays up until `down`.
        images: The guest images.
    """

    network: network.Network
    folder: Path
    owner: Process | None = None
    hosts: list[Host] = field(default_factory=list)
    images: Images = field(default_factory=Images)
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def up(cls, hosts: int = 2, *, detached: bool = False) -> Lab:
        """Start a lab and wait until its hosts take connections.

        Args:
            hosts: How many.
            detached: Leave it up when this process ends.

        Raises:
            LabError: It cannot be started; what had been started is taken down again.
        """
        remove_abandoned()
        net = network.claim()
        lab = cls(net, RUNS / str(net.number), None if detached else Process.of(os.getpid()))
        try:
            lab._start(hosts)
        except BaseException:
            lab.down()
            raise
        return lab

    @classmethod
    def attach(cls, number: int) -> Lab:
        """The lab of this number that is up already."""
        folder = RUNS / str(number)
        try:
            state = json.loads((folder / "state.json").read_text())
        except FileNotFoundError:
            raise LabError(f"there is no lab {number}: python -m tests.lab status lists them") from None
        owner = Process(**state["owner"]) if state["owner"] else None
        return cls(network.Network(number), folder, owner, [_host(data) for data in state["hosts"]])

    @property
    def number(self) -> int:
        """Tells this lab from others on the machine."""
        return self.network.number

    @property
    def shared(self) -> Path:
        """A folder that the machine and all hosts see at this path."""
        return self.folder / "shared"

    @property
    def local(self) -> Path:
        """A folder that each host sees at this path, each its own; the machine sees `Host.local`."""
        return self.folder / "local"

    @property
    def disks(self) -> Path:
        """A folder like `shared` that libvirt takes for shared, once storage.mount_disks has run."""
        return self.folder / "disks"

    def tick_file(self, name: str) -> Path:
        """Where a guest's console goes: on all hosts the same, so ticks go on through a migration."""
        return self.shared / f"{name}.ticks"

    def down(self) -> None:
        """End the hosts with all that runs on them, and remove the lab's traces."""
        for host in self.hosts:
            host.supervisor.kill()
        for process in self._started:
            process.wait(timeout=20)
        self.network.remove()
        for host in self.hosts:
            _remove_cgroups(host.hostname)
        shutil.rmtree(self.folder, ignore_errors=True)

    def abandoned(self) -> bool:
        """Whether its owner has died without taking it down."""
        return self.owner is not None and not self.owner.alive()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    def _start(self, count: int) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in (self.shared, self.local):
            folder.mkdir(parents=True)
        self._save()
        for index in range(count):
            name = "abcdefghijklmnopqrstuvwxyz"[index]
            host, process = start_host(name, index, self.network, self.folder / name, self.local)
            self.hosts.append(host)
            self._started.append(process)
            self._save()
        for host in self.hosts:
            host.wait_until_up()

    def _save(self) -> None:
        """Record what `attach` and `down` need, also for after a crash."""
        state = {
            "owner": vars(self.owner) if self.owner else None,
            "hosts": [host.to_dict() for host in self.hosts],
        }
        new = self.folder / "state.new"
        new.write_text(json.dumps(state, indent=2))
        new.replace(self.folder / "state.json")


def labs() -> list[Lab]:
    """The labs that are up on this machine, or that a crash has left."""
    found = []
    for path in sorted(RUNS.glob("*/state.json")):
        with suppress(LabError):  # it went down this moment
            found.append(Lab.attach(int(path.parent.name)))
    return found


def remove_abandoned() -> None:
    """Take down what crashed test runs have left."""
    for lab in labs():
        if lab.abandoned():
            lab.down()


def _host(data: dict[str, object]) -> Host:
    values = dict(data)
    folder, supervisor = Path(str(values.pop("folder"))), values.pop("supervisor")
    assert isinstance(supervisor, dict)
    texts = {name: str(value) for name, value in values.items()}
    return Host(folder=folder, supervisor=Process(**supervisor), **texts)


def _remove_cgroups(name: str) -> None:
    """Remove the control groups of a host that has ended, from the innermost out."""
    for root in CGROUPS.glob(f"*/{name}"):
        for group in sorted((path for path in root.rglob("*") if path.is_dir()), reverse=True):
            group.rmdir()
        root.rmdir()
