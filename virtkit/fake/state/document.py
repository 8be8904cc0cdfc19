"""One XML document of a domain: kept as a tree, as text, or as the recipe for it, whichever is at hand.

A Document never changes; an edit makes another one. So documents are shared freely, between the
inactive and the live side and between threads, and XML is made only for those who read it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_building = threading.RLock()  # documents are shared by threads, their recipes run once


class Facts(NamedTuple):
    """What lifecycle calls need to know of a document."""

    name: str
    uuid: str
    kind: str
    os_type: str
    memory: int  # KiB, the maximum
    current_memory: int  # KiB
    max_vcpus: int
    vcpus: int
    has_nvram: bool = False
    has_agent: bool = False  # a channel for one
    links: tuple[tuple[str, str], ...] = ()  # what its interfaces are on: ("network" or "bridge", its name)
    filters: tuple[str, ...] = ()  # the network filters of its interfaces
    wishes: tuple[int, int, int] = (0, 0, 0)  # how many taps, terminals and ports its guest is lent
    disks: tuple[tuple[str, str], ...] = ()  # target, and where on the host the data is
    foreign_mode: str = ""  # the CPU mode that only hardware gives, of a guest that has none


class Document:
    """A domain document: ``text()``, ``tree()`` (not to be changed), ``facts()``."""

    __slots__ = ("_facts", "_recipe", "_text", "_tree", "derived_from", "idle", "shape")

    def __init__(
        self,
        *,
        text: str | None = None,
        tree: etree._Element | None = None,
        recipe: Callable[[], etree._Element] | None = None,
        facts: Facts | None = None,
        derived_from: Document | None = None,
    ) -> None:
        self._text, self._tree, self._recipe, self._facts = text, tree, recipe, facts
        self.derived_from = derived_from  # the live document's base, unless it was edited since
        self.shape: Any = None  # what statistics need of it, once they were asked for
        self.idle: tuple[int, dict[str, Any]] | None = None  # groups, and what is told of it off

    @property
    def built(self) -> bool:
        """Whether the tree is there already."""
        return self._tree is not None

    def tree(self) -> etree._Element:
        """Return the root element: to be read, never changed."""
        if self._tree is None:
            with _building:
                self._build()
        assert self._tree is not None  # noqa: S101
        return self._tree

    def _build(self) -> None:
        if self._tree is not None:
            return
        if self._recipe is not None:
            self._tree, self._recipe = self._recipe(), None
        else:
            from virtkit.tree import parse

            self._tree = parse(self._text or "", "domain XML")

    def text(self) -> str:
        """Return the document as libvirt prints it."""
        if self._text is None:
            from virtkit.fake.state.printing import print_xml

            self._text = print_xml(self.tree())
        return self._text

    def shown(self, *, secure: bool) -> str:
        """Return the text, without passwords unless *secure*."""
        if secure or "passwd=" not in self.text():
            return self.text()
        from virtkit.fake.fill.views import hide_passwords

        return self.edited(hide_passwords).text()

    def facts(self) -> Facts:
        """Return what lifecycle calls need to know."""
        if self._facts is None:
            self._facts = read_facts(self.tree())
        return self._facts

    def edited(
        self, change: Callable[[etree._Element], Any], facts: Facts | None = None, *, derived: bool = False
    ) -> Document:
        """Return another document: this one's copy, to which *change* is applied when it is first read.

        Args:
            change: edits the copied tree in place.
            facts: the new document's, where they are known already.
            derived: whether *change* is what starting a domain does, so that it can be done again.
        """

        def recipe() -> etree._Element:
            from copy import deepcopy

            tree = deepcopy(self.tree())
            change(tree)
            return tree

        return Document(recipe=recipe, facts=facts, derived_from=self if derived else None)


def read_facts(tree: etree._Element, parts: Parts | None = None) -> Facts:
    """Read from a filled tree what lifecycle calls need; *parts* are its elements, where they are at hand."""
    from virtkit.fake.fill.grants import wishes
    from virtkit.fake.fill.parts import Parts

    if parts is None:
        parts = Parts(tree)
    vcpu, system = parts.one("vcpu"), parts.system
    maximum, memory = int(parts.text("vcpu", "1") or "1"), int(parts.text("memory", "0") or "0")
    current = None if vcpu is None else vcpu.get("current")
    return Facts(
        name=tree.findtext("name") or "",
        uuid=parts.text("uuid"),
        kind=tree.get("type", ""),
        os_type="hvm" if system is None else system.text or "hvm",
        memory=memory,
        current_memory=int(parts.text("currentMemory") or memory),
        max_vcpus=maximum,
        vcpus=int(current or maximum),
        has_nvram=tree.find("os/nvram") is not None,
        has_agent=any(
            target.get("name") == "org.qemu.guest_agent.0"
            for channel in parts.of("channel")
            for target in channel.iterfind("target")
        ),
        links=_links(parts.of("interface")),
        wishes=wishes(parts),
        disks=_disks(parts.of("disk")),
        foreign_mode=_foreign_mode(tree, parts),
        filters=tuple(
            reference.get("filter", "")
            for interface in parts.of("interface")
            for reference in interface.iterfind("filterref[@filter]")
        ),
    )


def _foreign_mode(tree: etree._Element, parts: Parts) -> str:
    """Return the mode and architecture of a CPU that this host cannot emulate, nothing if it can."""
    cpu, system = parts.one("cpu"), parts.system
    mode = None if cpu is None else cpu.get("mode")
    if mode is None or tree.get("type") != "qemu":
        return ""
    arch = "x86_64" if system is None else system.get("arch") or "x86_64"
    native = arch in {"x86_64", "i686"}
    refused = mode == "host-passthrough" or (mode == "host-model" and not native)
    return f"'{mode}' for {arch}" if refused else ""


def _disks(disks: list[etree._Element]) -> tuple[tuple[str, str], ...]:
    """Return the disks' targets, and where on the host their data is."""
    found = []
    for disk in disks:
        source, target = disk.find("source"), disk.find("target")
        key = {"file": "file", "block": "dev", "dir": "dir"}.get(disk.get("type", "file"))
        path = "" if source is None or key is None else source.get(key) or ""
        found.append(("" if target is None else target.get("dev") or "", path))
    return tuple(found)


def _links(interfaces: list[etree._Element]) -> tuple[tuple[str, str], ...]:
    found = []
    for interface in interfaces:
        source = interface.find("source")
        network = None if source is None else source.get("network")
        bridge = None if source is None or interface.get("type") != "bridge" else source.get("bridge")
        if network:
            found.append(("network", network))
        elif bridge:
            found.append(("bridge", bridge))
    return tuple(found)
