"""libvirt's pairs of domains that no emulator fills in: those of every driver, and containers."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from virtkit.fake.fill import checks, defining, reading

from .objects import judge
from .report import Report

if TYPE_CHECKING:
    from pathlib import Path

    from lxml import etree

_GENERIC = re.compile(r'^    DO_TEST(_DIFFERENT|_FAIL_ACTIVE|_FAIL_INACTIVE|)\("([^"]+)"', re.MULTILINE)
_CONTAINER = re.compile(r'^    DO_TEST(_DIFFERENT|)\("([^"]+)"', re.MULTILINE)


def _define(personality: str, xml: str) -> etree._Element:
    parts = reading.read_parts(xml, new=False)
    checks.check(parts, personality)
    defining.fill(parts.tree, personality, new=False)
    return parts.tree


def generic(source: Path) -> Report:
    """Return the report on what all drivers have in common, which the test driver shows bare."""
    folder, out = source / "tests/genericxml2xmlindata", source / "tests/genericxml2xmloutdata"
    text = (source / "tests/genericxml2xmltest.c").read_text()
    results = []
    for kind, name in _GENERIC.findall(text):
        given = folder / f"{name}.xml"
        expected = None if "FAIL" in kind else out / given.name if kind else given
        results.append(judge(name, given, expected, partial(_define, "generic")))
    return Report("generic", results)


def containers(source: Path) -> Report:
    """Return the report on containers."""
    tests = source / "tests"
    results = []
    for kind, name in _CONTAINER.findall((tests / "lxcxml2xmltest.c").read_text()):
        given = tests / f"lxcxml2xmldata/lxc-{name}.xml"
        expected = tests / f"lxcxml2xmloutdata/lxc-{name}.xml" if kind else given
        results.append(judge(name, given, expected, partial(_define, "qemu")))
    return Report("containers", results)
