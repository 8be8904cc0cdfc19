"""sushy-tools (PyPI): Redfish for domains, by its libvirt driver. Power, boot, memory, NICs, disks, media."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import libvirt
from sushy_tools.emulator.resources.systems.libvirtdriver import LibvirtDriver

from tests.programs.scenarios.telling import attempt, say, small, uri

UUID = "11111111-2222-3333-4444-000000000001"
QUESTIONS = """uuid name get_power_state get_total_memory get_total_cpus get_nics get_boot_device
    get_boot_mode get_bios get_versions get_processors get_simple_storage_collection"""
STATES = "On ForceOn Nmi GracefulRestart ForceRestart GracefulShutdown ForceOff On".split()  # noqa: SIM905


def main() -> None:
    """What Redfish clients ask for."""
    conn = libvirt.open(uri())
    domain = conn.defineXML(small(conn))
    quiet = logging.getLogger("sushy")
    quiet.setLevel(logging.CRITICAL)
    pools = [pool.name() for pool in conn.listAllStoragePools()]
    config = {"SUSHY_EMULATOR_STORAGE_POOL": pools[0] if pools else "default"}
    driver = LibvirtDriver.initialize(config, quiet, uri())()
    say("systems", UUID in driver.systems)
    for call in QUESTIONS.split():
        attempt(call, getattr(driver, call), UUID)
    attempt("nobody", driver.get_power_state, "99999999-2222-3333-4444-000000000001")
    attempt("by name", driver.uuid, "web")
    for state in STATES:
        attempt(f"set_power_state {state}", driver.set_power_state, UUID, state)
        say("state", domain.state())
    attempt("force off", driver.set_power_state, UUID, "ForceOff")
    for device in ("Pxe", "Hdd", "Cd", "Floppy"):
        attempt(f"set_boot_device {device}", driver.set_boot_device, UUID, device)
        attempt("get_boot_device", driver.get_boot_device, UUID)
    for mode in ("UEFI", "Legacy"):
        attempt(f"set_boot_mode {mode}", driver.set_boot_mode, UUID, mode)
        attempt("get_boot_mode", driver.get_boot_mode, UUID)
    attempt("set_bios", driver.set_bios, UUID, {"BootMode": "Uefi", "NicBoot1": "NetworkBoot"})
    attempt("get_bios", driver.get_bios, UUID)
    attempt("reset_bios", driver.reset_bios, UUID)
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "boot.iso"
        image.write_bytes(b"CD001" * 1000)
        for device in ("Cd", "Floppy"):
            attempt(f"set_boot_image {device}", driver.set_boot_image, UUID, device, str(image))
            attempt("get_boot_image", lambda device=device: driver.get_boot_image(UUID, device)[1])
            attempt(f"no boot image {device}", driver.set_boot_image, UUID, device, None)
    data = {
        "Id": "1",
        "Name": "data",
        "CapacityBytes": 1 << 20,
        "VolumeType": "raw",
        "libvirtVolName": "data.img",
        "libvirtPoolName": config["SUSHY_EMULATOR_STORAGE_POOL"],
    }
    attempt("create volume", driver.find_or_create_storage_volume, data)
    attempt("find volume", driver.find_or_create_storage_volume, data)


main()
