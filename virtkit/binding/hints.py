"""What to do about an error: one table, read from the top, the first that fits counts."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from virtkit.binding.constants import ErrorCode
from virtkit.errors import AlreadyExists, Denied, Disconnected, HostError, NotFound, NotSupported, WrongState

_AUTH = frozenset({ErrorCode.AUTH_FAILED, ErrorCode.AUTH_UNAVAILABLE, ErrorCode.AUTH_CANCELLED})


@dataclass(frozen=True)
class _Hint:
    """A remedy, and when it applies: every condition that is given must hold."""

    remedy: str
    kind: type[HostError] = HostError
    text: str = ""
    uri: str = ""
    operations: frozenset[str] = frozenset()
    codes: frozenset[int] = field(default_factory=frozenset)

    def fits(self, kind: type[HostError], code: int, text: str, operation: str, uri: str) -> bool:
        return (
            issubclass(kind, self.kind)
            and (not self.codes or code in self.codes)
            and (not self.operations or operation in self.operations)
            and re.search(self.text, text) is not None
            and re.search(self.uri, uri) is not None
        )


_NOT_ALLOWED = (
    "{user} (uid {uid}) may not use this socket: run 'sudo usermod -aG libvirt {user}' and log in again, "
    "or use qemu:///session"
)
_CONNECT = frozenset({"connect"})

_HINTS = (
    _Hint(
        "open the connection without readonly=True to change anything",
        codes=frozenset({ErrorCode.OPERATION_DENIED}),
        text="read only",
    ),
    # migration
    _Hint(
        "its disks are not on storage that both hosts share: storage 'copy' copies them along",
        codes=frozenset({ErrorCode.MIGRATE_UNSAFE}),
    ),
    _Hint(
        "the destination's processor lacks features of the guest's: choose a CPU model that both have",
        codes=frozenset({ErrorCode.CPU_INCOMPATIBLE}),
    ),
    _Hint(
        "the source must reach the destination under this address: give another (migrate_address, --address)",
        operations=frozenset({"migrate"}),
        text="resolve|unable to connect|[Cc]onnection (refused|timed out)|unreachable|No route",
    ),
    # connecting
    _Hint(
        "the file of a fake host is made on first use, in a folder that exists and that you may write in",
        kind=Disconnected,
        operations=_CONNECT,
        uri="^fake:",
        text="unable to open|no folder|readonly",
    ),
    _Hint(
        "it holds something else: name the file of a fake host, or one that does not exist yet",
        kind=Disconnected,
        operations=_CONNECT,
        uri="^fake:",
        text="not a database|belongs to|malformed",
    ),
    _Hint(_NOT_ALLOWED, kind=Denied, operations=_CONNECT, uri=r"^[a-z]+:///"),
    _Hint(_NOT_ALLOWED, codes=_AUTH, uri=r"^[a-z]+:///", text="polkit|agent|authentication"),
    _Hint("check user name and password, or the SASL and TLS settings of that host", codes=_AUTH),
    _Hint(
        "'ssh-keyscan HOST >> ~/.ssh/known_hosts' as the user who runs this program makes the host known",
        text="[Hh]ost key verification failed|knownhosts",
    ),
    _Hint(
        "log in there once with 'ssh' as the user who runs this program: key, user name or agent are missing",
        text=r"Permission denied \(publickey|Failed to authenticate|authentication failed.*ssh",
    ),
    _Hint(
        "check the host name in the URI, and that this machine resolves it",
        kind=Disconnected,
        text="[Cc]ould not resolve|[Uu]nable to resolve|Name or service not known|[Nn]o address associated",
    ),
    _Hint(
        "no driver of libvirt is called so: qemu:///system, lxc:///system, test:///default ...?",
        kind=Disconnected,
        operations=_CONNECT,
        uri=r"^(?!(qemu|lxc|xen|test|bhyve|vbox|vz|ch|esx|vpx|gsx|vmware\w+|hyperv|openvz)(\+|:))",
    ),
    _Hint(
        "a daemon must listen here: 'systemctl start virtqemud.socket', on older systems 'libvirtd.socket' "
        "(Debian: apt install libvirt-daemon-system; Fedora: dnf install libvirt-daemon-kvm)",
        kind=Disconnected,
        operations=_CONNECT,
        uri=r"^[a-z]+:///",
        text="Failed to connect socket|Cannot find .*daemon|No such file",
    ),
    _Hint(
        "does 'ssh HOST' log in there, as the user who runs this program?",
        kind=Disconnected,
        operations=_CONNECT,
        uri=r"^[a-z]+\+(ssh|libssh2?)://",
        text="refused|timed out|No route|unreachable|unable to connect",
    ),
    _Hint(
        "is libvirt's daemon running on that host, and listening on that port and transport?",
        kind=Disconnected,
        operations=_CONNECT,
        text="refused|timed out|No route|unreachable|unable to connect",
    ),
    _Hint(
        "no driver for this URI: is it spelled right, and is that driver of libvirt installed "
        "(Debian: apt install libvirt-daemon-driver-qemu, -lxc, -xen ...)?",
        codes=frozenset({ErrorCode.NO_CONNECT}),
    ),
    _Hint("the outcome is unknown: connect again and read the state", kind=Disconnected),
    # the guest's host
    _Hint(
        "no KVM on this host (/dev/kvm missing, nested virtualization off?): use type 'qemu', or 'auto'",
        text=r"domain type 'kvm'|[Cc]ould not access KVM|KVM is not available|"
        r"(support virt|machine for \S+) type=?'?kvm",
    ),
    _Hint(
        "that file is not on the host of the connection: name one that is, or make it with "
        "'qemu-img create -f qcow2 FILE 20G'",
        text=r"(Could not open '.*'|Cannot access storage file .*): No such file",
    ),
    _Hint(
        "the user that QEMU runs as must read the image and enter every folder above it: move it into a "
        "storage pool, or 'setfacl -m u:libvirt-qemu:x FOLDER' for each",
        text=r"Could not open '.*': Permission denied|Cannot access storage file",
    ),
    _Hint(
        "another process uses this port or address; let libvirt choose with port -1",
        text="[Aa]ddress already in use",
    ),
    _Hint(
        "another program holds the image open, perhaps another domain: a shared image needs <shareable/>",
        text="Failed to get .*lock",
    ),
    _Hint(
        "another job has the domain: let it end, or abort it (Domain.job, 'virsh domjobabort')",
        text="state change lock",
    ),
    _Hint(
        "activate the network first: 'virsh net-start NAME'",
        text="network '.*' is not active",
    ),
    # the domain's state
    _Hint(
        "there is nothing left to do, unless the guest is to boot anew: reboot or reset it then",
        kind=WrongState,
        operations=frozenset({"start"}),
        text="already running",
    ),
    _Hint(
        "only a suspended domain is resumed, and this one is not: look at its state",
        kind=WrongState,
        operations=frozenset({"resume"}),
        text="already running|not paused",
    ),
    _Hint(
        "its managed save image holds it: start it, or delete it, which removes that too",
        kind=WrongState,
        text="managed save image exists",
    ),
    _Hint(
        "delete it instead: that removes what belongs to the definition too",
        kind=WrongState,
        text="cannot (undefine|delete)",
    ),
    _Hint("start it first", kind=WrongState, text="not running"),
    _Hint("a transient domain has no definition: define it first", kind=WrongState, text="transient domain"),
    _Hint(
        "'virsh domcapabilities' on that host lists what it has",
        kind=NotSupported,
        text="machine type|emulator",
    ),
    _Hint(
        "another domain has that name or UUID; 'apply' updates an existing one",
        kind=AlreadyExists,
        text="domain",
    ),
    _Hint(
        "a domain of qemu:///system is not seen from qemu:///session",
        kind=NotFound,
        codes=frozenset({ErrorCode.NO_DOMAIN}),
        uri="^qemu:///session",
    ),
)


def hint_for(kind: type[HostError], code: int, text: str, operation: str, uri: str | None) -> str | None:
    """Return what to do about an error, or None if there is nothing better than its own text."""
    for hint in _HINTS:
        if hint.fits(kind, code, text, operation, uri or ""):
            return hint.remedy.format(user=_user(), uid=os.getuid()) if "{" in hint.remedy else hint.remedy
    return None


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a passwd entry
        return "this user"


_DISTRIBUTIONS = (  # words of /etc/os-release, what has the binding, what to build it with
    (
        {"debian", "ubuntu"},
        "apt install python3-libvirt",
        "apt install libvirt-dev pkg-config gcc python3-dev",
    ),
    (
        {"fedora", "rhel", "centos"},
        "dnf install python3-libvirt",
        "dnf install libvirt-devel pkgconf gcc python3-devel",
    ),
    ({"arch"}, "pacman -S libvirt-python", "pacman -S libvirt pkgconf gcc"),
    ({"alpine"}, "apk add py3-libvirt", "apk add libvirt-dev pkgconf gcc musl-dev python3-dev"),
)


def binding_missing(error: ImportError, os_release: Path = Path("/etc/os-release")) -> tuple[str, str]:
    """Return what is missing, and how to get libvirt-python for this very Python on this distribution."""
    python = f"{sys.executable} (Python {sys.version_info[0]}.{sys.version_info[1]})"
    if isinstance(error, ModuleNotFoundError):
        message = f"libvirt-python is not installed for {python}"
    else:
        message = f"libvirt-python does not load in {python}: {error}"
    return message, f"{_install(os_release)}. Without libvirt: connect to fake:///NAME"


def _install(os_release: Path) -> str:
    pip = f"'{sys.executable} -m pip install libvirt-python'"
    try:
        text = os_release.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    words = set(re.findall(r"\w+", " ".join(re.findall(r"^ID(?:_LIKE)?=(.*)$", text, re.MULTILINE))))
    for names, package, build in _DISTRIBUTIONS:
        if words & names:
            own = sys.prefix == sys.base_prefix and sys.executable.startswith("/usr/bin/")
            return f"'{package}'" if own else f"'{build}' and {pip}"
    return f"install libvirt's headers, pkg-config and a C compiler, then {pip}"
