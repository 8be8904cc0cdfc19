"""Running the fake's define on libvirt's pairs, and counting."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from virtkit.fake.errors import libvirtError
from virtkit.fake.fill import defining, reading
from virtkit.tree import parse

from . import capabilities
from .compare import differences, lost, same
from .domains import Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lxml import etree

    from virtkit.fake.fill.emulator import Emulator


@dataclass
class Result:
    """What became of one pair."""

    name: str
    reproduced: bool = False
    differences: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    error: str = ""


@dataclass
class Report:
    """What became of all."""

    title: str
    results: list[Result]

    @property
    def reproduced(self) -> int:
        """How many are what libvirt made of them."""
        return sum(result.reproduced for result in self.results)

    @property
    def share(self) -> float:
        """How much of all that is."""
        return self.reproduced / max(len(self.results), 1)

    @property
    def losses(self) -> list[Result]:
        """Those in which something that was stated is gone."""
        return [each for each in self.results if each.lost or (each.error and not each.reproduced)]

    def text(self, *, causes: int = 40) -> str:
        """Return the report as text, the most frequent differences first."""
        lines = [f"{self.title}: {self.reproduced} of {len(self.results)} reproduced by meaning"]
        found: Counter[str] = Counter()
        example: dict[str, str] = {}
        for result in self.results:
            kinds = {each.split(" = ")[0] for each in result.differences} or (
                set() if result.reproduced else {result.error or "order only"}
            )
            found.update(kinds)
            for each in kinds:
                example.setdefault(each, result.name)
        lines += [f"  {count:4} {cause}   ({example[cause]})" for cause, count in found.most_common(causes)]
        lines += [f"  lost in {result.name}: {result.lost or result.error}" for result in self.losses]
        return "\n".join(lines)


def emulator_of(case: Case, tree: etree._Element) -> Emulator:
    """Return the emulator on which libvirt's test defines the domain."""
    kind = tree.find("os/type")
    arch = "x86_64" if kind is None else kind.get("arch", "x86_64")
    if not case.arch:
        return capabilities.fake(case.source, arch, case.flags, case.gic)
    given = tree.findtext("devices/emulator") or capabilities.binary(arch)
    if given != capabilities.binary(case.arch):
        return capabilities.fake(case.source, "", [], frozenset())
    return capabilities.real(case.source, case.arch, case.version)


def defined(case: Case) -> etree._Element:
    """Return what the fake's define makes of a pair's document."""
    tree = reading.read(case.given.read_text(), new=case.new)
    defining.fill(tree, "qemu", emulator=emulator_of(case, tree), new=case.new)
    return tree


def judge(case: Case) -> Result:
    """Return what became of one pair."""
    theirs = parse(case.expected.read_bytes())
    try:
        ours = defined(case)
    except libvirtError as error:
        return Result(case.name, error=str(error))
    given = parse(case.given.read_bytes())
    return Result(
        name=case.name,
        reproduced=same(ours, theirs),
        differences=differences(ours, theirs),
        lost=lost(given, theirs, ours),
    )


def domains(source: Path, names: Iterable[str] = ()) -> Report:
    """Return the report on libvirt's domains, or on those of them that are named."""
    wanted = set(names)
    chosen = [case for case in cases(source) if not wanted or case.name in wanted]
    return Report("domains", [judge(case) for case in chosen])
