"""What virtkit finds on this machine, what is missing, and how to get it: one check, one Finding."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from virtkit.errors import BindingMissing, HostError, NotFound, NotSupported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.host import Connection

Level = Literal["ok", "note", "warning", "blocker"]
_NEEDED = ("jinja2", "lxml", "pydantic", "rich", "ruamel.yaml")
_KVM = Path("/dev/kvm")
_DISTRIBUTIONS = ("/usr/bin/python3", "/usr/libexec/platform-python")


class Finding(NamedTuple):
    """What a check found.

    Attributes:
        check: What was looked at.
        level: ``ok``; ``note``: fine, but worth knowing; ``warning``: something will not work;
            ``blocker``: nothing will.
        message: What is there.
        remedy: What to do; empty if there is nothing to do.
    """

    check: str
    level: Level
    message: str
    remedy: str = ""


def examine(uri: str | None = None) -> Iterator[Finding]:
    """Look at everything that stands between this Python and the guests of *uri*; a finding at a time."""
    from virtkit.binding.uri import redacted, resolve, scheme

    wanted = resolve(uri)
    yield _interpreter()
    yield _dependencies()
    yield _templates()
    yield _schemas()
    fake = scheme(wanted) == "fake"
    bindings = _bindings(needed=not fake)
    yield bindings
    if scheme(wanted) in {"qemu", "kvm"} and ":///" in wanted:
        yield _user(wanted)
        yield _kvm()
    if bindings.level == "blocker":
        yield Finding("connection", "blocker", f"{redacted(wanted)} cannot be tried without the bindings")
        return
    yield from _host(wanted)


def _interpreter() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    place = "a virtual environment" if sys.prefix != sys.base_prefix else "no virtual environment"
    return Finding("python", "ok", f"Python {version}, {sys.executable} ({place})")


def _dependencies() -> Finding:
    missing = [name for name in _NEEDED if not _importable(name)]
    if missing:
        remedy = f"'{sys.executable} -m pip install virtkit' installs them"
        return Finding("dependencies", "blocker", f"missing: {', '.join(missing)}", remedy)
    return Finding("dependencies", "ok", ", ".join(f"{name} {_version_of(name)}" for name in _NEEDED))


def _importable(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the package that it is in
        return False


def _version_of(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "(version unknown)"


def _templates() -> Finding:
    from virtkit.rendering import catalogue, shipped

    folder = shipped()
    if not folder.is_dir():
        return Finding("templates", "blocker", f"{folder} is not there", "install virtkit again")
    return Finding("templates", "ok", f"{len(catalogue())} in {folder}")


def _schemas() -> Finding:
    from virtkit.model import schema_available

    if not schema_available():
        remedy = (
            "Debian, Ubuntu: apt install libvirt0; Fedora: dnf install libvirt-libs; or set VIRTKIT_SCHEMAS"
        )
        return Finding(
            "schemas", "note", "libvirt's are not installed: XML is checked only by the host", remedy
        )
    return Finding("schemas", "ok", "libvirt's are installed: XML can be checked here")


def _bindings(*, needed: bool) -> Finding:
    from virtkit.binding.loading import load

    if not needed and not _importable("libvirt"):
        return Finding("bindings", "note", "libvirt-python is not installed; fake hosts do not need it")
    try:
        module: Any = load("test:///default")
        library = _dotted(module.getVersion())
    except BindingMissing as error:
        remedy = "; ".join(filter(None, (_elsewhere(), error.hint)))
        return Finding("bindings", "blocker" if needed else "note", error.message, remedy)
    return Finding(
        "bindings", "ok", f"libvirt-python {_version_of('libvirt-python')}, libvirt {library} here"
    )


def _elsewhere() -> str:
    """Say which of the distribution's interpreters has what this one lacks."""
    import subprocess

    for python in _DISTRIBUTIONS:
        if not Path(python).exists() or Path(python).samefile(sys.executable):
            continue
        try:
            subprocess.run([python, "-c", "import libvirt"], check=True, capture_output=True, timeout=10)  # noqa: S603
        except (OSError, subprocess.SubprocessError):
            continue
        return f"{python} has it: make the environment with '{python} -m venv --system-site-packages'"
    return ""


def _user(uri: str) -> Finding:
    if "/session" in uri or os.geteuid() == 0:
        who = "root" if os.geteuid() == 0 else f"uid {os.geteuid()}, for a session of its own"
        return Finding("user", "ok", who)
    import grp

    groups = {entry.gr_name for entry in grp.getgrall() if entry.gr_gid in os.getgroups()}
    if "libvirt" in groups:
        return Finding("user", "ok", f"uid {os.geteuid()}, in group libvirt")
    remedy = "'sudo usermod -aG libvirt $USER', then log in again; or use qemu:///session"
    return Finding("user", "warning", "not in group libvirt: polkit will ask, or refuse", remedy)


def _kvm() -> Finding:
    if not _KVM.exists():
        remedy = "enable virtualization in the firmware, or nested virtualization on the outer host"
        return Finding("kvm", "warning", f"no {_KVM}: guests are emulated, which is slow", remedy)
    if not os.access(_KVM, os.R_OK | os.W_OK):
        remedy = "for qemu:///session: 'sudo usermod -aG kvm $USER', then log in again"
        return Finding("kvm", "warning", f"{_KVM} is there, and not for this user", remedy)
    return Finding("kvm", "ok", f"{_KVM} can be read and written")


def _host(uri: str) -> Iterator[Finding]:
    from virtkit.host import connect

    try:
        host = connect(uri)
    except HostError as error:
        yield Finding("connection", "blocker", f"{error.uri or uri}: {error.message}", error.hint or "")
        return
    with host:
        yield Finding("connection", "ok", f"{host.uri}, host {host.hostname()}")
        yield _daemon(host)
        yield _guests(host)
        yield _default(host, "network")
        yield _default(host, "pool")


def _daemon(host: Connection) -> Finding:
    versions = host.version()
    hypervisor = f", hypervisor {versions.hypervisor}" if versions.hypervisor else ""
    return Finding("libvirt", "ok", f"libvirt {versions.libvirt} at the other end{hypervisor}")


def _guests(host: Connection) -> Finding:
    try:
        facts = host.capabilities()
        best = facts.domain_type()
    except HostError as error:
        return Finding("guests", "warning", error.message, error.hint or "")
    count = len(facts.architectures)
    text = f"type {best} for this processor; {count} architecture{'s' if count != 1 else ''}"
    if best == "qemu":
        return Finding(
            "guests",
            "warning",
            f"{text}: no KVM, so guests are emulated",
            "look for /dev/kvm on that host: virtualization may be off in its firmware",
        )
    return Finding("guests", "ok", text)


def _default(host: Connection, what: Literal["network", "pool"]) -> Finding:
    """Whether the host has the network or pool 'default', which much that is written for libvirt expects."""
    raw: Any = host.raw  # the calls for these are not among those that virtkit wraps so far
    check = f"default {what}"
    command = "virsh net-{}" if what == "network" else "virsh pool-{}"
    try:
        with host.calling(f"find {what}", "default"):
            found = (
                raw.networkLookupByName("default")
                if what == "network"
                else raw.storagePoolLookupByName("default")
            )
            active = bool(found.isActive())
    except (NotSupported, AttributeError):
        return Finding(check, "note", f"this driver has no {what}s")
    except NotFound:
        define = (
            "define /usr/share/libvirt/networks/default.xml"
            if what == "network"
            else "define-as default dir --target /var/lib/libvirt/images"
        )
        return Finding(check, "note", "there is none", f"only if you use it: '{command.format(define)}'")
    except HostError as error:
        return Finding(check, "warning", error.message, error.hint or "")
    if not active:
        start = f"'{command.format('start')} default', and '{command.format('autostart')} default'"
        return Finding(check, "warning", "not active", start)
    return Finding(check, "ok", "active")


def _dotted(number: int) -> str:
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}"
