"""The domains of libvirt's qemuxml2xmltest: which document becomes which, on which emulator."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CALL = re.compile(r"^    (DO_TEST\w*)\(((?:[^()]|\([^()]*\))*)\);", re.MULTILINE)
_SETTING = re.compile(r"^    (?:driver\.config|cfg)->(\w+) = (true|false);", re.MULTILINE)
_ENVIRONMENT = re.compile(r'^    g_(un)?setenv\("(\w+)"(?:, "(\w+)", TRUE)?\);', re.MULTILINE)
_GIC = {"GIC_NONE": "", "GIC_V2": "2", "GIC_V3": "3", "GIC_BOTH": "2 3"}


@dataclass(frozen=True)
class Case:
    """One pair: what goes in, what libvirt makes of it, and where."""

    name: str
    source: Path
    flags: list[str] = field(default_factory=list)
    arch: str = ""  # of the capabilities file
    version: str = ""
    gic: frozenset[str] = frozenset()
    new: bool = False  # parsed as a definition that may still change
    macos: bool = False
    suffix: str = ""
    settings: frozenset[str] = frozenset()

    @property
    def given(self) -> Path:
        """The document that goes in."""
        return self.source / "tests/qemuxml2argvdata" / f"{self.name}.xml"

    @property
    def expected(self) -> Path:
        """The document that comes out."""
        folder = self.source / "tests/qemuxml2xmloutdata"
        special = folder / f"{self.name}-inactive{self.suffix}.xml"
        return special if special.exists() else folder / f"{self.name}{self.suffix}.xml"


def cases(source: Path) -> Iterator[Case]:
    """Yield the pairs that define a domain; a pair that is asked for twice comes once."""
    text = (source / "tests/qemuxml2xmltest.c").read_text()
    text = text[text.index('DO_TEST_NOCAPS("minimal")') - 4 :]
    settings: set[str] = set()
    seen = set()
    steps = [*_CALL.finditer(text), *_SETTING.finditer(text), *_ENVIRONMENT.finditer(text)]
    for step in sorted(steps, key=lambda match: match.start()):
        if step.re is _SETTING:
            (settings.add if step[2] == "true" else settings.discard)(step[1])
        elif step.re is _ENVIRONMENT:
            settings = {each for each in settings if not each.startswith(f"{step[2]}=")}
            settings |= set() if step[1] else {f"{step[2]}={step[3]}"}
        else:
            case = _case(source, step[1], step[2], frozenset(settings))
            key = (case.name, case.gic, case.suffix)
            if case.expected.exists() and key not in seen:
                seen.add(key)
                yield case


def _case(source: Path, macro: str, words: str, settings: frozenset[str]) -> Case:
    arguments = [word.strip().strip('"') for word in words.split(",")]
    name, rest = arguments[0], arguments[1:]
    arch, version = "", ""
    if macro in {"DO_TEST_CAPS_ARCH_LATEST", "DO_TEST_CAPS_ARCH_LATEST_FULL"}:
        arch, version = rest[0], "latest"
    elif macro == "DO_TEST_CAPS_LATEST":
        arch, version = "x86_64", "latest"
    elif macro == "DO_TEST_CAPS_VER":
        arch, version = "x86_64", rest[0]
    elif macro == "DO_TEST_CAPS_ARCH_VER":
        arch, version = rest[:2]
    gic = next((rest[number + 1] for number, word in enumerate(rest) if word == "ARG_GIC"), "GIC_NONE")
    flags = [word for word in rest if word.startswith("QEMU_CAPS_") and word != "QEMU_CAPS_LAST"]
    return Case(
        name=name,
        source=source,
        flags=flags,
        arch=arch,
        version=version,
        gic=frozenset(_GIC[gic].split()),
        new="VIR_DOMAIN_DEF_PARSE_ABI_UPDATE" in rest,
        macos=macro == "DO_TEST_MACOS",
        suffix=f".{arch}-{version}" if arch else "",
        settings=settings,
    )
