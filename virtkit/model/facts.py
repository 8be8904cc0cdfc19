"""What a host can run, from the capabilities that libvirt gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from virtkit import tree
from virtkit.errors import DocumentError, NotSupported
from virtkit.model import nodes

if TYPE_CHECKING:
    from lxml import etree

_PREFERRED = ("kvm", "hvf", "qemu")
_ALSO_KNOWN_AS = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64", "i386": "i686", "x86": "i686"}


def architecture(name: str) -> str:
    """The name that libvirt gives an architecture: ``x86_64`` for ``amd64``; others as they are."""
    return _ALSO_KNOWN_AS.get(name.lower(), name)


def machine_family(machine: str) -> str:
    """What a machine type is without its version: ``q35`` of ``pc-q35-7.2``, ``pc`` of ``pc-i440fx-7.2``."""
    words = [
        word for word in machine.split("-") if word and not word[0].isdigit() and not word.startswith("rhel")
    ]
    if words[:1] == ["pc"]:
        return "q35" if "q35" in words else "pc"
    return "-".join(words)


@dataclass(frozen=True, slots=True)
class Guests:
    """What a host offers for guests of one architecture and one OS type.

    Attributes:
        arch: such as ``"x86_64"``.
        os_type: ``"hvm"`` (a whole machine), ``"exe"`` (a container), ``"xen"``, ``"xenpvh"``, ``"linux"``.
        domain_types: such as ``("qemu", "kvm")``, as libvirt lists them.
        machines: machine types, the default first; an alias (``"q35"``) with what it stands for now.
        emulator: the path of the program that runs them, if there is one.
    """

    arch: str
    os_type: str
    domain_types: tuple[str, ...]
    machines: tuple[tuple[str, str], ...]
    emulator: str | None


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What a host can run: what ``type: auto`` and machine aliases are looked up in.

    Attributes:
        native_arch: the architecture of the host's processor.
        guests: what it offers.
        cpu_model: the host's CPU model by libvirt's name, if libvirt knows it.
        security_models: such as ``("apparmor", "dac")``.
    """

    native_arch: str
    guests: tuple[Guests, ...] = ()
    cpu_model: str | None = None
    security_models: tuple[str, ...] = ()

    @classmethod
    def from_capabilities(cls, xml: tree.Source) -> HostFacts:
        """Read the document of ``virConnectGetCapabilities``.

        Raises:
            ParseError: it is not well-formed.
            DocumentError: it is another document, or names no architecture.
        """
        root = tree.parse(xml, "capabilities XML")
        native = root.findtext("host/cpu/arch")
        if root.tag != "capabilities" or not native:
            raise DocumentError(
                f"<{nodes.tag(root)}> is not a capabilities document: it has no host/cpu/arch"
            )
        return cls(
            native_arch=native,
            guests=tuple(
                _guests(guest, arch) for guest in root.iterfind("guest") for arch in guest.iterfind("arch")
            ),
            cpu_model=root.findtext("host/cpu/model"),
            security_models=tuple(model.text or "" for model in root.iterfind("host/secmodel/model")),
        )

    def domain_type(self, arch: str | None = None, os_type: str | None = None) -> str:
        """The best domain type for *arch* (default: the host's).

        That is kvm if it is offered, else qemu, else what the driver has: lxc, xen, test ...

        Raises:
            NotSupported: the host runs no guests of *arch* and *os_type*.
        """
        offered = [name for guests in self._for(arch, os_type) for name in guests.domain_types]
        return next((name for name in _PREFERRED if name in offered), offered[0])

    def os_type(self, arch: str | None = None) -> str:
        """The OS type to take for *arch*: ``hvm`` where the host has it, else what it has.

        Raises:
            NotSupported: the host runs no guests of *arch*.
        """
        offered = [guests.os_type for guests in self._for(arch)]
        return "hvm" if "hvm" in offered else offered[0]

    def machine(self, arch: str | None = None, alias: str | None = None) -> str | None:
        """What the machine type *alias* stands for: ``pc-q35-7.2`` for ``q35``; other names as they are.

        Without *alias* the default machine type; None where the driver has no machine types.

        Raises:
            NotSupported: the host runs no guests of *arch*, or has no such machine type.
        """
        machines = [machine for guests in self._for(arch) for machine in guests.machines]
        if alias is None:
            return machines[0][1] if machines else None
        for name, canonical in machines:
            if name == alias:
                return canonical
        if not machines:
            return alias
        known = ", ".join(sorted({name for name, _ in machines}))
        raise NotSupported(
            f"this host has no machine type {alias!r} for {self._arch(arch)}", hint=f"it has {known}"
        )

    def emulator(self, arch: str | None = None) -> str | None:
        """The path of the emulator for *arch*; None where the driver needs none.

        Raises:
            NotSupported: the host runs no guests of *arch*.
        """
        return next((guests.emulator for guests in self._for(arch) if guests.emulator), None)

    @property
    def architectures(self) -> tuple[str, ...]:
        """The architectures of which the host runs guests, each once, as libvirt lists them."""
        return tuple(dict.fromkeys(guests.arch for guests in self.guests))

    def _arch(self, arch: str | None) -> str:
        """The architecture that is meant: without one the host's own, or else the first that is offered."""
        if arch is not None:
            return architecture(arch)
        offered = self.architectures
        return self.native_arch if self.native_arch in offered or not offered else offered[0]

    def _for(self, arch: str | None, os_type: str | None = None) -> list[Guests]:
        name = self._arch(arch)
        found = [
            guests for guests in self.guests if guests.arch == name and os_type in (None, guests.os_type)
        ]
        found = [guests for guests in found if guests.domain_types]
        if not found:
            kind = f"{name} guests" if os_type is None else f"{name} guests of OS type {os_type}"
            known = ", ".join(self.architectures) or "nothing"
            raise NotSupported(
                f"this host does not run {kind}; it runs {known}",
                hint="install its emulator (qemu-system-...) on the host, and restart libvirt",
            )
        return found


def _guests(guest: etree._Element, arch: etree._Element) -> Guests:
    """One architecture of a <guest>: with the machines of each domain type besides those of them all."""
    domains = arch.findall("domain")
    machines: dict[str, str] = {}
    for machine in [
        *arch.findall("machine"),
        *(each for domain in domains for each in domain.findall("machine")),
    ]:
        name = machine.text or ""
        machines.setdefault(name, machine.get("canonical", name))
    return Guests(
        arch=arch.get("name", ""),
        os_type=guest.findtext("os_type", "hvm"),
        domain_types=tuple(domain.get("type", "") for domain in domains),
        machines=tuple(machines.items()),
        emulator=arch.findtext("emulator"),
    )
