"""virt-lightning (PyPI): quick machines. Pool, network with DHCP, disks, domains with metadata."""

from __future__ import annotations

import ipaddress
import pathlib
import tempfile

import libvirt
from virt_lightning.virt_lightning import LibvirtDomain, LibvirtHypervisor

from tests.programs.scenarios.telling import attempt, say, uri

FIELDS = {
    "memory": 512,
    "vcpus": 2,
    "username": "ann",
    "fqdn": "one.example",
    "root_password": "secret",
    "python_interpreter": "/usr/bin/python3",
}


def main() -> None:
    """A hypervisor made ready, a machine made, configured, started, and cleaned up."""
    conn = libvirt.open(uri())
    hypervisor = LibvirtHypervisor(conn)
    LibvirtHypervisor.kvm_binary = property(lambda _self: pathlib.Path("/usr/bin/qemu-kvm"))
    attempt("domain_type", lambda: hypervisor.domain_type in {"kvm", "qemu", "test", "hvm"})
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "upstream").mkdir()
        attempt("create_storage_pool", hypervisor.create_storage_pool, "lightning", pathlib.Path(folder))
        hypervisor.storage_pool_obj = conn.storagePoolLookupByName("lightning")
        if not hypervisor.storage_pool_obj.isActive():
            attempt("start pool", hypervisor.storage_pool_obj.create)
        attempt("init_network", hypervisor.init_network, "lightning", "192.168.123.0/24")
        say("gateway", str(hypervisor.gateway))
        attempt("disk", hypervisor.create_disk, "one", 1)
        again = "<volume><name>one.qcow2</name><capacity>1</capacity></volume>"
        attempt("same disk", lambda: hypervisor.storage_pool_obj.createXML(again))
        domain = attempt("create_domain", hypervisor.create_domain, "one", "debian-12")
        if domain is None:
            return
        one = LibvirtDomain(conn.lookupByName("one"))
        for field, value in FIELDS.items():
            attempt(f"set {field}", lambda field=field, value=value: setattr(one, field, value))
            attempt(f"get {field}", lambda field=field: getattr(one, field))
        attempt("ipv4", lambda: str(hypervisor.get_free_ipv4()))
        attempt("set ipv4", lambda: setattr(one, "ipv4", ipaddress.ip_interface("192.168.123.7/24")))
        attempt("distro", lambda: one.distro)
        attempt("attach_network", one.attach_network, "lightning", "52:54:00:aa:bb:cc")
        attempt("dns", hypervisor.set_dns_entry, ipaddress.ip_interface("192.168.123.7/24"), ["one"])
        attempt(
            "dhcp", hypervisor.set_dhcp_entry, ipaddress.ip_interface("192.168.123.7/24"), "52:54:00:aa:bb:cc"
        )
        attempt(
            "network", lambda: conn.networkLookupByName("lightning").XMLDesc(0).count("52:54:00:aa:bb:cc")
        )
        attempt("listing", lambda: sorted(each.name for each in hypervisor.list_domains()))
        attempt("start", one.dom.create)
        attempt("state", one.dom.state)
        attempt("clean_up", hypervisor.clean_up, one)
        attempt("gone", hypervisor.get_domain_by_name, "one")


main()
