"""Rendering a domain of some 60 lines: virtkit against what else writes the same XML.

    python benchmarks/bench_render.py [--rounds N]

All contestants write the same document (checked before measuring). "plain Jinja2" has a template made for
just this document, and is given everything; virtkit's can write any domain, and it fills in what the spec
leaves unsaid; "our templates" is Jinja2 as it comes on those. They take turns in one run, in a new
order each round; a ratio is the median over the rounds of the ratio within each round. virtinst needs
Debian's package ``virtinst``, and is measured in the Python that has it; where it is missing that is said.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree  # noqa: ICN001 - its full name is what is compared

import jinja2
from lxml import builder, etree

from virtkit import DomainSpec, model, tree
from virtkit.rendering import render
from virtkit.rendering.escape import FILTERS
from virtkit.rendering.places import Loader

HERE = Path(__file__).parent
LOOPS = 100

SPEC = DomainSpec(
    name="web1",
    title="Web server of the R&D department",
    type="kvm",
    arch="x86_64",
    machine="q35",
    memory="4GiB",
    vcpus=4,
    cpu="host-passthrough",
    disks=[
        {"source": f"/srv/images/web1-{letter}.qcow2", "cache": "none", "serial": f"web1-{letter}"}
        for letter in "abc"
    ],
    interfaces=[
        {"network": network, "mac": f"52:54:00:12:34:5{number}"}
        for number, network in enumerate(["default", "storage"])
    ],
    serial="pty",
    console="pty",
    graphics="vnc",
    video="virtio",
    rng=True,
)

# The same document as one would write it by hand for plain Jinja2: all that it needs is given.
PLAIN = """\
<domain type='{{ d.type }}'>
  <name>{{ d.name }}</name>
  <title>{{ d.title }}</title>
  <memory unit='KiB'>{{ d.memory // 1024 }}</memory>
  <vcpu placement='static'>{{ d.vcpus.count }}</vcpu>
  <os>
    <type arch='{{ d.arch }}' machine='{{ d.machine }}'>{{ d.os_type }}</type>
  </os>
  <features>
    {% if d.features.acpi %}
    <acpi/>
    {% endif %}
    {% if d.features.apic %}
    <apic/>
    {% endif %}
  </features>
  <cpu mode='{{ d.cpu.mode }}'/>
  <clock offset='utc'/>
  <devices>
    {% for disk in d.disks %}
    <disk type='{{ disk.type }}' device='{{ disk.device }}'>
      <driver name='{{ disk.driver }}' type='{{ disk.format }}' cache='{{ disk.cache }}'/>
      <source file='{{ disk.source }}'/>
      <target dev='{{ disk.target }}' bus='{{ disk.bus }}'/>
      <serial>{{ disk.serial }}</serial>
    </disk>
    {% endfor %}
    {% for interface in d.interfaces %}
    <interface type='{{ interface.type }}'>
      <source network='{{ interface.network }}'/>
      <mac address='{{ interface.mac }}'/>
      <model type='{{ interface.model }}'/>
    </interface>
    {% endfor %}
    {% for port in d.serial %}
    <serial type='{{ port.type }}'/>
    {% endfor %}
    {% for port in d.console %}
    <console type='{{ port.type }}'/>
    {% endfor %}
    {% for channel in d.channels %}
    <channel type='{{ channel.type }}'>
      <target type='{{ channel.target_type }}' name='{{ channel.name }}'/>
    </channel>
    {% endfor %}
    {% for graphics in d.graphics %}
    <graphics type='{{ graphics.type }}' autoport='yes'/>
    {% endfor %}
    {% for video in d.video %}
    <video>
      <model type='{{ video.model }}'/>
    </video>
    {% endfor %}
    {% for rng in d.rng %}
    <rng model='{{ rng.model }}'>
      <backend model='{{ rng.backend }}'>{{ rng.source }}</backend>
    </rng>
    {% endfor %}
  </devices>
</domain>
"""

Contestant = Callable[[int], float]


def timed(function: Callable[[], object]) -> Contestant:
    """Return a contestant: how many seconds so many calls of *function* take."""

    def run(loops: int) -> float:
        began = time.perf_counter()
        for _ in range(loops):
            function()
        return time.perf_counter() - began

    return run


def plain_jinja() -> Callable[[], str]:
    """Return a function that renders PLAIN."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(PLAIN)
    domain = SPEC.completed
    return lambda: template.render(d=domain)


def same_templates() -> Callable[[], str]:
    """Return a function that renders virtkit's own templates with Jinja2 as it comes."""
    environment = jinja2.Environment(
        loader=Loader([]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    template = environment.get_template("domain.xml.j2")
    return lambda: template.render(domain=SPEC)


def straight_line(root: etree._Element, call: str, end: str) -> Callable[[], str]:
    """Return a function that builds *root* element by element, as one would write it by hand."""
    lines = ["def build():"]
    names: dict[etree._Element, str] = {}
    for number, element in enumerate(root.iter()):
        names[element] = f"e{number}"
        parent = element.getparent()
        made = "Element(" if parent is None else f"SubElement({names[parent]}, "
        lines.append(f"    e{number} = {call}{made}{str(element.tag)!r}, {dict(element.attrib)!r})")
        if element.text and element.text.strip():
            lines.append(f"    e{number}.text = {element.text!r}")
    space = {"ElementTree": ElementTree, "etree": etree}
    exec("\n".join([*lines, f"    return {end}"]), space)
    build: Callable[[], str] = space["build"]  # type: ignore[assignment]
    return build


def with_builder(root: etree._Element) -> Callable[[], str]:
    """Return a function that builds *root* with lxml.builder, in one expression."""

    def expression(element: etree._Element) -> str:
        parts = [repr(element.text)] if element.text and element.text.strip() else []
        parts += [expression(child) for child in element]
        if element.attrib:
            parts.append(repr(dict(element.attrib)))
        return f"E.{element.tag!s}({', '.join(parts)})"

    source = f"lambda: etree.tostring({expression(root)}, pretty_print=True, encoding='unicode')"
    build: Callable[[], str] = eval(source, {"E": builder.E, "etree": etree})
    return build


class Virtinst:
    """virtinst, in a process of the Python that has it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["/usr/bin/python3", str(HERE / "_virtinst_worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        first = self._answer()
        if not first:
            assert self.process.stderr is not None
            raise LookupError(self.process.stderr.read().strip().splitlines()[-1])
        self.lines = json.loads(first).count("\n")

    def __call__(self, loops: int) -> float:
        """Return how many seconds so many documents take."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{loops}\n")
        self.process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


def contestants() -> dict[str, Contestant]:
    """Return everyone who is measured here, after a look at what each writes."""
    text = render(SPEC)
    root = tree.parse(text)
    print(f"a domain of {text.count(chr(10))} lines, {len(text)} characters; µs for each document\n")
    functions: dict[str, Callable[[], str]] = {
        "plain Jinja2": plain_jinja(),
        "plain Jinja2, our templates": same_templates(),
        "virtkit": lambda: render(SPEC),
        "virtkit, in the sandbox": lambda: render(SPEC, trusted=False, validate=False),
        "virtkit, checked by schema": lambda: render(SPEC, validate=True),
        "xml.etree": straight_line(
            root, "ElementTree.", "(ElementTree.indent(e0), ElementTree.tostring(e0, encoding='unicode'))[1]"
        ),
        "lxml SubElement": straight_line(
            root, "etree.", "etree.tostring(e0, pretty_print=True, encoding='unicode')"
        ),
        "lxml.builder": with_builder(root),
    }
    if not model.schema_available():
        del functions["virtkit, checked by schema"]
    for name, function in functions.items():
        if not tree.equal(tree.parse(function()), root):
            sys.exit(f"{name} writes another document:\n{function()}\nvirtkit writes:\n{text}")
    return {name: timed(function) for name, function in functions.items()}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    runs = contestants()
    try:
        runs["virtinst"] = Virtinst()
    except (OSError, LookupError) as error:
        print(f"virtinst is not measured: {error} (Debian: apt install virtinst)\n")
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name in random.sample(list(runs), len(runs)):
            loops = LOOPS if name != "virtinst" else 4
            times[name].append(runs[name](loops) / loops * 1e6)
    report(times)


def report(times: dict[str, list[float]]) -> None:
    """Print times and ratios."""

    def ratio(name: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(times[name], times[other], strict=True))

    print(f"{'':28}{'median':>9}{'best':>9}   time / plain Jinja2   time / virtkit")
    for name, measured in times.items():
        print(
            f"{name:28}{statistics.median(measured):9.1f}{min(measured):9.1f}"
            f"{ratio(name, 'plain Jinja2'):22.2f}{ratio(name, 'virtkit'):17.2f}"
        )
    print(f"\nvirtkit takes {ratio('virtkit', 'plain Jinja2'):.2f} times as long as plain Jinja2 (goal: 3)")
    if "virtinst" in times:
        print(f"virtkit is {ratio('virtinst', 'virtkit'):.1f} times as fast as virtinst (goal: 20 at least)")


if __name__ == "__main__":
    main()
