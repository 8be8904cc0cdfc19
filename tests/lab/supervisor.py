"""The first process of a lab host: makes its namespaces a host of their own and runs libvirtd.

Started by hosts.py as a program of its own (below `unshare`, as process 1 of a PID namespace), with
one argument: the host's folder, which holds config.json. Two consequences of being process 1:

- it reaps the QEMUs that libvirtd leaves behind at once. libvirtd polls a QEMU's pid until it is
  gone, and a machine whose own process 1 reaps late makes each destroy up to 2 s longer;
- when it ends, the kernel ends everything on the host: no QEMU can be left behind.

Signals: SIGTERM stops libvirtd, SIGUSR2 starts it (again), SIGUSR1 is a power cut: every process of
the host dies at once.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CONTROLLERS = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids")
OWN_FOLDERS = ("/etc/libvirt", "/var/lib/libvirt", "/var/log/libvirt", "/var/cache/libvirt", "/run/libvirt")
SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2}
CLONE_NEWCGROUP = 0x02000000


def run(*command: str) -> str:
    """Run a program; its output, or an exception if it fails."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def mount_own_folders(folder: Path, local: str) -> None:
    """Put the host's own folders where libvirtd looks for them."""
    run("mount", "--make-rprivate", "/")
    run("umount", "--recursive", "--lazy", "/sys")
    run("mount", "-t", "sysfs", "sysfs", "/sys")
    for path in OWN_FOLDERS:
        Path(path).mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", str(folder / path.lstrip("/")), path)
    run("mount", "--bind", str(folder / "local"), local)
    if Path("/run/dbus").is_dir():  # no word with the machine's systemd or firewall
        run("mount", "-t", "tmpfs", "tmpfs", "/run/dbus")
    if Path("/dev/kvm").exists():
        hide_kvm(folder / "no-kvm")


def hide_kvm(substitute: Path) -> None:
    """Leave emulation only, for `type: auto` must not put a machine with a half-working KVM at risk.

    A file that nobody can write takes its place. Not /dev/null: that can be opened, from which
    libvirt 9.0 concludes that KVM has just become usable, and it asks the QEMUs for all their
    abilities again at each define (4 s).
    """
    substitute.touch()
    run("mount", "--bind", str(substitute), "/dev/kvm")
    run("mount", "-o", "remount,bind,ro", "/dev/kvm")


def mount_cgroups(name: str) -> None:
    """Give LXC control groups of this host's own: below a group `name` and rooted there.

    Version 1 controllers, for libvirt's LXC driver wants them all and does not need systemd for
    them. Where the machine uses version 2, its tree is mounted as it is.
    """
    root = Path("/sys/fs/cgroup")
    run("mount", "-t", "tmpfs", "tmpfs", str(root))
    try:
        for controller in CONTROLLERS:
            (root / controller).mkdir()
            run("mount", "-t", "cgroup", "-o", controller, "cgroup", str(root / controller))
            join_cgroup(root / controller / name)
    except subprocess.CalledProcessError:
        run("umount", "--recursive", str(root))
        run("mount", "-t", "cgroup2", "cgroup2", str(root))
        return
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWCGROUP):
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWCGROUP)")
    for controller in CONTROLLERS:
        run("umount", str(root / controller))
        run("mount", "-t", "cgroup", "-o", controller, "cgroup", str(root / controller))


def join_cgroup(group: Path) -> None:
    """Make a control group and enter it."""
    group.mkdir(exist_ok=True)
    for setting in ("cpuset.cpus", "cpuset.mems"):  # a new group starts without any
        if (group / setting).exists():
            (group / setting).write_text((group.parent / setting).read_text())
    (group / "cgroup.procs").write_text(str(os.getpid()))


def configure_network(device: str, address: str) -> None:
    """Take the cable that the lab has put into this namespace."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "set", device, "name", "eth0")
    run("ip", "addr", "add", f"{address}/24", "dev", "eth0")
    run("ip", "link", "set", "eth0", "up")


def clear_memory() -> None:
    """Remove what a machine without power would not have: FUSE mounts, network devices, /run/libvirt."""
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mount, kind, *_ = line.split()
        if kind.startswith("fuse."):  # its server has just died
            run("umount", "--lazy", mount)
    for link in json.loads(run("ip", "-json", "link")):
        if link["ifname"] not in {"lo", "eth0"}:
            with contextlib.suppress(subprocess.CalledProcessError):  # it went with another
                run("ip", "link", "delete", link["ifname"])
    for path in Path("/run/libvirt").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


class Supervisor:
    """Runs libvirtd, reaps, and obeys signals."""

    def __init__(self) -> None:
        self._libvirtd = 0

    def start(self) -> None:
        """Start libvirtd, unless it runs."""
        if not self._libvirtd:
            argv = ["libvirtd", "--listen", "--pid-file", "/run/libvirt/libvirtd.pid"]
            self._libvirtd = os.posix_spawnp(argv[0], argv, os.environ, setsigmask=[])

    def stop(self) -> None:
        """Ask libvirtd to end; guests run on."""
        if self._libvirtd:
            os.kill(self._libvirtd, signal.SIGTERM)

    def power_cut(self) -> None:
        """End every process at once, and forget what lives in memory only."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        while self._reap(os.WNOHANG) or self._has_children():
            time.sleep(0.01)
        clear_memory()

    def serve(self) -> None:
        """Obey signals for ever."""
        actions = {signal.SIGTERM: self.stop, signal.SIGUSR1: self.power_cut, signal.SIGUSR2: self.start}
        while True:
            number = signal.sigwait(SIGNALS)
            while self._reap(os.WNOHANG):
                pass
            if number in actions:
                actions[signal.Signals(number)]()

    def _reap(self, options: int) -> bool:
        try:
            pid, _ = os.waitpid(-1, options)
        except ChildProcessError:
            return False
        if pid and pid == self._libvirtd:
            self._libvirtd = 0
        return pid != 0

    @staticmethod
    def _has_children() -> bool:
        try:
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        return True


def main(folder: Path) -> None:
    """Set the host up, then serve."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    mount_own_folders(folder, config["local"])
    mount_cgroups(config["hostname"])
    socket.sethostname(config["hostname"])
    sys.stdin.readline()  # the lab has plugged the cable in
    configure_network(config["device"], config["address"])
    supervisor = Supervisor()
    supervisor.start()
    supervisor.serve()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
