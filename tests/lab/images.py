"""Guest images from Debian packages: a kernel and an initramfs whose init is a ticking clock.

They are built on first use and kept in the cache folder: $VIRTKIT_LAB_CACHE, else
~/.cache/virtkit-lab. What is built depends on this package's files only, so an image is rebuilt
when they change.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .cpio import Initramfs
from .packages import Packages
from .shell import LabError, run

if TYPE_CHECKING:
    from collections.abc import Iterator

GUEST = Path(__file__).parent / "guest"

VIRTIO = ("virtio_pci", "virtio_console", "virtio_blk", "virtio_net", "virtio-rng", "virtio_balloon")
POWER_BUTTON = ("button", "evdev")


@dataclass(frozen=True)
class Recipe:
    """How one architecture's guest is made and started. Names are libvirt's, except `debian`."""

    arch: str
    debian: str
    kernel_package: str
    machine: str
    cmdline: str
    cpu: str | None = None
    modules: tuple[str, ...] = ()
    agent: bool = False


@dataclass(frozen=True)
class BootImage:
    """A guest that boots from a kernel and an initramfs, without a disk, and ticks on its console.

    `arch`, `machine` and `cpu` go into a domain's `<type>` and `<cpu>`; `kernel`, `initrd` and
    `cmdline` into its `<os>`. Further kernel parameters are in guest/init.
    """

    arch: str
    machine: str
    cpu: str | None
    kernel: Path
    initrd: Path
    cmdline: str


RECIPES = {
    "x86": Recipe(
        arch="x86_64",
        debian="amd64",
        kernel_package="linux-image-cloud-amd64",
        machine="q35",
        cmdline="console=ttyS0 quiet no_timer_check",  # the check fails where a loaded host emulates
        modules=VIRTIO + POWER_BUTTON,
        agent=True,
    ),
    "mips": Recipe(
        arch="mipsel",
        debian="mipsel",
        kernel_package="linux-image-4kc-malta",
        machine="malta",
        cmdline="console=ttyS0 quiet",
    ),
    "arm": Recipe(
        arch="aarch64",
        debian="arm64",
        kernel_package="linux-image-cloud-arm64",
        machine="virt",
        cmdline="console=ttyAMA0 quiet",
        cpu="cortex-a57",
    ),
}


class Images:
    """The guest images; each is built when it is first asked for (seconds, and a download)."""

    def __init__(self, cache: Path | None = None) -> None:
        default = os.environ.get("VIRTKIT_LAB_CACHE") or Path.home() / ".cache/virtkit-lab"
        self.cache = (cache or Path(default)).resolve()

    @property
    def x86(self) -> BootImage:
        """x86_64, machine q35: virtio drivers, DHCP, guest agent, ACPI power button."""
        return self._image("x86")

    @property
    def mips(self) -> BootImage:
        """mipsel, machine malta: the console only."""
        return self._image("mips")

    @property
    def arm(self) -> BootImage:
        """aarch64, machine virt, CPU cortex-a57: the console only."""
        return self._image("arm")

    def container_root(self, target: Path) -> Path:
        """Make a root folder for an LXC container at `target`; its /sbin/init ticks into /ticks."""
        busybox = self.x86.initrd.parent / "busybox"
        for folder in ("bin", "sbin", "dev", "proc", "sys", "tmp", "run", "etc"):
            (target / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy2(busybox, target / "bin/busybox")
        (target / "bin/sh").symlink_to("busybox")
        shutil.copy2(GUEST / "container-init", target / "sbin/init")
        (target / "sbin/init").chmod(0o755)
        return target

    def tools(self, *packages: str) -> Path:
        """A folder with the files of these packages for this machine, without installing them."""
        folder = self.cache / "-".join(("tools", *packages))
        with self._lock():
            if not folder.exists():
                apt = Packages("amd64", self.cache / "apt-amd64")
                with tempfile.TemporaryDirectory(dir=self.cache) as temporary:
                    unpacked = Path(temporary, "unpacked")
                    for package in packages:
                        apt.unpack(package, unpacked)
                    unpacked.rename(folder)
        return folder

    def _image(self, name: str) -> BootImage:
        recipe = RECIPES[name]
        folder = self.cache / f"{name}-{_fingerprint(recipe)}"
        with self._lock():
            if not folder.exists():
                self._build(recipe, folder)
        return BootImage(
            arch=recipe.arch,
            machine=recipe.machine,
            cpu=recipe.cpu,
            kernel=folder / "kernel",
            initrd=folder / "initrd",
            cmdline=recipe.cmdline,
        )

    def _build(self, recipe: Recipe, folder: Path) -> None:
        """Build into a temporary folder and rename it: a half-built image is never seen."""
        packages = Packages(recipe.debian, self.cache / f"apt-{recipe.debian}")
        with tempfile.TemporaryDirectory(dir=self.cache) as temporary:
            unpacked, built = Path(temporary, "unpacked"), Path(temporary, "built")
            built.mkdir()
            packages.unpack("busybox-static", unpacked)
            packages.unpack(packages.dependency(recipe.kernel_package, r"linux-image-\d"), unpacked)
            shutil.copy2(_only(unpacked, "boot/vmlinu*"), built / "kernel")
            shutil.copy2(unpacked / "bin/busybox", built / "busybox")
            _initramfs(recipe, unpacked).write(built / "initrd")
            built.rename(folder)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One builder at a time, for two test runs may share the cache."""
        self.cache.mkdir(parents=True, exist_ok=True)
        with (self.cache / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _fingerprint(recipe: Recipe) -> str:
    digest = hashlib.sha256(repr(recipe).encode())
    for path in sorted([*GUEST.iterdir(), Path(__file__), Path(__file__).with_name("cpio.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise LabError(f"expected one {pattern} in {folder}, found {len(found)}")
    return found[0]


def _initramfs(recipe: Recipe, unpacked: Path) -> Initramfs:
    root = Initramfs()
    for folder in ("proc", "sys", "dev", "run", "tmp", "etc", "sbin", "var"):
        root.folder(folder)
    root.link("var/run", "/run")
    root.file("bin/busybox", (unpacked / "bin/busybox").read_bytes(), executable=True)
    root.file("init", (GUEST / "init").read_bytes(), executable=True)
    root.file("sbin/shutdown", (GUEST / "shutdown").read_bytes(), executable=True)
    root.file("etc/acpi/PWRF/00000080", (GUEST / "power-button").read_bytes(), executable=True)
    root.file("etc/udhcpc.script", (GUEST / "udhcpc.script").read_bytes(), executable=True)
    if recipe.modules:
        _add_modules(root, recipe.modules, unpacked)
    if recipe.agent:
        _add_program(root, "qemu-ga")
    return root


def _add_modules(root: Initramfs, names: tuple[str, ...], unpacked: Path) -> None:
    """Add kernel modules with all they depend on, and the order in which the guest inserts them."""
    version = _only(unpacked, "lib/modules/*")
    run("depmod", "-b", unpacked, version.name)
    needs = {}
    for line in (version / "modules.dep").read_text().splitlines():
        path, _, depends = line.partition(":")
        needs[path] = depends.split()
    paths = {_module_name(path): path for path in needs}
    order: dict[str, None] = {}
    for name in names:
        if module := paths.get(_module_name(name)):  # else it is built into this kernel
            order.update(dict.fromkeys([*reversed(needs[module]), module]))
    for path in order:
        root.file(f"modules/{Path(path).name}", (version / path).read_bytes())
    root.file("modules/order", "".join(f"{Path(path).name}\n" for path in order).encode())


def _module_name(path: str) -> str:
    return Path(path).name.partition(".")[0].replace("-", "_")


def _add_program(root: Initramfs, name: str) -> None:
    """Add a program of this machine with the libraries that it loads."""
    program = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if program is None:
        raise LabError(f"{name} is not installed")
    root.file(f"bin/{name}", Path(program).read_bytes(), executable=True)
    for library in re.findall(r"(/\S+) \(0x", run("ldd", program)):
        root.file(library.lstrip("/"), Path(library).resolve().read_bytes(), executable=True)
