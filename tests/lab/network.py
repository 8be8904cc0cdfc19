"""The lab's network: one bridge, and one cable from it into each host."""

from __future__ import annotations

import json
from dataclasses import dataclass

from .shell import LabError, run

LABS = range(200)


@dataclass(frozen=True)
class Network:
    """The network of lab `number`: its names and addresses all follow from the number."""

    number: int

    @property
    def bridge(self) -> str:
        """The bridge in the machine's own namespace."""
        return f"vklab{self.number}"

    @property
    def gateway(self) -> str:
        """The address of the machine itself."""
        return f"10.78.{self.number}.254"

    def address(self, index: int) -> str:
        """The address of host `index`, counted from 0."""
        return f"10.78.{self.number}.{index + 1}"

    def cable(self, host: str) -> str:
        """The bridge's end of a host's cable."""
        return f"{self.bridge}-{host}"

    def device(self, host: str) -> str:
        """The host's end of its cable, until the host names it eth0."""
        return f"{self.cable(host)}-in"

    def plug(self, host: str, pid: int) -> None:
        """Lay a host's cable into the network namespace of process `pid`."""
        other_end = ("peer", "name", self.device(host), "netns", str(pid))
        run("ip", "link", "add", self.cable(host), "type", "veth", *other_end)
        run("ip", "link", "set", self.cable(host), "master", self.bridge, "up")

    def remove(self) -> None:
        """Remove the cables and the bridge, as far as they are there."""
        for link in json.loads(run("ip", "-json", "link")):
            name = link["ifname"]
            if name == self.bridge or name.startswith(f"{self.bridge}-"):
                run("ip", "link", "delete", name, check=False)


def claim() -> Network:
    """Make the bridge of the first free number. The kernel gives each name once, so two labs never share."""
    present = run("ip", "-4", "-oneline", "addr")
    reason = "all numbers are taken"
    for number in LABS:
        network = Network(number)
        if f" 10.78.{number}." in present:
            continue
        try:
            run("ip", "link", "add", network.bridge, "type", "bridge")
        except LabError as error:
            reason = str(error)
            if "exists" in reason:
                continue
            break
        run("ip", "addr", "add", f"{network.gateway}/24", "dev", network.bridge)
        run("ip", "link", "set", network.bridge, "up")
        return network
    raise LabError(f"no network for the lab: {reason}")
