"""`python -m tests.lab demo`: virtkit's demo on two real hosts, told by the guest's own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import virtkit
from virtkit.cli import demo

from .lab import Lab
from .shell import LabError
from .ticks import Tick, TickLog, longest_gap, longest_silence, missing, repeated

if TYPE_CHECKING:
    from virtkit.host import Domain

NAME = "ticking"


def run() -> None:
    """Start a lab, take a guest through its life on it, and take the lab down."""
    print("Starting two libvirt hosts ...")
    with Lab.up() as lab:
        here, there = lab.hosts
        print(f"  {here.uri}\n  {there.uri}")
        print("Building the guest's image, unless it is in the cache ...")
        image = lab.images.x86
        ticks = TickLog(lab.tick_file(NAME))

        def render() -> str:
            return virtkit.render(
                "linux",
                name=NAME,
                type="qemu",
                memory="192MiB",
                vcpus=1,
                kernel=str(image.kernel),
                initrd=str(image.initrd),
                cmdline=image.cmdline,
                console_log=str(ticks.path),
            )

        print("The guest prints a numbered tick every 0.2 s. What its clock saw:\n")
        saved = str(lab.shared / "demo.save")
        try:
            with virtkit.connect(here.uri) as host, virtkit.connect(there.uri) as other, ticks.watched():
                for connection in (host, other):
                    connection.capabilities()  # a new libvirtd examines its QEMUs first, which takes 2 s
                demo.run(host, render, migrate_to=other, save_path=saved, on_step=Witness(ticks))
        except virtkit.VirtkitError as error:
            raise LabError(str(error)) from error


class Witness:
    """Prints a line for each step of the demo: the step, and the guest's ticks since the step before."""

    def __init__(self, ticks: TickLog) -> None:
        self._ticks = ticks
        self._before: Tick | None = None

    def __call__(self, step: demo.Step, _domain: Domain | None) -> None:
        """Look at the guest after a step."""
        print(
            f"{step.name:13} {step.outcome:7} {step.seconds:6.2f} s  {step.state or '':20}  {self._saw(step)}"
        )
        if step.outcome == "skipped":
            print(f"{'':13} {step.detail}")
        self._before = self._ticks.last()

    def _saw(self, step: demo.Step) -> str:
        if step.state is None:
            return ""
        if not step.state.startswith("running"):
            return self._stillness()
        self._ticks.wait_for_next(3)
        if self._before is None:
            first, *_ = self._ticks.ticks()
            return f"first tick {first.uptime:.1f} s after the kernel's start"
        seen = self._ticks.since(self._before)
        lost = f", MISSING {missing(seen)}" if missing(seen) else ""
        twice = f", TWICE {repeated(seen)}" if repeated(seen) else ""
        gap = f"longest gap {longest_gap(seen):.2f} s by its own clock"
        if step.name.startswith("migrate"):  # else what stood still was the guest, not its host
            gap += f", {longest_silence(seen):.2f} s from outside"
        return f"ticks {seen[0].number} to {seen[-1].number}{lost}{twice}, {gap}"

    def _stillness(self) -> str:
        if not self._ticks.stands_still(0.6):
            return "TICKS GO ON"
        last = self._ticks.last()
        return f"no ticks; the last was {last.number}" if last else "no ticks"
