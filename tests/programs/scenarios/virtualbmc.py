"""virtualbmc (PyPI): a baseboard management controller for a domain. Power, boot device, reset."""

from __future__ import annotations

import libvirt
from virtualbmc.vbmc import VirtualBMC

from tests.programs.scenarios.telling import attempt, say, small, uri


class Bmc(VirtualBMC):
    """Without the network side."""

    def __init__(self, name: str) -> None:
        self.domain_name = name
        self._conn_args = {"uri": uri(), "sasl_username": None, "sasl_password": None}


def main() -> None:
    """Everything that a controller can be asked for, in every power state."""
    conn = libvirt.open(uri())
    domain = conn.defineXML(small(conn))
    bmc = Bmc("web")
    for step in ("off", "on"):
        for call in (
            "get_power_state", "get_boot_device", "power_on", "power_on", "get_power_state", "pulse_diag",
            "power_reset", "power_shutdown", "get_power_state", "power_off", "power_off",
        ):  # fmt: skip
            attempt(f"{step}: {call}", getattr(bmc, call))
            say("state", domain.state())
    for device in ("network", "hd", "optical", "bogus"):
        attempt(f"set_boot_device {device}", bmc.set_boot_device, device)
        attempt("get_boot_device", bmc.get_boot_device)
    domain.create()
    attempt("set_boot_device while on", bmc.set_boot_device, "network")
    attempt("get_boot_device while on", bmc.get_boot_device)
    bmc.power_off()
    attempt("get_boot_device after", bmc.get_boot_device)
    missing = Bmc("nobody")
    for call in ("get_power_state", "power_on", "get_boot_device"):
        attempt(f"nobody: {call}", getattr(missing, call))


main()
